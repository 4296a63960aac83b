extension Database {
    /// How a database is opened.
    public struct Configuration: Sendable, Hashable {
        /// The database's file; nil for one in memory only.
        public var path: String?
        /// Whether the file is only read.
        ///
        /// Several processes may then have it open.
        public var isReadOnly: Bool
        /// The most memory that DuckDB's buffers take, such as `2GB`; nil for 80 % of the machine's.
        public var memoryLimit: String?
        /// How many threads work on statements; nil for one a core.
        public var threads: Int?
        /// Where statements spill what does not fit in memory; nil for DuckDB's default.
        public var temporaryDirectory: String?
        /// The most that may be spilled, such as `20GB`; nil for 90 % of the free disk.
        public var temporaryDirectorySizeMax: String?
        /// Where extensions are; nil looks in the places that `ExtensionDirectory` tells.
        public var extensionDirectory: String?
        /// Further settings of DuckDB's, by name, for all connections.
        public var settings: [String: String]

        /// Makes a configuration; without arguments, a database in memory with DuckDB's defaults, in UTC.
        public init(
            path: String? = nil,
            isReadOnly: Bool = false,
            memoryLimit: String? = nil,
            threads: Int? = nil,
            temporaryDirectory: String? = nil,
            temporaryDirectorySizeMax: String? = nil,
            extensionDirectory: String? = nil,
            settings: [String: String] = [:]
        ) {
            self.path = path
            self.isReadOnly = isReadOnly
            self.memoryLimit = memoryLimit
            self.threads = threads
            self.temporaryDirectory = temporaryDirectory
            self.temporaryDirectorySizeMax = temporaryDirectorySizeMax
            self.extensionDirectory = extensionDirectory
            self.settings = settings
        }

        /// What DuckDB is told when the database opens.
        var openingOptions: [(name: String, value: String)] {
            var options: [(String, String)] = [
                // Positions and kinds of errors come only this way.
                ("errors_as_json", "true"),
                // Nothing is ever fetched from the network by itself.
                ("autoinstall_known_extensions", "false"),
            ]
            let own: [(String, String?)] = [
                ("access_mode", isReadOnly ? "READ_ONLY" : nil), ("memory_limit", memoryLimit),
                ("threads", threads.map(String.init)), ("temp_directory", temporaryDirectory),
                ("max_temp_directory_size", temporaryDirectorySizeMax),
                ("extension_directory", extensionDirectory ?? ExtensionDirectory.locate()),
            ]
            options += own.compactMap { name, value in value.map { (name, $0) } }
            return options + settings.filter { !Self.isLate($0.key) }.sorted { $0.key < $1.key }.map { ($0, $1) }
        }

        /// What can be set only once the database is open: it belongs to a part that is loaded then.
        var lateSettings: [(name: String, value: String)] {
            [("TimeZone", "UTC")] + settings.filter { Self.isLate($0.key) }.sorted { $0.key < $1.key }.map { ($0, $1) }
        }

        private static func isLate(_ name: String) -> Bool {
            ["timezone", "calendar"].contains(name.lowercased())
        }
    }
}
