import IngotCore

/// What is found while one file is read.
final class Reading {
    let source: SourceText
    private(set) var diagnostics: [Diagnostic] = []

    init(_ source: SourceText) {
        self.source = source
    }

    var hasErrors: Bool {
        diagnostics.contains { $0.severity == .error }
    }

    func error(_ code: ErrorCode, _ message: String, at location: SourceLocation, hint: String? = nil) {
        diagnostics.append(Diagnostic(.error, IngotError(code, message, at: location, hint: hint)))
    }

    func warning(_ code: ErrorCode, _ message: String, at location: SourceLocation, hint: String? = nil) {
        diagnostics.append(Diagnostic(.warning, IngotError(code, message, at: location, hint: hint)))
    }
}
