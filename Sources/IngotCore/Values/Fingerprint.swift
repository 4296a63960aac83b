/// What tells, without reading a file, that it has not changed since it was last hashed.
public struct Fingerprint: Hashable, Sendable {
    /// The device that holds the file.
    public var device: UInt64
    /// The file's number on the device.
    public var inode: UInt64
    /// The file's size in bytes.
    public var size: Int64
    /// When its content last changed, in nanoseconds since 1970 UTC.
    public var modified: Int64
    /// When its metadata last changed, in nanoseconds since 1970 UTC.
    public var changed: Int64

    /// Makes a fingerprint.
    public init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}
