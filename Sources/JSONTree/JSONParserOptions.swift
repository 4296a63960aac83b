/// Limits and policies of the parser.
public struct JSONParserOptions: Sendable, Hashable {
    /// What to do with a key that an object holds twice.
    public enum DuplicateKeys: Sendable, Hashable {
        /// The text is refused.
        case refuse
        /// The last value counts, at the position of the first.
        case keepLast
    }

    /// What to do with half of a surrogate pair, such as `\ud800`, which no Unicode text can hold.
    public enum LoneSurrogates: Sendable, Hashable {
        /// The text is refused.
        case refuse
        /// U+FFFD takes its place.
        case replace
    }

    /// How deep arrays and objects may nest.
    public var depthMax: Int
    /// How many bytes the text may have.
    public var byteCountMax: Int
    /// What to do with a key that an object holds twice.
    public var duplicateKeys: DuplicateKeys
    /// What to do with half of a surrogate pair.
    public var loneSurrogates: LoneSurrogates

    /// Makes options; without arguments they are the strict ones.
    public init(
        depthMax: Int = 256,
        byteCountMax: Int = 1 << 30,
        duplicateKeys: DuplicateKeys = .refuse,
        loneSurrogates: LoneSurrogates = .refuse
    ) {
        self.depthMax = depthMax
        self.byteCountMax = byteCountMax
        self.duplicateKeys = duplicateKeys
        self.loneSurrogates = loneSurrogates
    }
}
