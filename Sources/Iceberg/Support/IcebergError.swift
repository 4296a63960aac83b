/// Why something about an Iceberg table could not be done.
public struct IcebergError: Error, Sendable {
    /// What kind of failure this is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case invalidMetadata
            case invalidArgument
            case unsupported
            case noSuchNamespace
            case noSuchTable
            case noSuchView
            case namespaceAlreadyExists
            case tableAlreadyExists
            case namespaceNotEmpty
            case commitConflict
            case unavailable
            case commitStateUnknown
            case corruptFile
            case fileNotFound
            case fileAlreadyExists
            case io
        }

        private let kind: Kind

        /// Table metadata that breaks the table format's rules.
        public static let invalidMetadata = Code(kind: .invalidMetadata)
        /// A request or an argument that cannot be carried out on any state.
        public static let invalidArgument = Code(kind: .invalidArgument)
        /// Something of the table format that this library does not do.
        public static let unsupported = Code(kind: .unsupported)
        /// The namespace does not exist.
        public static let noSuchNamespace = Code(kind: .noSuchNamespace)
        /// The table does not exist.
        public static let noSuchTable = Code(kind: .noSuchTable)
        /// The view does not exist.
        public static let noSuchView = Code(kind: .noSuchView)
        /// The namespace exists already.
        public static let namespaceAlreadyExists = Code(kind: .namespaceAlreadyExists)
        /// The table exists already.
        public static let tableAlreadyExists = Code(kind: .tableAlreadyExists)
        /// The namespace still holds tables or namespaces.
        public static let namespaceNotEmpty = Code(kind: .namespaceNotEmpty)
        /// The table has changed in a way that the commit did not expect; a new attempt may succeed.
        public static let commitConflict = Code(kind: .commitConflict)
        /// The work could not be done now; nothing has been changed.
        public static let unavailable = Code(kind: .unavailable)
        /// It could not be found out whether the commit took place; nothing of it may be removed.
        public static let commitStateUnknown = Code(kind: .commitStateUnknown)
        /// A file does not hold what its format says.
        public static let corruptFile = Code(kind: .corruptFile)
        /// A file does not exist.
        public static let fileNotFound = Code(kind: .fileNotFound)
        /// A file exists that was to be created.
        public static let fileAlreadyExists = Code(kind: .fileAlreadyExists)
        /// Reading or writing failed.
        public static let io = Code(kind: .io)

        /// The name of the code.
        public var description: String {
            kind.rawValue
        }
    }

    /// What kind of failure this is.
    public let code: Code
    /// One sentence, safe to show.
    public let message: String
    /// The place within a JSON document or request, such as `$.schemas[0].fields[2].type`.
    public let path: String?
    /// The error beneath this one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, path: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.cause = cause
    }

    /// Whether the same work may succeed on a newer state of the table, or later.
    public var isRetryable: Bool {
        code == .commitConflict || code == .unavailable
    }
}

extension IcebergError: CustomStringConvertible {
    /// The message with its place.
    public var description: String {
        path.map { "\($0): \(message)" } ?? message
    }
}
