import DuckDB
import IngotCore
import IngotProject

/// Turns what databases say into errors for users, without what nobody may see.
struct ServingFailure: Sendable {
    /// How much of a database's words is shown.
    private static let lengthMax = 600

    /// The connection.
    let connection: String
    /// What is never shown.
    let secrets: [Secret]

    /// What a database said, as an error; errors of Ingot's own stay.
    func error(_ error: any Error, _ code: ErrorCode, _ message: String, isRetryable: Bool = false) -> any Error {
        if error is IngotError || error is CancellationError { return error }
        let said = (error as? DuckDBError).map { [$0.message, $0.details].joined(separator: "\n") } ?? "\(error)"
        return IngotError(code, "\(connection): \(message)", isRetryable: isRetryable, cause: shown(said))
    }

    /// A database's words without the statement that they quote, which may hold values, and without passwords.
    func shown(_ said: String) -> String {
        var text = said[...]
        // `Failed to run query "INSERT ... VALUES (...)": words`, and the address in front of them in the same way.
        if let quote = text.firstIndex(of: "\""), !text[..<quote].contains(":"),
            let end = text.ranges(of: "\": ").last
        {
            text = text[end.upperBound...]
        }
        var shown = String(text)
        for secret in secrets.map({ $0.reveal() }) where !secret.isEmpty {
            for written in [secret, secret.replacing("'", with: "''")] {
                shown = shown.replacing(written, with: "<REDACTED>")
            }
        }
        let lines = shown.prefix(Self.lengthMax).split(separator: "\n").map { $0.trimmed }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
