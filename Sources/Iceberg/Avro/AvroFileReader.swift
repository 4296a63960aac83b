import JSONTree

/// Reads an Avro object container file from memory, block by block.
package struct AvroFileReader {
    package static let magic = Array("Obj".utf8) + [1]
    package static let syncMarkerCount = 16
    private static let blockByteCountMax = 256 << 20

    package let schema: AvroSchema
    package let metadata: [String: [UInt8]]

    private let bytes: [UInt8]
    private let isDeflated: Bool
    private let syncMarker: [UInt8]
    private let start: Int

    package init(bytes: [UInt8]) throws {
        self.bytes = bytes
        var decoder = AvroDecoder(bytes: bytes)
        guard bytes.starts(with: Self.magic) else { throw IcebergError(.corruptFile, "this is no Avro file") }
        _ = try decoder.take(Self.magic.count)
        guard case .map(let values) = try decoder.value(AvroSchema(.map(AvroSchema(.bytes)))) else {
            throw IcebergError(.corruptFile, "this Avro file has no header")
        }
        metadata = values.compactMapValues(\.bytes)
        syncMarker = Array(try decoder.take(Self.syncMarkerCount))
        start = decoder.offset
        let codec = String(decoding: metadata["avro.codec"] ?? Array("null".utf8), as: UTF8.self)
        guard codec == "null" || codec == "deflate" else {
            throw IcebergError(.unsupported, "the Avro codec \"\(codec)\" is not supported; null and deflate are")
        }
        isDeflated = codec == "deflate"
        guard let schemaBytes = metadata["avro.schema"] else {
            throw IcebergError(.corruptFile, "this Avro file has no schema")
        }
        let json: JSON
        do {
            json = try JSON(parsing: schemaBytes, options: .init(duplicateKeys: .keepLast))
        } catch {
            throw IcebergError(.corruptFile, "the Avro schema is no JSON: \(error)", cause: error)
        }
        schema = try AvroSchema(json: json)
    }

    /// The text of a header entry.
    package func text(_ key: String) -> String? {
        metadata[key].flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Calls a closure with every value, in order.
    package func readValues(_ body: (AvroValue) throws -> Void) throws {
        var decoder = AvroDecoder(bytes: bytes, range: start..<bytes.count)
        while !decoder.isAtEnd {
            let count = try decoder.long()
            let size = try decoder.length()
            guard count >= 0 else { throw IcebergError(.corruptFile, "an Avro block has a negative count") }
            let data = try decoder.take(size)
            var block =
                isDeflated
                ? AvroDecoder(bytes: try Deflate.decompress(data, byteCountMax: Self.blockByteCountMax))
                : AvroDecoder(bytes: bytes, range: data.startIndex..<data.endIndex)
            var read: Int64 = 0
            while read < count {
                try body(block.value(schema))
                read += 1
            }
            guard block.isAtEnd else { throw IcebergError(.corruptFile, "an Avro block is longer than its values") }
            guard try decoder.take(Self.syncMarkerCount).elementsEqual(syncMarker) else {
                throw IcebergError(.corruptFile, "an Avro block does not end with the file's marker")
            }
        }
    }
}
