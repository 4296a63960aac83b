/// The name of an object in a store: segments joined by `/`, for example `landing/users/2026-01-31.csv`.
///
/// Two keys are equal when their bytes are. `é` as one character and as `e` with a combining accent name two objects,
/// as they do on S3 and on most file systems, although Swift's `String` calls them equal.
/// Keys order by their bytes too, which is the order of every listing.
public struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest key, in bytes of UTF-8: what S3 allows.
    public static let sizeMax = 1024

    /// The key's text.
    public let path: String

    /// Checks a key.
    ///
    /// - Throws: ``ObjectStoreError/Kind/invalidKey`` for an empty key or segment (so also for a leading or trailing
    ///   `/`), a segment `.` or `..`, a NUL, or more than ``sizeMax`` bytes. Everything else is taken as it is.
    public init(_ path: String) throws(ObjectStoreError) {
        guard let fault = Self.fault(in: path) else {
            self.path = path
            return
        }
        throw ObjectStoreError(.invalidKey, at: path, "\(fault)")
    }

    /// The segments between the slashes; never empty.
    public var segments: [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }

    /// The last segment.
    public var name: Substring {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.utf8.index(after: slash)...]
    }

    /// The key without its last segment; `nil` at the top.
    public var folder: ObjectKey? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return ObjectKey(checked: String(path[..<slash]))
    }

    /// The key below this one.
    ///
    /// - Throws: ``ObjectStoreError/Kind/invalidKey`` as ``init(_:)`` does.
    public func appending(_ suffix: String) throws(ObjectStoreError) -> ObjectKey {
        try ObjectKey("\(path)/\(suffix)")
    }

    /// Whether this key lies in a folder, at any depth; a key does not lie in itself.
    public func isInside(_ folder: ObjectKey) -> Bool {
        let utf8 = path.utf8
        let size = folder.path.utf8.count
        return utf8.count > size + 1 && utf8.starts(with: folder.path.utf8)
            && utf8[utf8.index(utf8.startIndex, offsetBy: size)] == UInt8(ascii: "/")
    }

    /// The key's text.
    public var description: String { path }

    /// Whether two keys have the same bytes.
    public static func == (lhs: ObjectKey, rhs: ObjectKey) -> Bool {
        lhs.path == rhs.path && lhs.path.utf8.elementsEqual(rhs.path.utf8)
    }

    /// Whether one key's bytes come before the other's.
    public static func < (lhs: ObjectKey, rhs: ObjectKey) -> Bool {
        lhs.path.utf8.lexicographicallyPrecedes(rhs.path.utf8)
    }

    /// Hashes the text: keys with the same bytes have the same text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
    }

    /// Takes a path that is known to be a valid key, as a listing that joins file names does.
    package init(checked path: String) {
        self.path = path
    }

    /// What is wrong with a path as a key, as a clause; `nil` where nothing is.
    package static func fault(in path: String) -> String? {
        let utf8 = path.utf8
        if utf8.isEmpty { return "a key is not empty" }
        if utf8.count > sizeMax { return "a key has at most \(sizeMax) bytes, this one has \(utf8.count)" }
        if utf8.contains(0) { return "a key has no NUL" }
        for segment in utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.isEmpty { return "a key has no empty segment, and no / at its start or end" }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
                return "a key has no segment . or .."
            }
        }
        return nil
    }
}
