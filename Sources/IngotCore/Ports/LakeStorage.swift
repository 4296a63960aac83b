/// Where the tables' files lie.
///
/// A location is an absolute path or a URI; tables name their files by location.
public protocol LakeStorage: Sendable {
    /// The location under which all tables lie, without a slash at its end.
    var root: String { get }

    /// A folder for a batch's files before they are part of a table, made anew and empty.
    func makeStagingFolder(_ name: String) async throws -> String

    /// Moves staged files to their places; what is there is replaced.
    func promote(_ moves: [StagedMove]) async throws

    /// Removes a staging folder and what is left in it.
    func removeStagingFolder(_ name: String) async throws

    /// Removes the staging folders whose makers have ended without doing so.
    func removeAbandonedStagingFolders() async throws

    /// Returns once the files, and their names in their folders, survive a loss of power.
    func sync(_ locations: [String]) async throws

    /// Reads a file whole.
    func read(_ location: String) async throws -> [UInt8]

    /// Writes a file whole; durable only after ``sync(_:)``. What is there is replaced.
    func write(_ bytes: [UInt8], to location: String) async throws

    /// How many bytes a file has; `nil` where there is none.
    func size(of location: String) async throws -> Int64?

    /// What lies in a folder, by name; nothing where there is no such folder.
    func content(of folder: String) async throws -> FolderContent

    /// Makes sure that files can be written in a folder, for writers that do not make folders themselves.
    func makeFolder(_ location: String) async throws

    /// Deletes files; those that are gone already are no error.
    func delete(_ locations: [String]) async throws
}

/// What lies in a folder.
public struct FolderContent: Sendable, Hashable {
    /// The names of the folders in it, in order.
    public var folders: [String]
    /// The names of the files in it, in order.
    public var files: [String]

    /// Describes a folder; an empty one without arguments.
    public init(folders: [String] = [], files: [String] = []) {
        self.folders = folders
        self.files = files
    }
}

/// A staged file's way to its place.
public struct StagedMove: Sendable, Hashable {
    /// Where it was staged.
    public var from: String
    /// Its place.
    public var to: String

    /// Names a move.
    public init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}
