/// Why DuckDB, or this library, could not do something.
public struct DuckDBError: Error, Sendable, Hashable {
    /// DuckDB's kind of error, by its name there.
    ///
    /// New kinds may come with new versions.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// DuckDB's name, such as `Binder`.
        public let rawValue: String

        /// Makes a kind of DuckDB's name for it.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The SQL is not SQL.
        public static let parser = Kind(rawValue: "Parser")
        /// The SQL names something that is not there, or has the wrong type.
        public static let binder = Kind(rawValue: "Binder")
        /// A table, function or other entry is missing, or is there already.
        public static let catalog = Kind(rawValue: "Catalog")
        /// A value cannot be converted.
        public static let conversion = Kind(rawValue: "Conversion")
        /// A value is out of its type's range.
        public static let outOfRange = Kind(rawValue: "Out of Range")
        /// A row breaks a constraint.
        public static let constraint = Kind(rawValue: "Constraint")
        /// The input is wrong, `error(...)` in SQL among it.
        public static let invalidInput = Kind(rawValue: "Invalid Input")
        /// A file or a stream cannot be read or written.
        public static let io = Kind(rawValue: "IO")
        /// An HTTP request failed.
        public static let http = Kind(rawValue: "HTTP")
        /// The network failed.
        public static let network = Kind(rawValue: "Network")
        /// A connection cannot be made, or is closed.
        public static let connection = Kind(rawValue: "Connection")
        /// A transaction lost a conflict, or is in the wrong state.
        public static let transaction = Kind(rawValue: "TransactionContext")
        /// The statement was interrupted.
        public static let interrupt = Kind(rawValue: "INTERRUPT")
        /// The memory limit is used up.
        public static let outOfMemory = Kind(rawValue: "Out of Memory")
        /// The settings forbid it.
        public static let permission = Kind(rawValue: "Permission")
        /// DuckDB, or this library, cannot do that.
        public static let notImplemented = Kind(rawValue: "Not implemented")
        /// A setting is wrong.
        public static let settings = Kind(rawValue: "Settings")
        /// An extension is missing.
        public static let missingExtension = Kind(rawValue: "Missing Extension")
        /// An extension that a statement needs cannot be loaded.
        public static let autoload = Kind(rawValue: "Extension Autoloading")
        /// A failed assertion inside DuckDB.
        public static let `internal` = Kind(rawValue: "INTERNAL")
        /// The database can no longer be used.
        public static let fatal = Kind(rawValue: "FATAL")
        /// A value is asked for as a type that it is not: an error of this library's getters.
        public static let mismatch = Kind(rawValue: "Mismatch Type")
        /// Anything that has no kind.
        public static let unknown = Kind(rawValue: "Unknown")
    }

    /// A place in the SQL, both counts from one; the column counts characters (Unicode scalars).
    public struct Position: Sendable, Hashable {
        /// The line.
        public var line: Int
        /// The column.
        public var column: Int

        /// Makes a position.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// What kind of error it is.
    public var kind: Kind
    /// What is wrong, in one line, without the kind in front.
    public var message: String
    /// The lines that follow the first, where there are any: candidates, hints.
    public var details: String
    /// Where in the SQL, if DuckDB says so.
    public var position: Position?
    /// What else DuckDB tells, by its names: `error_subtype`, `candidates`, `status_code`.
    public var attributes: [String: String]

    /// Makes an error; of a message with several lines, the first is the message and the others are details.
    public init(
        kind: Kind,
        message: String,
        position: Position? = nil,
        attributes: [String: String] = [:]
    ) {
        let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        self.kind = kind
        self.message = String(lines.first ?? "")
        self.details = lines.count > 1 ? String(lines[1]) : ""
        self.position = position
        self.attributes = attributes
    }

    /// Whether the statement was interrupted, rather than failed.
    ///
    /// DuckDB may also say so of a stream that failed on several threads at once, though nobody interrupted it.
    public var isInterrupted: Bool { kind == .interrupt }

    /// Whether the same statement may succeed when it is tried again.
    public var isRetryable: Bool {
        switch kind {
        case .transaction: !message.contains("aborted")
        case .connection, .network: true
        case .http:
            attributes["status_code"].flatMap(Int.init).map { [408, 429].contains($0) || $0 >= 500 } ?? true
        case .io: message.contains("Could not set lock on file")
        default: false
        }
    }
}

extension DuckDBError: CustomStringConvertible {
    /// The kind, the place and the message, in one line.
    public var description: String {
        let place = position.map { " at line \($0.line), column \($0.column)" } ?? ""
        return "\(kind.rawValue) Error\(place): \(message)"
    }
}
