/// A problem of a definition.
public struct Diagnostic: Sendable, Hashable {
    /// How bad a problem is.
    public enum Severity: String, Sendable, Hashable {
        /// The service refuses the definition.
        case error = "ERROR"
        /// The service takes the definition, but it is hardly meant so.
        case warning = "WARNING"
    }

    /// How bad it is.
    public let severity: Severity
    /// The service's code, such as `SCHEMA_VALIDATION_FAILED`.
    public let code: String
    /// What is wrong, in the service's words where they are known.
    public let message: String
    /// What exactly is wrong, where the service's words do not say it.
    public let note: String?
    /// The path of the value in the definition, as in `/States/Choose/Choices[0]/Next`.
    public let location: String?
    /// Where the value stands in the text.
    public let position: SourcePosition
    /// The names of the states around it, the outermost first.
    public let statePath: [String]

    /// Makes a diagnostic.
    public init(
        severity: Severity,
        code: String,
        message: String,
        note: String? = nil,
        location: String?,
        position: SourcePosition,
        statePath: [String] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.note = note
        self.location = location
        self.position = position
        self.statePath = statePath
    }

    /// The code of most problems.
    public static let schemaCode = "SCHEMA_VALIDATION_FAILED"
    /// The code of a machine or branch that cannot end.
    public static let endCode = "MISSING_END_STATE"
    /// The code of an expression that is no JSONata.
    public static let queryCode = "INVALID_JSONATA_EXPRESSION"
    /// The code of an expression with a part that state machines do not have.
    public static let unsupportedQueryCode = "UNSUPPORTED_JSONATA_EXPRESSION"
    /// The code of a warning: a text looks like a path, but its key does not end in `.$`.
    public static let staticPathCode = "NO_DOLLAR"
    /// The code of a warning: a path in a `Result`, which is never computed.
    public static let staticResultCode = "PASS_RESULT_IS_STATIC"
    /// The code of a transition that leads nowhere, and of a state that none leads to.
    public static let transitionCode = "MISSING_TRANSITION_TARGET"
    /// The code of a text that is not JSON.
    public static let syntaxCode = "INVALID_JSON_DESCRIPTION"
}

extension Diagnostic: CustomStringConvertible {
    /// The place, the severity, the message and the path of states, on one line.
    public var description: String {
        let path = statePath.isEmpty ? "" : " (in \(statePath.joined(separator: " / ")))"
        // The words for a text that is not JSON name the place themselves.
        let place = code == Self.syntaxCode ? "" : location.map { " at \($0)" } ?? ""
        let reason = note.map { ": \($0)" } ?? ""
        return "\(position): \(severity.rawValue.lowercased())[\(code)]: \(message)\(reason)\(place)\(path)"
    }
}
