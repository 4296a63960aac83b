/// Which functions an expression may call.
public struct JSONataDialect: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case standard
        case statesLanguage
    }

    let kind: Kind

    /// JSONata 2 as the reference implementation has it.
    public static let standard = JSONataDialect(kind: .standard)

    /// JSONata in state machines: without `$eval`, with `$partition`, `$range`, `$hash`, `$uuid`, `$parse`, and with a
    /// seed for `$random`; infinities in results are texts, such as `Infinity`, and only Base64 is decoded.
    public static let statesLanguage = JSONataDialect(kind: .statesLanguage)
}
