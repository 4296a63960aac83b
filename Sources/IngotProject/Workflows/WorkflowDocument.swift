public import IngotCore
public import JSONTree
public import StatesLanguage

/// The text of a definition in JSON or YAML, and what is wrong with it.
public struct WorkflowDocument: Sendable {
    /// Every problem, in the order of the text.
    public let diagnostics: [IngotCore.Diagnostic]
    /// The compiled machine; `nil` where an error forbids it.
    public let machine: StateMachine?
    /// The definition as JSON.
    public let json: JSON?
    let tasks: [TaskUse]

    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - path: What messages call it; one that ends in `.yml` or `.yaml` is YAML.
    ///   - kind: What kind of machine it is.
    public init(_ bytes: [UInt8], path: String, kind: StateMachine.Kind) {
        do throws(IngotError) {
            self.init(try Reading(bytes: bytes, path: path), kind: kind)
        } catch {
            self.init(diagnostics: [IngotCore.Diagnostic(.error, error)])
        }
    }

    init(_ reading: Reading, kind: StateMachine.Kind) {
        let file = reading.source.file
        guard file.hasSuffix(".yml") || file.hasSuffix(".yaml") else {
            let found = StateMachine.diagnostics(of: reading.source.text, kind: kind)
            let node = try? DocumentNode(parsing: reading.source.text)
            self.init(node, kind, found, [], file: file)
            return
        }
        let node = YAMLComposer.compose(reading).map { DocumentNode($0) }
        let found = node.map { StateMachine.diagnostics(of: $0, kind: kind) } ?? []
        if node == nil, !reading.hasErrors {
            reading.error(.invalidDefinition, "the file is empty", at: SourceLocation(file: file, line: 1))
        }
        self.init(node, kind, found, reading.diagnostics, file: file)
    }

    private init(
        _ node: DocumentNode?,
        _ kind: StateMachine.Kind,
        _ found: [StatesLanguage.Diagnostic],
        _ others: [IngotCore.Diagnostic],
        file: String
    ) {
        diagnostics = others + found.map { IngotCore.Diagnostic($0, file: file) }
        let isSound = !diagnostics.contains { $0.severity == .error }
        machine = isSound ? node.flatMap { try? StateMachine($0, kind: kind) } : nil
        json = node?.json
        tasks = node.map { TaskUse.all(in: $0) } ?? []
    }

    private init(diagnostics: [IngotCore.Diagnostic]) {
        (self.diagnostics, machine, json, tasks) = (diagnostics, nil, nil, [])
    }
}

extension IngotCore.Diagnostic {
    /// A problem of a definition as one of the project's files.
    init(_ problem: StatesLanguage.Diagnostic, file: String) {
        let reason = problem.note.map { ": \($0)" } ?? ""
        let path = problem.statePath.isEmpty ? "" : " (in \(problem.statePath.joined(separator: " / ")))"
        let place = problem.location.map { " at \($0)" } ?? ""
        // The service quotes the text after its message about a word that is no JSON.
        let words = problem.message.split(separator: "\n").first.map(String.init) ?? problem.message
        let isSyntax = problem.code == StatesLanguage.Diagnostic.syntaxCode
        self.init(
            problem.severity == .error ? .error : .warning,
            IngotError(
                .invalidDefinition,
                "\(problem.code): \(words)\(reason)\(isSyntax ? "" : place)\(path)",
                at: SourceLocation(file: file, line: problem.position.line, column: problem.position.column)
            )
        )
    }
}
