import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Looks whether a folder can hold what Ingot writes.
struct FolderExamination {
    /// Below this, a warning.
    private static let freeBytesMin: UInt64 = 1 << 30

    /// File systems that do not lock, or do not sync, as SQLite and Ingot need it.
    private static let networks: Set<String> = ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"]

    let subject: String
    let path: String

    func finding() -> Examination.Finding {
        // What does not exist yet will be made in the nearest folder that does.
        var folder = path
        while !FileManager.default.fileExists(atPath: folder), folder != "/" {
            folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            return Examination.Finding(
                .fail,
                subject,
                "\(path) cannot be written",
                advice: "chown or chmod \(folder), or name another folder in ingot.yml"
            )
        }
        var volume = statvfs()
        guard statvfs(folder, &volume) == 0 else {
            return Examination.Finding(.warn, subject, "\(path): the free space cannot be told")
        }
        let free = UInt64(volume.f_bavail) * UInt64(volume.f_frsize)
        let detail = "\(path), \(HumanText.bytes(Int64(clamping: free))) free"
        if free < Self.freeBytesMin {
            return Examination.Finding(.warn, subject, detail, advice: "free some space: runs need room to stage files")
        }
        if let network = networkName(folder) {
            return Examination.Finding(
                .warn,
                subject,
                "\(detail), on \(network)",
                advice: "keep the state on a disk of this machine: network file systems lock and sync unreliably"
            )
        }
        return Examination.Finding(.ok, subject, detail)
    }

    /// The network file system on which a folder lies; `nil` for a disk of this machine, or where nobody can tell.
    private func networkName(_ folder: String) -> String? {
        #if canImport(Darwin)
        let values = try? URL(fileURLWithPath: folder).resourceValues(forKeys: [.volumeIsLocalKey])
        return values?.volumeIsLocal == false ? "a network volume" : nil
        #else
        guard let data = FileManager.default.contents(atPath: "/proc/self/mounts") else { return nil }
        let mounts = String(decoding: data, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        // Of the mounts above the folder, the nearest counts, and of those at one place the last.
        let above = mounts.filter { $0.count > 2 && (folder + "/").hasPrefix($0[1] == "/" ? "/" : $0[1] + "/") }
        let nearest = above.enumerated().max { ($0.element[1].count, $0.offset) < ($1.element[1].count, $1.offset) }
        return nearest.map { String($0.element[2]) }.flatMap { Self.networks.contains($0) ? $0 : nil }
        #endif
    }
}
