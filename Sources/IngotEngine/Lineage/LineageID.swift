import Crypto

/// The identities of runs in OpenLineage, which wants UUIDs: made from names, so that a run has the same one for ever.
enum LineageID {
    /// The name space of the names: a UUID of Ingot's own.
    private static let space: [UInt8] = [
        0x3b, 0x0c, 0x5e, 0x9a, 0x61, 0x72, 0x4d, 0x0f, 0x8a, 0x55, 0x1d, 0x2e, 0x9c, 0x47, 0xb6, 0x10,
    ]

    /// The UUID (version 5 of RFC 9562) of a run.
    ///
    /// - Parameters:
    ///   - run: The run's own name.
    ///   - namespace: The namespace of its job, within which that name is unique.
    /// - Returns: The UUID, in lower case.
    static func uuid(of run: String, in namespace: String) -> String {
        uuid(named: "\(namespace)/\(run)", in: space)
    }

    static func uuid(named name: String, in space: [UInt8]) -> String {
        var bytes = Array(Insecure.SHA1.hash(data: space + Array(name.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        let groups = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return groups.map { $0.joined() }.joined(separator: "-")
    }
}
