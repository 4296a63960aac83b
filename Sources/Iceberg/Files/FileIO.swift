/// Where a table's files are.
///
/// Locations are absolute paths or URIs. Files are never changed once they are written, so whatever was read may be
/// kept.
public protocol FileIO: Sendable {
    /// The bytes of a file.
    ///
    /// - Throws: ``IcebergError`` with the code `fileNotFound` where there is none.
    func read(_ location: String) async throws -> [UInt8]

    /// Creates a file, and its folders where they are missing.
    ///
    /// The file need not survive a crash of the machine before ``sync(_:)`` has been asked for it.
    ///
    /// - Throws: ``IcebergError`` with the code `fileAlreadyExists` where there is one.
    func create(_ location: String, _ bytes: [UInt8]) async throws

    /// Makes sure that files survive a crash of the machine, and so do their names in their folders.
    ///
    /// All files of a commit come in one call, before its pointers move: syncing many files at once costs little more
    /// than one, and one after the other it costs most of the commit's time.
    ///
    /// - Throws: ``IcebergError``, with the code `fileNotFound` where a file does not exist.
    func sync(_ locations: [String]) async throws

    /// Removes a file; a file that does not exist is no error.
    func delete(_ location: String) async throws

    /// How many bytes a file has; `nil` where there is none.
    func size(of location: String) async throws -> Int64?

    /// Makes sure that files can be created in a folder.
    func createFolder(_ location: String) async throws
}

extension FileIO {
    /// Whether there is a file.
    public func exists(_ location: String) async throws -> Bool {
        try await size(of: location) != nil
    }

    /// Removes files; those that do not exist are no error.
    public func delete(_ locations: some Sequence<String>) async throws {
        for location in locations {
            try await delete(location)
        }
    }
}
