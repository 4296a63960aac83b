import IngotCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What the file system says of a file.
struct FileStatus: Sendable {
    enum Kind: Sendable {
        case file
        case folder
        case link
        case other
    }

    let kind: Kind
    let fingerprint: Fingerprint
    /// How many names the file has.
    let links: UInt64

    init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        links = UInt64(raw.st_nlink)
        #if canImport(Darwin)
        let (modified, changed) = (raw.st_mtimespec, raw.st_ctimespec)
        #else
        let (modified, changed) = (raw.st_mtim, raw.st_ctim)
        #endif
        fingerprint = Fingerprint(
            device: UInt64(truncatingIfNeeded: raw.st_dev),
            inode: UInt64(raw.st_ino),
            size: Int64(raw.st_size),
            modified: Self.nanoseconds(modified),
            changed: Self.nanoseconds(changed)
        )
    }

    /// Whether the bytes are the ones of an earlier look at the same open file, as far as the system can tell.
    ///
    /// Giving a file another name, or taking one away (as replacing it does), changes `changed` as well as a write
    /// does; the number of names tells the two apart.
    func hasSameBytes(as earlier: FileStatus) -> Bool {
        fingerprint.size == earlier.fingerprint.size && fingerprint.modified == earlier.fingerprint.modified
            && (fingerprint.changed == earlier.fingerprint.changed || links != earlier.links)
    }

    func metadata(_ key: ObjectKey) -> ObjectMetadata {
        ObjectMetadata(
            key: key,
            size: fingerprint.size,
            modified: fingerprint.modified,
            entityTag: fingerprint.entityTag
        )
    }

    /// A file may bear any time; those outside of what 64 bits hold count as the nearest that fits.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (whole, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return time.tv_sec < 0 ? .min : .max }
        let (sum, overflowOfSum) = whole.addingReportingOverflow(Int64(time.tv_nsec))
        return overflowOfSum ? .max : sum
    }
}
