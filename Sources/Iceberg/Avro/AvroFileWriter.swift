import JSONTree

/// Writes an Avro object container file, compressed with deflate, into memory.
package struct AvroFileWriter {
    private static let blockByteCountMax = 64 << 10

    private let schema: AvroSchema
    private let syncMarker: [UInt8]
    private var file = AvroEncoder()
    private var block = AvroEncoder()
    private var blockCount: Int64 = 0

    package init(
        schema: AvroSchema,
        schemaText: String? = nil,
        metadata: [(String, String)],
        syncMarker: IcebergUUID
    ) {
        self.schema = schema
        self.syncMarker = syncMarker.bytes
        let header = [("avro.schema", schemaText ?? schema.json.text()), ("avro.codec", "deflate")] + metadata
        file.append(AvroFileReader.magic)
        file.write(long: Int64(header.count))
        for (key, value) in header {
            file.write(string: key)
            file.write(string: value)
        }
        file.write(long: 0)
        file.append(self.syncMarker)
    }

    /// How many bytes are in finished blocks.
    package var byteCount: Int {
        file.bytes.count
    }

    package mutating func append(_ value: AvroValue) throws {
        try block.write(value, schema)
        blockCount += 1
        if block.bytes.count >= Self.blockByteCountMax { try finishBlock() }
    }

    package mutating func finish() throws -> [UInt8] {
        try finishBlock()
        return file.bytes
    }

    private mutating func finishBlock() throws {
        guard blockCount > 0 else { return }
        let compressed = try Deflate.compress(block.bytes)
        file.write(long: blockCount)
        file.write(long: Int64(compressed.count))
        file.append(compressed)
        file.append(syncMarker)
        block.clear()
        blockCount = 0
    }
}
