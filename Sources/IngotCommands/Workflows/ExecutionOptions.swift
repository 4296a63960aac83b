import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// The execution that a command is about.
struct ExecutionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The execution: its name, workflow:name, or its ARN.", valueName: "execution"))
    var execution: String

    /// Finds the execution.
    func find(in store: any ExecutionStore) async throws -> StoredExecution {
        let parts = execution.split(separator: ":").map(String.init)
        let name = parts.last ?? execution
        let workflow = parts.count > 1 ? parts[parts.count - 2] : nil
        if let found = try await store.execution(workflow: workflow, name: name) { return found }
        let others = try await store.executions(matching: ExecutionFilter(limit: 1000)).filter { $0.name == name }
        guard workflow == nil, others.count > 1 else {
            throw IngotError(.unknownExecution, "there is no execution \"\(execution)\"", hint: "ingot workflow list")
        }
        let names = others.map { "\($0.workflow):\($0.name)" }
        throw IngotError(
            .unknownExecution,
            "several workflows have an execution \"\(execution)\": \(names.joined(separator: ", "))",
            hint: names.first
        )
    }
}

/// Whether a command drives an execution to its end.
struct WaitOptions: ParsableArguments {
    @Flag(name: .long, help: "Drive the execution to its end, or wait for it where another process drives it.")
    var wait = false

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: Form = .text

    /// How an execution is written.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        /// Its name and status, and its output or error below.
        case text
        /// One line of JSON.
        case json
    }

    /// Drives the execution where that is asked for, and writes how it stands.
    func finish(_ execution: StoredExecution, _ driver: WorkflowDriver, _ console: Console) async throws {
        guard wait else {
            try write(execution, console)
            if output == .text {
                console.message("It is noted and goes on as soon as a process drives it: ingot workflow drive")
            }
            return
        }
        try Self.report(try await driver.drive(execution.id), self, console)
    }

    /// Writes an execution that has ended; one that did not succeed is an error.
    static func report(_ execution: StoredExecution, _ options: WaitOptions, _ console: Console) throws {
        try options.write(execution, console)
        guard execution.status == .succeeded else {
            throw IngotError(
                .executionFailed,
                "\(execution.workflow):\(execution.name) is \(execution.status.rawValue)",
                cause: [execution.error, execution.cause].compactMap(\.self).joined(separator: ": ")
            )
        }
    }

    private func write(_ execution: StoredExecution, _ console: Console) throws {
        switch output {
        case .json: try console.print(execution.json.text())
        case .text:
            try console.print("\(execution.workflow):\(execution.name) \(execution.status.rawValue)")
            if let output = execution.output, let value = try? JSON(parsing: output) {
                try console.print(value.text(.pretty))
            }
            if let error = execution.error { try console.print("error: \(error)") }
            if let cause = execution.cause { try console.print("cause: \(cause)") }
        }
    }
}

extension StoredExecution {
    /// The members of an execution, each where there is one.
    var json: JSON {
        var json: JSONObject = [
            "workflow": .string(workflow), "name": .string(name), "arn": .string(arn),
            "status": .string(status.rawValue), "started": .string(Timestamps.iso(started)),
        ]
        if let ended { json["ended"] = .string(Timestamps.iso(ended)) }
        if let output { json["output"] = (try? JSON(parsing: output)) ?? .null }
        json["error"] = error.map(JSON.string)
        json["cause"] = cause.map(JSON.string)
        return .object(json)
    }
}
