import JSONTree

extension StateMachine {
    /// Parses and checks a definition in JSON.
    ///
    /// - Throws: ``DefinitionError`` with every problem, if one of them is an error.
    public init(parsing text: String, kind: Kind = .standard) throws(DefinitionError) {
        let node: DocumentNode
        do throws(JSONSyntaxError) {
            node = try DocumentNode(parsing: text)
        } catch {
            throw DefinitionError(diagnostics: [error.diagnostic(in: text)], definition: nil)
        }
        try self.init(node, kind: kind)
    }

    /// Checks and compiles a definition that was read from any notation.
    ///
    /// - Throws: ``DefinitionError`` with every problem, if one of them is an error.
    public init(_ document: DocumentNode, kind: Kind = .standard) throws(DefinitionError) {
        let reader = DefinitionReader(kind: kind)
        guard let machine = reader.machine(document) else {
            throw DefinitionError(diagnostics: reader.diagnostics.byPosition, definition: document)
        }
        self = machine
    }

    /// Every problem of a definition in JSON, in the order of the text.
    public static func diagnostics(of text: String, kind: Kind = .standard) -> [Diagnostic] {
        if text.unicodeScalars.allSatisfy({ " \t\n\r".unicodeScalars.contains($0) }) {
            return diagnostics(of: DocumentNode(.null), kind: kind)
        }
        do throws(JSONSyntaxError) {
            return diagnostics(of: try DocumentNode(parsing: text), kind: kind)
        } catch {
            return [error.diagnostic(in: text)]
        }
    }

    /// Every problem of a definition that was read from any notation, in the order of its text.
    public static func diagnostics(of document: DocumentNode, kind: Kind = .standard) -> [Diagnostic] {
        let reader = DefinitionReader(kind: kind)
        _ = reader.machine(document)
        return reader.diagnostics.byPosition
    }
}

extension [Diagnostic] {
    /// The diagnostics in the order of the text; at one place the order in which they were found is kept.
    fileprivate var byPosition: [Diagnostic] {
        enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
    }
}

/// Why a definition is refused.
public struct DefinitionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every problem, warnings included.
    public let diagnostics: [Diagnostic]
    /// The message with which the service refuses to make such a machine.
    public let message: String

    /// The service's code for a refused definition.
    public static let code = "InvalidDefinition"

    init(diagnostics: [Diagnostic], definition: DocumentNode?) {
        self.diagnostics = diagnostics
        let errors = diagnostics.filter { $0.severity == .error }
        if let label = errors.first(where: { $0.code == Diagnostic.labelCode }), let definition {
            message =
                "Error=ValueError Args=[\(PythonText.quoted(label.message))] in definition "
                + "'\(PythonText.json(definition.json))'."
        } else {
            let problems = errors.map { "\($0.code): \($0.message) at \($0.location ?? "null")" }
            message = "Invalid State Machine Definition: '\(problems.joined(separator: ", "))'"
        }
    }

    /// The service's message.
    public var description: String {
        message
    }
}

extension Diagnostic {
    /// The code of a label that is not allowed; the service checks labels apart from everything else.
    static let labelCode = "INVALID_LABEL"
}

extension JSONSyntaxError {
    /// The error as the service's parser words it: for a word that is no JSON with the word, else with ours.
    fileprivate func diagnostic(in text: String) -> Diagnostic {
        let word = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        let source = Self.excerpt(of: text, around: offset)
        var place = "[Source: (String)\"\(source)\"; line: \(line), column: \(column)]"
        var words = message
        if offset == 0, !word.isEmpty {
            place = "[Source: (String)\"\(source)\"; line: 1, column: \(word.count + 1)]"
            words =
                "Unrecognized token '\(word)': was expecting (JSON String, Number, Array, Object or token 'null', "
                + "'true' or 'false')"
        }
        return Diagnostic(
            severity: .error,
            code: Diagnostic.syntaxCode,
            message: "\(words)\n at \(place)",
            location: place,
            position: SourcePosition(line: line, column: column)
        )
    }

    /// The text, or what stands around a place of a long one.
    private static func excerpt(of text: String, around offset: Int) -> String {
        let bytes = text.utf8
        guard bytes.count > 2 * excerptReach else { return text }
        let start = max(0, min(offset, bytes.count) - excerptReach)
        let end = min(bytes.count, offset + excerptReach)
        let part = Array(bytes.dropFirst(start).prefix(end - start))
        // A character that is cut in two is left out.
        let first = part.firstIndex { $0 & 0xC0 != 0x80 } ?? 0
        let words = String(decoding: part[first...], as: UTF8.self).replacing("\u{FFFD}", with: "")
        return (start > 0 ? "..." : "") + words + (end < bytes.count ? "..." : "")
    }

    /// How many bytes before and after its place a syntax error shows.
    private static let excerptReach = 40
}
