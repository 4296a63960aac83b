/// How an object's bytes are compressed, told by its name.
package enum Compression: String, Sendable, CaseIterable {
    case none
    case gzip
    case zstd

    /// Whether texts are decompressed here too, and not by the query engine alone.
    var isReadHere: Bool { self != .zstd }

    /// What the name's ending says.
    package init(key: String) {
        let name = key.lowercased()
        if name.hasSuffix(".gz") || name.hasSuffix(".gzip") {
            self = .gzip
        } else if name.hasSuffix(".zst") || name.hasSuffix(".zstd") {
            self = .zstd
        } else {
            self = .none
        }
    }
}
