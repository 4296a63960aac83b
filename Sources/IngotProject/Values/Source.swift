/// Where a pipeline's objects arrive, and how their bytes are to be read.
public struct Source: Hashable, Sendable {
    /// What arrives.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// Delimited text.
        case csv
        /// JSON: an array of objects where the payload begins with `[`, otherwise one object a line.
        case json
        /// One JSON object a line.
        case jsonl
        /// Apache Parquet.
        case parquet
    }

    /// What happens to an arrived file after its rows are committed.
    public enum CleanSource: Hashable, Sendable {
        /// It stays.
        case off
        /// It is deleted.
        case delete
        /// It is moved there.
        case move(to: Template)
    }

    /// The encoding of text.
    public enum Encoding: String, Hashable, Sendable, CaseIterable {
        /// UTF-8, with or without a byte order mark.
        case utf8 = "utf-8"
        /// ISO 8859-1.
        case latin1 = "latin-1"
        /// UTF-16 with a byte order mark; little-endian without one.
        case utf16 = "utf-16"
        /// UTF-16, little-endian.
        case utf16LittleEndian = "utf-16le"
        /// UTF-16, big-endian.
        case utf16BigEndian = "utf-16be"
    }

    /// A folder, a file or `s3://bucket/prefix/`; relative paths start at the project folder.
    public var path: Template
    /// What arrives.
    public var format: Format
    /// Whether files that were there before the first run count as arrived.
    public var includeExistingFiles: Bool
    /// A glob that a file's name must match, `nil` for every name.
    public var pathGlobFilter: Located<String>?
    /// Globs of names that never arrive, beyond hidden and unfinished files.
    public var ignorePatterns: [Located<String>]
    /// What happens to a file after its rows are committed.
    public var cleanSource: CleanSource
    /// How long a committed file stays before `cleanSource` removes it.
    public var cleanSourceRetention: Duration
    /// How delimited text is cut into fields; `nil` unless `format` is `csv`.
    public var csv: CSVOptions?
    /// The encoding of the text.
    public var encoding: Encoding
    /// The longest record of text that is read; a longer one is a rejected row, or in a JSON array makes the object
    /// unreadable.
    public var maxLineSize: ByteSize
}
