import IngotCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A name in a folder.
struct FolderEntry: Sendable {
    /// The name, with a slash at its end if it is a folder: so its place among its neighbours is the one that the keys
    /// below it have.
    let sortName: String
    let isFolder: Bool
}

extension FileSystem {
    /// The names in a folder in the order of their keys, and those that cannot be keys.
    static func entries(
        of folder: String
    ) throws(ObjectStoreError) -> (
        entries: [FolderEntry], problems: [ObjectStoreError]
    ) {
        guard let stream = opendir(folder) else {
            throw failure(errno, "cannot list", at: folder)
        }
        defer { closedir(stream) }
        var entries: [FolderEntry] = []
        var problems: [ObjectStoreError] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let number = errno
                if number != 0 { throw failure(number, "cannot list", at: folder) }
                break
            }
            let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
            let (name, printable) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: capacity) { bytes in
                    let name = UnsafeBufferPointer(start: bytes, count: capacity).prefix { $0 != 0 }
                    let text = String(validating: name, as: UTF8.self)
                    return (text, text == nil ? Self.printable(Array(name)) : "")
                }
            }
            guard let name else {
                problems.append(ObjectStoreError(.invalidKey, at: folder + printable, "the name is not UTF-8"))
                continue
            }
            if name == "." || name == ".." { continue }
            let isFolder = try isFolder(name, in: folder, type: entry.pointee.d_type)
            entries.append(FolderEntry(sortName: isFolder ? name + "/" : name, isFolder: isFolder))
        }
        entries.sort { $0.sortName.utf8.lexicographicallyPrecedes($1.sortName.utf8) }
        return (entries, problems)
    }

    /// A name that is not UTF-8 as people can read it and a shell's `$'...'` can write it: `caf\xE9.csv`.
    private static func printable(_ name: [UInt8]) -> String {
        var text = ""
        var rest = name[...]
        while let first = rest.first {
            let length = (1...4).first { $0 <= rest.count && String(validating: rest.prefix($0), as: UTF8.self) != nil }
            text += length.map { String(decoding: rest.prefix($0), as: UTF8.self) } ?? "\\x\(hexadecimal(first))"
            rest = rest.dropFirst(length ?? 1)
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0\(digits)" : digits
    }

    private static func isFolder(_ name: String, in folder: String, type: UInt8) throws(ObjectStoreError) -> Bool {
        // Some file systems leave the type out.
        guard type == UInt8(DT_UNKNOWN) else { return type == UInt8(DT_DIR) }
        return try status(folder + name, followsLink: false)?.kind == .folder
    }
}
