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

    /// The numbers of this file, in order.
    static let workflows: [ErrorCode] = [expressionFailed, invalidDefinition, unusableJSON]
}
