/// What FSEvents tells of one path.
///
/// What that means is decided here, apart from the system's calls, and so on every system.
struct FolderEvent: Sendable, Hashable {
    /// The bits of `FSEventStreamEventFlags`; their values are part of the system's interface.
    struct Flags: OptionSet, Sendable, Hashable {
        let rawValue: UInt32

        static let mustScanSubfolders = Flags(rawValue: 0x01)
        static let userDropped = Flags(rawValue: 0x02)
        static let kernelDropped = Flags(rawValue: 0x04)
        static let numbersWrapped = Flags(rawValue: 0x08)
        static let historyDone = Flags(rawValue: 0x10)
        static let rootChanged = Flags(rawValue: 0x20)
        static let mounted = Flags(rawValue: 0x40)
        static let unmounted = Flags(rawValue: 0x80)
        static let created = Flags(rawValue: 0x100)
        static let removed = Flags(rawValue: 0x200)
        static let attributesModified = Flags(rawValue: 0x400)
        static let renamed = Flags(rawValue: 0x800)
        static let modified = Flags(rawValue: 0x1000)
        static let isFile = Flags(rawValue: 0x1_0000)
        static let isFolder = Flags(rawValue: 0x2_0000)
        static let isLink = Flags(rawValue: 0x4_0000)
        static let cloned = Flags(rawValue: 0x40_0000)
    }

    /// What an event means for a watched folder.
    enum Meaning: Sendable, Hashable {
        /// Nothing arrived.
        case nothing
        /// A file with this key may have arrived.
        case file(String)
        /// More happened than the event tells.
        case unknown
        /// The folder itself went, came or was moved: it has to be watched anew.
        case rootChanged
    }

    private static let losses: Flags = [
        .mustScanSubfolders, .userDropped, .kernelDropped, .numbersWrapped, .mounted, .unmounted,
    ]
    private static let kinds: Flags = [.isFile, .isFolder, .isLink]
    private static let arrivals: Flags = [.created, .renamed, .modified, .cloned]

    /// Where it happened, without links; `nil` where that is not UTF-8.
    var path: String?
    var flags: Flags

    /// What the event means for a folder, given by its path without links and without a slash at its end.
    func meaning(below root: String) -> Meaning {
        if flags.contains(.rootChanged) { return .rootChanged }
        if !flags.isDisjoint(with: Self.losses) { return .unknown }
        if flags.contains(.historyDone) { return .nothing }
        guard let path else { return .unknown }
        if path.utf8.elementsEqual(root.utf8) {
            return flags.isDisjoint(with: [.removed, .renamed]) ? .nothing : .rootChanged
        }
        let prefix = (root == "/" ? root : "\(root)/").utf8
        guard path.utf8.starts(with: prefix) else { return .unknown }
        let names = path.utf8.dropFirst(prefix.count).split(separator: UInt8(ascii: "/"))
        // Nothing arrives under hidden names.
        if names.contains(where: { $0.first == UInt8(ascii: ".") }) { return .nothing }
        // Without a kind it is an event of a folder, on a file system that tells of no files.
        if flags.isDisjoint(with: Self.kinds) { return .unknown }
        if flags.contains(.isFolder) {
            // What is in a folder that was moved or cloned is not told one by one.
            return flags.isDisjoint(with: [.renamed, .cloned]) ? .nothing : .unknown
        }
        guard !flags.isDisjoint(with: Self.arrivals) else { return .nothing }
        return .file(names.map { String(Substring($0)) }.joined(separator: "/"))
    }
}
