import IngotCore

/// The keys of `workflows` in `ingot.yml`.
private enum WorkflowKeys {
    static let concurrencyMax = Key(
        "max_concurrency",
        .integer(1...10_000),
        default: 8,
        written: "8",
        "How many tasks of all executions run at once."
    )
    static let express = Key(
        "express",
        ValueType<[Located<String>]>.list(of: ValueType<String>.identifier.located),
        "The workflows that are Express workflows: their executions are kept in memory only."
    )
    static let bindings = Key(
        "bindings",
        ValueType<[(name: Located<String>, value: TaskBinding.Action)]>.map(from: .resourceName, to: .taskAction),
        "What stands for the resources of tasks. A resource is `glue:<job>`, `lambda:<function>`, "
            + "`states:<machine>`, `activity:<name>`, `http:<endpoint>`, `sns:<topic>`, `sqs:<queue>`, `events:<bus>`, "
            + "`s3:<bucket>`, `dynamodb:<table>`, or the `Resource` as it is written, without "
            + "`.sync` and the like; `*` stands for any text."
    )
    static let starts = Key(
        "starts",
        ValueType<[StartRule]>.starts,
        "What starts executions while `ingot serve` runs, by names that are chosen freely."
    )
    static let tables = Key(
        "tables",
        ValueType<[(name: Located<String>, value: TableKey)]>.map(from: .fieldName, to: .tableKey),
        "The tables of DynamoDB that the project keeps in its state: tasks read, write, update and delete their items."
    )
    static let buckets = Key(
        "buckets",
        ValueType<[(name: Located<String>, value: Template)]>.map(from: .fieldName, to: .insidePath),
        "The folders that stand for buckets: Map states read items from them and write results to them, and tasks read, "
            + "write, copy, delete and list their objects."
    )
}

extension ValueType where Value == WorkflowSettings {
    static let workflows = object(
        "workflows",
        "How the workflows of the project run.",
        keys: [
            WorkflowKeys.concurrencyMax.shape, WorkflowKeys.express.shape, WorkflowKeys.bindings.shape,
            WorkflowKeys.buckets.shape, WorkflowKeys.tables.shape, WorkflowKeys.starts.shape,
        ]
    ) { reader in
        let bindings = reader.value(WorkflowKeys.bindings) ?? []
        let buckets = reader.value(WorkflowKeys.buckets) ?? []
        let tables = reader.value(WorkflowKeys.tables) ?? []
        return WorkflowSettings(
            concurrencyMax: reader.defaulted(WorkflowKeys.concurrencyMax),
            express: reader.value(WorkflowKeys.express) ?? [],
            bindings: bindings.map { TaskBinding(resource: $0.name, action: $0.value) },
            buckets: Dictionary(buckets.map { ($0.name.value, $0.value) }) { $1 },
            tables: Dictionary(tables.map { ($0.name.value, $0.value) }) { $1 },
            starts: reader.value(WorkflowKeys.starts) ?? []
        )
    }
}

extension ValueType where Value == String {
    /// What tasks ask for.
    fileprivate static let resourceName = ValueType<String>(
        .scalar(label: "resource", schema: ["type": "string", "examples": ["glue:job", "lambda:function"]]),
        parse: fieldName.parse
    )
}

/// The keys of a table.
private enum TableKeys {
    static let partition = Key.required(
        "partition_key",
        ValueType<String>.fieldName,
        "The attribute that is the partition key."
    )
    static let sort = Key(
        "sort_key",
        ValueType<String>.fieldName,
        "The attribute that is the sort key, if there is one."
    )
}

extension ValueType where Value == TableKey {
    fileprivate static let tableKey = object(
        "table",
        "A table that stands for one of DynamoDB.",
        keys: [TableKeys.partition.shape, TableKeys.sort.shape]
    ) { reader in
        let sort = reader.value(TableKeys.sort)
        return reader.value(TableKeys.partition).map { TableKey(partition: $0, sort: sort) }
    }
}

