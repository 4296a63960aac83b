/// An error that a user reads: what happened, where, and what to do next.
///
/// `description` is safe to show anywhere: it never holds a secret's value or a SQL argument.
public struct IngotError: Error, Sendable, CustomStringConvertible {
    /// The error's number and page.
    public var code: ErrorCode
    /// What happened, in one sentence, naming the thing it happened to.
    public var message: String
    /// Where in the user's files, if it is about one.
    public var location: SourceLocation?
    /// What to do next, as one line; a command to type where there is one.
    public var hint: String?
    /// Whether the same work may succeed when it is tried again.
    public var isRetryable: Bool
    /// What an underlying part said, in its own words.
    public var cause: String?

    /// Makes an error.
    public init(
        _ code: ErrorCode,
        _ message: String,
        at location: SourceLocation? = nil,
        hint: String? = nil,
        isRetryable: Bool = false,
        cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.location = location
        self.hint = hint
        self.isRetryable = isRetryable
        self.cause = cause
    }

    /// The error as the command line prints it.
    ///
    /// ```
    /// pipelines/orders.yml:18:7: error[ING0103]: unknown key "colums"
    ///   try: columns
    /// ```
    public var description: String {
        var text = location.map { "\($0): " } ?? ""
        text += "error[\(code)]: \(message)"
        if let cause {
            for line in cause.split(separator: "\n", omittingEmptySubsequences: true) {
                text += "\n  cause: \(line)"
            }
        }
        if let hint {
            text += "\n  try: \(hint)"
        }
        return text
    }
}
