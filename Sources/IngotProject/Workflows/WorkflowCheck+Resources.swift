import IngotCore
import StatesLanguage

extension WorkflowCheck {
    /// What is wrong with a task that asks for S3 and has no binding: the folders of `buckets` answer it.
    func bucketProblem(_ task: TaskUse, at place: SourceLocation) -> IngotCore.Diagnostic? {
        guard let action = BucketAction(task.resource) else {
            let known = BucketAction.allCases.map(\.rawValue).joined(separator: ", ")
            return error(
                .unboundResource,
                "the state \"\(task.state)\" asks S3 for \(task.resource.action), which folders do not do: \(known)",
                at: place,
                hint: "in ingot.yml: workflows: {bindings: {\"\(task.target.name)\": {command: [program, argument]}}}"
            )
        }
        if let member = action.unsupportedMember(of: task.arguments) {
            return error(
                .unboundResource,
                "the state \"\(task.state)\" gives \(action.rawValue) a \"\(member)\", which folders do not understand",
                at: place,
                hint: "take it out, or bind \(task.target.name) to a command in ingot.yml"
            )
        }
        guard let bucket = task.target.bucket, settings.buckets[bucket] == nil else { return nil }
        return error(
            .unboundResource,
            "the state \"\(task.state)\" asks for the bucket \"\(bucket)\", for which no folder stands",
            at: place,
            hint: "in ingot.yml: workflows: {buckets: {\"\(bucket)\": folder/}}"
        )
    }
}

extension WorkflowCheck {
    /// What is wrong with a task that asks for DynamoDB and has no binding: the tables of the project answer it.
    func tableProblem(_ task: TaskUse, at place: SourceLocation) -> IngotCore.Diagnostic? {
        guard let action = TableAction(task.resource) else {
            let known = TableAction.allCases.map(\.rawValue).joined(separator: ", ")
            return error(
                .unboundResource,
                "the state \"\(task.state)\" asks DynamoDB for \(task.resource.action), which tables of the project do not "
                    + "do: \(known)",
                at: place,
                hint: "in ingot.yml: workflows: {bindings: {\"\(task.target.name)\": {command: [program, argument]}}}"
            )
        }
        if let member = action.unsupportedMember(of: task.arguments) {
            return error(
                .unboundResource,
                "the state \"\(task.state)\" gives \(action.rawValue) a \"\(member)\", which tables of the project do not "
                    + "understand",
                at: place,
                hint: "take it out, or bind \(task.target.name) to a command in ingot.yml"
            )
        }
        guard let table = task.target.table, settings.tables[table] == nil else { return nil }
        return error(
            .unboundResource,
            "the state \"\(task.state)\" asks for the table \"\(table)\", which the project does not keep",
            at: place,
            hint: "in ingot.yml: workflows: {tables: {\"\(table)\": {partition_key: id}}}"
        )
    }
}

extension TaskTarget {
    /// The bucket that the task names, if it is known before the task runs.
    fileprivate var bucket: String? {
        name(after: "s3:")
    }

    /// The table that the task names, if it is known before the task runs.
    fileprivate var table: String? {
        name(after: "dynamodb:")
    }

    private func name(after prefix: String) -> String? {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
}
