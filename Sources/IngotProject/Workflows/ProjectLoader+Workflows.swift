import IngotCore
import JSONTree
import StatesLanguage

extension ProjectLoader {
    /// How a workflow's file may end.
    private static let suffixes = [".asl.json", ".asl.yml", ".asl.yaml"]

    /// Reads a workflow's file; `nil` after an error was reported.
    mutating func workflow(_ path: String, express: Set<String>) -> Workflow? {
        guard let suffix = Self.suffixes.first(where: path.hasSuffix) else {
            ignore(path, "a workflow's file ends in \(Self.suffixes.joined(separator: ", "))")
            return nil
        }
        let name = String(path.split(separator: "/").last?.dropLast(suffix.count) ?? "")
        guard Names.isIdentifier(name) else {
            let message = "the file's name becomes the workflow's: letters, digits, \"_\" and \"-\"; found \"\(name)\""
            let hint = Names.suggestion(for: name).map { $0 + suffix }
            add(.error, IngotError(.invalidName, message, at: SourceLocation(file: path), hint: hint))
            return nil
        }
        guard let reading = reading(path) else { return nil }
        let document = WorkflowDocument(reading, kind: express.contains(name) ? .express : .standard)
        for diagnostic in document.diagnostics { add(diagnostic.severity, diagnostic.error) }
        guard let machine = document.machine, let json = document.json else { return nil }
        return Workflow(
            name: Located(name, at: SourceLocation(file: path, line: 1, column: 1)),
            file: path,
            definition: json.text(),
            machine: machine,
            tasks: document.tasks
        )
    }
}