/// The keys of a binding.
private enum BindingKeys {
    static let pipeline = Key("pipeline", ValueType<String>.identifier.located, "A pipeline takes in what waits.")
    static let model = Key(
        "model",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.identifier.located),
        "A model, or several, are computed with what changed."
    )
    static let load = Key(
        "load",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.identifier.located),
        "A load, or several one after the other, bring what changed into another database."
    )
    static let sql = Key<String>("sql", .text, "A query that reads the tables; its rows are the result.")
    static let command = Key(
        "command",
        ValueType<[Template]>.list(of: .withSecrets, atLeast: 1),
        "A program and its arguments, run in the project folder. The input of the task is its standard input, JSON on "
            + "its standard output the result; another exit status than 0 is a failure, with the standard error as "
            + "its cause."
    )
    static let variables = Key(
        "variables",
        ValueType<[(name: Located<String>, value: Template)]>.map(from: .identifier, to: .withSecrets),
        "`command`: environment variables that the program gets beside its own."
    )
    static let http = Key<Template>("http", .withSecrets, "The address that gets the input as JSON.")
    static let headers = Key(
        "headers",
        ValueType<[(name: Located<String>, value: Template)]>.map(from: .fieldName, to: .withSecrets),
        "`http`: headers of the request."
    )
    static let workflow = Key("workflow", ValueType<String>.identifier.located, "Another workflow of the project.")

    static let check = Key(
        "check",
        ValueType<String>.identifier.located,
        "A check is judged, and tells whom it names; where it fails, so does the task, with `Ingot.CheckFailed`."
    )
    static let notification = Key(
        "notification",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.identifier.located),
        "Targets of `notifications` are told: the `Subject` and `Message` of the input, or all of it as JSON."
    )

    static let actions = [
        "pipeline", "model", "load", "sql", "command", "http", "workflow", "check", "notification",
    ]
}

extension ValueType where Value == TaskBinding.Action {
    fileprivate static let taskAction = object(
        "binding",
        "What is done where a task asks for a resource: one of `pipeline`, `model`, `load`, `sql`, `command`, "
            + "`http`, `workflow`, `check` and `notification`.",
        keys: [
            BindingKeys.pipeline.shape, BindingKeys.model.shape, BindingKeys.load.shape, BindingKeys.sql.shape,
            BindingKeys.command.shape, BindingKeys.variables.shape, BindingKeys.http.shape, BindingKeys.headers.shape,
            BindingKeys.workflow.shape, BindingKeys.check.shape, BindingKeys.notification.shape,
        ]
    ) { reader in
        let isGiven = [
            reader.isMeant(BindingKeys.pipeline), reader.isMeant(BindingKeys.model), reader.isMeant(BindingKeys.load),
            reader.isMeant(BindingKeys.sql), reader.isMeant(BindingKeys.command), reader.isMeant(BindingKeys.http),
            reader.isMeant(BindingKeys.workflow),
            reader.isMeant(BindingKeys.check), reader.isMeant(BindingKeys.notification),
        ]
        let variables = named(reader.value(BindingKeys.variables))
        let headers = named(reader.value(BindingKeys.headers))
        let actions: [TaskBinding.Action] = [
            reader.value(BindingKeys.pipeline).map { .pipeline($0) },
            reader.value(BindingKeys.model).map { .models($0) },
            reader.value(BindingKeys.load).map { .loads($0) },
            reader.value(BindingKeys.sql).map { .sql($0) },
            reader.value(BindingKeys.command).map { .command(arguments: $0, variables: variables) },
            reader.value(BindingKeys.http).map { .http(url: $0, headers: headers) },
            reader.value(BindingKeys.workflow).map { .workflow($0) },
            reader.value(BindingKeys.check).map { .check($0) },
            reader.value(BindingKeys.notification).map { .notification($0) },
        ].compactMap(\.self)
        if isGiven.count(where: \.self) != 1 {
            reader.reading.error(
                .conflictingKeys,
                "a binding needs exactly one of \(BindingKeys.actions.joined(separator: ", "))",
                at: reader.location
            )
        }
        if reader.has(BindingKeys.variables), !reader.isMeant(BindingKeys.command) {
            reader.conflict(BindingKeys.variables, "\"variables\" goes with \"command\"")
        }
        if reader.has(BindingKeys.headers), !reader.isMeant(BindingKeys.http) {
            reader.conflict(BindingKeys.headers, "\"headers\" goes with \"http\"")
        }
        return actions.first
    }

    private static func named(_ entries: [(name: Located<String>, value: Template)]?) -> [String: Template] {
        Dictionary((entries ?? []).map { ($0.name.value, $0.value) }) { $1 }
    }
}
