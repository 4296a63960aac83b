package import IngotCore

/// Makes files durable.
package enum FileSync {
    /// From how many files on one sync of their whole file system is quicker than one for each file.
    private static let filesMaxOneByOne = 32

    /// Returns when the files, and their names in their folders, survive a loss of power.
    ///
    /// Blocks; run it on a ``BlockingPool``. Many files are synced with their whole file system, where the system has
    /// a call for that.
    package static func sync(_ paths: [String]) throws {
        let folders = Set(paths.map { FileSystem.folder(of: $0) }).sorted()
        guard paths.count > filesMaxOneByOne else { return try syncEach(paths, folders) }
        var devices: Set<UInt64> = []
        for path in paths {
            // The sync of a file system does not notice that a file is missing, so each is looked at.
            guard let status = try FileSystem.status(path, followsLink: true) else {
                throw ObjectStoreError(.notFound, at: path, "there is no such file to sync")
            }
            guard devices.insert(status.fingerprint.device).inserted else { continue }
            guard try FileSystem.syncFileSystem(of: path) else { return try syncEach(paths, folders) }
        }
    }

    /// Returns when the names in a folder survive a loss of power.
    package static func syncFolder(_ path: String) throws(ObjectStoreError) {
        try OpenFile(path, flags: FileSystem.folderFlags).sync()
    }

    /// Creates a folder and those above it, and returns when the names of the new ones survive a loss of power.
    ///
    /// A sync of a file later on reaches the folder that it is in, and not the name of that folder in the one above.
    static func createFolders(_ path: String) throws(ObjectStoreError) {
        for folder in try FileSystem.createFolders(path) { try syncFolder(FileSystem.folder(of: folder)) }
    }

    private static func syncEach(_ paths: [String], _ folders: [String]) throws(ObjectStoreError) {
        for path in paths { try OpenFile(path, flags: FileSystem.readFlags).sync() }
        for folder in folders { try syncFolder(folder) }
    }
}
