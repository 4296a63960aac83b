#if os(Linux) && canImport(Glibc)
import CLinuxFiles
import Glibc
import IngotCore
import Synchronization

/// The folders below a root, watched through one inotify descriptor.
final class WatchedFolders: Sendable {
    /// Room for some hundred events at a time.
    private static let bufferSize = 64 << 10

    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    )

    private struct State {
        /// Each watched folder's path below the root, with a slash at its end; empty for the root.
        var folders: [CInt: String] = [:]
        /// Watched folders that are known under their new names already, and whose moves are yet to be told.
        var moved: Set<CInt> = []
        var buffer = [UInt8](repeating: 0, count: WatchedFolders.bufferSize)
    }

    private let root: String
    private let notices: OpenFile
    private let wakeup: (reader: OpenFile, writer: OpenFile)
    /// Only one thread waits at a time, and holds this meanwhile.
    private let state = Mutex(State())

    init(root: String) throws(ObjectStoreError) {
        self.root = root
        notices = OpenFile(
            owning: try FileSystem.retrying("cannot watch", at: root) {
                inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
            },
            path: root
        )
        var ends: [CInt] = [-1, -1]
        try FileSystem.retrying("cannot watch", at: root) { pipe2(&ends, O_NONBLOCK | O_CLOEXEC) }
        wakeup = (OpenFile(owning: ends[0], path: root), OpenFile(owning: ends[1], path: root))
    }

    /// Makes the thread that waits in ``next(absencePause:)`` return.
    func wake() {
        var byte: UInt8 = 0
        _ = write(wakeup.writer.descriptor, &byte, 1)
    }

    /// Waits for changes; `nil` where there are none yet: nothing of interest happened, or the root does not exist.
    func next(absencePause: CInt) throws(ObjectStoreError) -> ArrivalChanges? {
        try state.withLock { state throws(ObjectStoreError) in
            guard !state.folders.isEmpty else {
                if try begin(&state) { return .unknown }
                try wait(milliseconds: absencePause)
                return nil
            }
            try wait(milliseconds: -1)
            return try read(&state)
        }
    }

    private func wait(milliseconds: CInt) throws(ObjectStoreError) {
        var waiting = [
            pollfd(fd: notices.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeup.reader.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        try FileSystem.retrying("cannot watch", at: root) { poll(&waiting, nfds_t(waiting.count), milliseconds) }
    }

    /// Watches the root and what is below it; `false` where the root does not exist.
    private func begin(_ state: inout State) throws(ObjectStoreError) -> Bool {
        guard let status = try FileSystem.status(root, followsLink: true) else { return false }
        guard status.kind == .folder else {
            throw ObjectStoreError(.notAnObject, at: root, "only folders are watched")
        }
        var found: Set<String> = []
        try watch("", &state, &found)
        return !state.folders.isEmpty
    }

    /// Watches a folder and those below it, and collects the files that are there already.
    ///
    /// - Returns: The folder's number, where it was watched before, under another name.
    @discardableResult
    private func watch(
        _ path: String,
        _ state: inout State,
        _ found: inout Set<String>
    ) throws(ObjectStoreError) -> CInt? {
        let folder = "\(root)/\(path)"
        let number = inotify_add_watch(notices.descriptor, folder, Self.events)
        if number == -1 {
            let error = errno
            // It went away meanwhile, or is none of ours to read; a listing tells the latter.
            if [ENOENT, ENOTDIR, EACCES].contains(error) { return nil }
            let isLimit = error == ENOSPC
            throw isLimit
                ? ObjectStoreError(.unavailable, at: folder, "cannot watch: the system allows no more watches")
                : FileSystem.failure(error, "cannot watch", at: folder)
        }
        let isKnown = state.folders.updateValue(path, forKey: number) != nil
        // What came into the folder before it was watched was not told.
        guard let content = try? FileSystem.entries(of: folder) else { return nil }
        for entry in content.entries where entry.sortName.utf8.first != UInt8(ascii: ".") {
            if entry.isFolder {
                try watch(path + entry.sortName, &state, &found)
            } else {
                found.insert(path + entry.sortName)
            }
        }
        return isKnown ? number : nil
    }

    /// Takes what inotify has to tell.
    private func read(_ state: inout State) throws(ObjectStoreError) -> ArrivalChanges? {
        var keys: Set<String> = []
        var isUnknown = false
        while true {
            let count = Glibc.read(notices.descriptor, &state.buffer, state.buffer.count)
            if count == -1, errno == EINTR { continue }
            if count == -1, errno != EAGAIN { throw FileSystem.failure(errno, "cannot watch", at: root) }
            guard count > 0 else { break }
            var offset = 0
            while let event = InotifyEvent(state.buffer[..<count], at: offset) {
                offset += event.size
                if try take(event, &state, &keys) { isUnknown = true }
            }
            if keys.count > ArrivalChanges.keysMax {
                keys = []
                isUnknown = true
            }
        }
        if isUnknown { return .unknown }
        return keys.isEmpty ? nil : .files(keys)
    }

    /// Answers whether more happened than the keys can tell.
    private func take(
        _ event: InotifyEvent,
        _ state: inout State,
        _ keys: inout Set<String>
    ) throws(ObjectStoreError) -> Bool {
        if event.has(IN_Q_OVERFLOW) { return true }
        guard let folder = state.folders[event.watch] else { return false }
        if event.has(IN_IGNORED) {
            state.folders[event.watch] = nil
            return false
        }
        if event.has(IN_MOVE_SELF), state.moved.remove(event.watch) != nil { return false }
        if event.has(IN_MOVE_SELF) || event.has(IN_DELETE_SELF) {
            // Its name, and the names below it, are no longer true. Under a new name below the root it is told as new.
            for (number, path) in state.folders where path.hasPrefix(folder) {
                inotify_rm_watch(notices.descriptor, number)
                state.folders[number] = nil
            }
            return folder.isEmpty
        }
        guard let name = event.name, name.utf8.first != UInt8(ascii: ".") else { return event.name == nil }
        if event.has(IN_ISDIR) {
            let known = try watch("\(folder)\(name)/", &state, &keys)
            if let known, event.has(IN_MOVED_TO) { state.moved.insert(known) }
        } else if event.has(IN_CLOSE_WRITE) || event.has(IN_MOVED_TO) {
            keys.insert(folder + name)
        } else if event.has(IN_CREATE), isWhole("\(root)/\(folder)\(name)") {
            keys.insert(folder + name)
        }
        return false
    }

    /// Whether a new name is of a file that nobody writes to: one that exists under another name, too, or did.
    private func isWhole(_ path: String) -> Bool {
        (try? OpenFile.reading(path))?.hasWriter() == false
    }
}

/// One event as the kernel writes it: four 32-bit numbers, then the name, padded with zeros.
private struct InotifyEvent {
    private static let headSize = 16

    let watch: CInt
    private let mask: UInt32
    /// The name in the folder; `nil` where it is not UTF-8, or the event is about the folder itself.
    let name: String?
    let size: Int

    init?(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        guard offset + Self.headSize <= bytes.endIndex else { return nil }
        func number(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + index * 4 + $1]) << UInt32($1 * 8) }
        }
        watch = CInt(bitPattern: number(0))
        mask = number(1)
        size = Self.headSize + Int(number(3))
        guard offset + size <= bytes.endIndex else { return nil }
        let text = bytes[(offset + Self.headSize)..<(offset + size)].prefix { $0 != 0 }
        name = text.isEmpty ? nil : String(validating: text, as: UTF8.self)
    }

    func has(_ flag: some BinaryInteger) -> Bool {
        mask & UInt32(truncatingIfNeeded: flag) != 0
    }
}
#endif
