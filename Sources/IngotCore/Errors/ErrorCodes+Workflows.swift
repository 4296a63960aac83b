extension ErrorCode {
    /// A JSONata expression that has no value.
    public static let expressionFailed = ErrorCode(
        901,
        "a JSONata expression failed",
        cause: "The expression is not well formed, or its evaluation ended with an error; JSONata's code says which.",
        nextStep: "Look up the code in JSONata's documentation; the position counts the expression's characters from 0."
    )
    /// A state machine that is refused.
    public static let invalidDefinition = ErrorCode(
        902,
        "the definition of a state machine is refused",
        cause: "The definition is not well formed JSON, or breaks a rule of the Amazon States Language.",
        nextStep: "Correct what the messages name, each with its line and column."
    )
    /// A file of JSON that cannot be used.
    public static let unusableJSON = ErrorCode(
        903,
        "a JSON file cannot be used",
        cause: "A file that a command was given is not JSON, or not of the form that the command expects.",
        nextStep: "Correct the file at the line and column that the message names."
    )
    /// A task that asks for a resource to which nothing is bound.
    public static let unboundResource = ErrorCode(
        904,
        "a resource is not bound",
        cause: "A task of a workflow asks for a job, a function or another resource of the cloud, and `ingot.yml` does "
            + "not say what stands for it.",
        nextStep: "Write the binding that the message shows under `workflows: {bindings: ...}`; docs/workflows.md says "
            + "what resources can be bound to."
    )
    /// A workflow that the project does not have.
    public static let unknownWorkflow = ErrorCode(
        905,
        "an unknown workflow",
        cause: "The project has no workflow of that name.",
        nextStep: "Name one of the workflows that the message lists."
    )
    /// An execution that does not exist.
    public static let unknownExecution = ErrorCode(
        906,
        "an unknown execution",
        cause: "No execution has that name.",
        nextStep: "`ingot workflow list` lists the executions."
    )
    /// An execution of that name exists, and is not the same.
    public static let executionExists = ErrorCode(
        907,
        "an execution of that name exists",
        cause: "A name is given to one execution of a workflow. To start it again with the same input gives the one "
            + "that runs; one that has ended, or has another input, keeps its name.",
        nextStep: "Choose another name, or leave it out."
    )
    /// An execution that cannot do what is asked in its state.
    public static let executionState = ErrorCode(
        908,
        "the state of the execution does not allow it",
        cause: "Only an execution that runs can be stopped, and only one that ended without success goes on by a "
            + "redrive.",
        nextStep: "`ingot workflow status` shows how the execution stands."
    )
    /// An execution of another interpreter.
    public static let executionUnreadable = ErrorCode(
        909,
        "an execution cannot be brought back",
        cause: "The journal of the execution was written by another version of the interpreter, or is damaged.",
        nextStep: "Finish it with the version of Ingot that started it, or stop it."
    )
    /// An execution that ended without success.
    public static let executionFailed = ErrorCode(
        910,
        "an execution did not succeed",
        cause: "The execution failed, timed out or was stopped; its error and cause are printed with it.",
        nextStep: "`ingot workflow history` shows what happened; `ingot workflow redrive` goes on where it failed."
    )
    /// A start whose input cannot be made.
    public static let startFailed = ErrorCode(
        911,
        "a start of a workflow failed",
        cause: "The `input` of a start in `ingot.yml` holds an expression that cannot be evaluated with what happened.",
        nextStep: "Look at the event in the message, mend the expression, and start the workflow by hand for what was "
            + "missed; `ingot jsonata` tries an expression."
    )

    /// The numbers of this file, in order.
    static let workflows: [ErrorCode] = [
        expressionFailed, invalidDefinition, unusableJSON, unboundResource, unknownWorkflow, unknownExecution,
        executionExists, executionState, executionUnreadable, executionFailed, startFailed,
    ]
}
