import IngotCore
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import CLinuxFiles
import Glibc
#endif

/// The system's calls on paths, with errors that name the path.
enum FileSystem {
    /// What the names of temporary files begin with.
    ///
    /// They lie beside the file that they become, since a rename cannot cross devices.
    static let temporaryPrefix = ".ingot-tmp-"

    static let readFlags = O_RDONLY | O_NONBLOCK
    static let appendFlags = O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK
    static let folderFlags = O_RDONLY | O_DIRECTORY

    private static let temporaries = Atomic<UInt64>(0)

    /// Repeats a call that a signal interrupts, and turns its failure into an error.
    @discardableResult
    static func retrying<Value: FixedWidthInteger>(
        _ action: String,
        at path: String,
        _ call: () -> Value
    ) throws(ObjectStoreError) -> Value {
        while true {
            let value = call()
            if value != -1 { return value }
            let number = errno
            if number != EINTR { throw failure(number, action, at: path) }
        }
    }

    /// The error that a system's error number means.
    static func failure(_ number: CInt, _ action: String, at path: String) -> ObjectStoreError {
        let kind: ObjectStoreError.Kind =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EEXIST: .preconditionFailed
            case EACCES, EPERM, EROFS: .permissionDenied
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case ENAMETOOLONG, EILSEQ, EINVAL, EISDIR, ENOTEMPTY: .invalidKey
            case ELOOP, ENXIO: .notAnObject
            case EXDEV: .otherDevice
            default: .unavailable
            }
        return ObjectStoreError(kind, at: path, action, cause: String(cString: strerror(number)))
    }

    /// Describes what a path names; `nil` where there is nothing.
    static func status(_ path: String, followsLink: Bool) throws(ObjectStoreError) -> FileStatus? {
        var raw = stat()
        do throws(ObjectStoreError) {
            try retrying("cannot look at", at: path) {
                fstatat(AT_FDCWD, path, &raw, followsLink ? 0 : AT_SYMLINK_NOFOLLOW)
            }
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
        return FileStatus(raw)
    }

    /// The path without links; `nil` where there is nothing.
    static func canonical(_ path: String) throws(ObjectStoreError) -> String? {
        guard let resolved = realpath(path, nil) else {
            let number = errno
            if number == ENOENT || number == ENOTDIR { return nil }
            throw failure(number, "cannot resolve", at: path)
        }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else {
            throw ObjectStoreError(.invalidKey, at: path, "leads to a name that is not UTF-8")
        }
        return text
    }

    /// A path as it is seen from the root folder.
    static func absolute(_ path: String) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return "\(String(cString: folder))/\(path)"
    }

    /// Creates a folder and those above it, and gives the ones that were not there, the outermost first.
    @discardableResult
    static func createFolders(_ path: String) throws(ObjectStoreError) -> [String] {
        do throws(ObjectStoreError) {
            try retrying("cannot create folder", at: path) { mkdir(path, 0o777) }
            return [path]
        } catch {
            if try status(path, followsLink: true)?.kind == .folder { return [] }
            if error.kind == .preconditionFailed {
                throw ObjectStoreError(.invalidKey, at: path, "a file stands where a folder is needed")
            }
            guard error.kind == .notFound, path.utf8.count > 1 else { throw error }
        }
        let outer = try createFolders(folder(of: path))
        return try outer + createFolders(path)
    }

    /// The folder that a path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Creates a file of an unused name in a folder, to be renamed when it is complete.
    ///
    /// - Returns: The file, open for reading and writing, and whether it shares the blocks of `source`; it is empty
    ///   otherwise.
    static func createTemporary(
        in folder: String,
        sharing source: OpenFile? = nil
    ) throws(ObjectStoreError) -> (file: OpenFile, isClone: Bool) {
        while true {
            let number = temporaries.wrappingAdd(1, ordering: .relaxed).oldValue
            let path = "\(folder)/\(temporaryPrefix)\(getpid())-\(number)"
            #if canImport(Darwin)
            if let source, fclonefileat(source.descriptor, AT_FDCWD, path, 0) == 0 {
                // A clone has the rights of its source, which may be read-only; it is not written to anyway.
                return (try OpenFile(path, flags: O_RDONLY), true)
            }
            #endif
            // A name that an earlier process of the same number has left is passed over.
            guard let file = try createFile(path) else { continue }
            return (file, source.map { clone($0, into: file) } ?? false)
        }
    }

    /// Creates a file for reading and writing; `nil` where the name is taken.
    private static func createFile(_ path: String) throws(ObjectStoreError) -> OpenFile? {
        do throws(ObjectStoreError) {
            return try OpenFile(path, flags: O_RDWR | O_CREAT | O_EXCL)
        } catch {
            if error.kind == .preconditionFailed { return nil }
            throw error
        }
    }

    /// Removes a file; one that is not there is no error.
    static func remove(_ path: String) throws(ObjectStoreError) {
        do throws(ObjectStoreError) {
            try retrying("cannot remove", at: path) { unlink(path) }
        } catch  where error.kind == .notFound {
            return
        }
    }

    /// Removes a folder and those around it that are empty, up to one that stays.
    static func removeEmptyFolders(_ path: String, below root: String) {
        var folder = path
        while folder.utf8.starts(with: "\(root)/".utf8), rmdir(folder) == 0 { folder = self.folder(of: folder) }
    }

    /// Gives a file a second name, which nothing must have.
    static func link(_ path: String, to newPath: String) throws(ObjectStoreError) {
        #if canImport(Darwin)
        try retrying("cannot write", at: newPath) { Darwin.link(path, newPath) }
        #elseif canImport(Musl)
        try retrying("cannot write", at: newPath) { Musl.link(path, newPath) }
        #else
        try retrying("cannot write", at: newPath) { Glibc.link(path, newPath) }
        #endif
    }

    /// Gives a file a new name, in place of what has that name.
    static func rename(_ path: String, to newPath: String) throws(ObjectStoreError) {
        #if canImport(Darwin)
        try retrying("cannot write", at: newPath) { Darwin.rename(path, newPath) }
        #elseif canImport(Musl)
        try retrying("cannot write", at: newPath) { Musl.rename(path, newPath) }
        #else
        try retrying("cannot write", at: newPath) { Glibc.rename(path, newPath) }
        #endif
    }

    /// Gives a file a new name that nothing has yet.
    ///
    /// - Throws: `preconditionFailed` where something has it.
    static func renameExclusively(_ path: String, to newPath: String) throws(ObjectStoreError) {
        #if canImport(Darwin)
        let result = renamex_np(path, newPath, UInt32(RENAME_EXCL))
        #elseif canImport(Musl)
        let result = CInt(-1)
        errno = EINVAL
        #else
        let result = renameat2(AT_FDCWD, path, AT_FDCWD, newPath, 1)
        #endif
        if result == 0 { return }
        let number = errno
        guard number == EINVAL || number == ENOSYS || number == ENOTSUP else {
            throw failure(number, "cannot write", at: newPath)
        }
        // A file system that cannot rename exclusively, such as NFS, can still link exclusively.
        try link(path, to: newPath)
        try remove(path)
    }

    /// Runs a change of names while no other change that excludes it runs, in this process or another.
    static func withLock<Value>(
        on folder: String,
        exclusive: Bool,
        _ change: () throws -> Value
    ) throws -> Value {
        let file = try OpenFile(folder, flags: folderFlags)
        do {
            try retrying("cannot lock", at: folder) { flock(file.descriptor, exclusive ? LOCK_EX : LOCK_SH) }
        } catch {
            // A file system without locks refuses compare-and-swap; plain writes need no lock there.
            if exclusive { throw error }
        }
        defer { withExtendedLifetime(file) {} }
        return try change()
    }

    /// Makes an empty file share the blocks of another; `false` where the file system cannot.
    private static func clone(_ source: OpenFile, into target: OpenFile) -> Bool {
        #if os(Linux)
        let ficlone: UInt = 0x4004_9409
        return ioctl(target.descriptor, ficlone, source.descriptor) == 0
        #else
        return false
        #endif
    }

    /// Writes everything of the file system that holds the path to its device; `false` where the system has no such
    /// call.
    static func syncFileSystem(of path: String) throws(ObjectStoreError) -> Bool {
        #if os(Linux) && canImport(Glibc)
        let file = try OpenFile(path, flags: readFlags)
        try retrying("cannot sync", at: path) { syncfs(file.descriptor) }
        return true
        #else
        return false
        #endif
    }

    /// How many bytes may still be written beside a path; `nil` where the system does not say.
    static func freeSize(around path: String) -> Int64? {
        var volume = statvfs()
        guard statvfs(folder(of: path), &volume) == 0 else { return nil }
        return Int64(clamping: volume.f_bavail) * Int64(clamping: volume.f_frsize)
    }

    /// The time of the clock that stamps files, in nanoseconds since 1970 UTC.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
