import Iceberg
import JSONTree
import Testing

@Suite("Avro")
struct AvroTests {
    private static let schemaText = """
        {"type":"record","name":"r","namespace":"n","fields":[
          {"name":"b","type":"boolean","field-id":1},{"name":"i","type":"int"},{"name":"l","type":["null","long"]},
          {"name":"f","type":"float"},{"name":"d","type":"double"},{"name":"y","type":"bytes"},
          {"name":"s","type":"string"},{"name":"e","type":{"type":"enum","name":"E","symbols":["x","y"]}},
          {"name":"x","type":{"type":"fixed","name":"F","size":2}},{"name":"x2","type":"F"},
          {"name":"a","type":{"type":"array","items":["null",{"type":"record","name":"q","fields":[
             {"name":"z","type":"n.F"}]}],"element-id":7}},
          {"name":"m","type":{"type":"map","values":"long"}}]}
        """

    private func value(_ number: Int64) -> AvroValue {
        .record([
            .boolean(number % 2 == 0), .integer(number % 1_000), number % 3 == 0 ? .null : .integer(number << 30),
            .float(Float(number)), .double(Double(number) / 3), .bytes([UInt8(truncatingIfNeeded: number)]),
            .string("é\(number)"), .string(number % 2 == 0 ? "x" : "y"), .bytes([1, 2]), .bytes([3, 4]),
            .array([.null, .record([.bytes([5, 6])])]), .map(["k": .integer(number), "j": .integer(-number)]),
        ])
    }

    @Test("Values come back as they were written, over many blocks")
    func roundTrip() throws {
        let schema = try AvroSchema(json: JSON(parsing: Self.schemaText))
        var writer = AvroFileWriter(
            schema: schema,
            metadata: [("k", "v")],
            syncMarker: IcebergUUID(high: 1, low: 2)
        )
        let values = (0..<5_000).map { value(Int64($0) * 7_919) }
        for value in values { try writer.append(value) }
        let reader = try AvroFileReader(bytes: try writer.finish())
        #expect(reader.text("k") == "v")
        #expect(reader.schema.fields.map(\.name) == schema.fields.map(\.name))
        var read: [AvroValue] = []
        try reader.readValues { read.append($0) }
        #expect(read == values)
    }

    /// The encodings that the Avro specification gives.
    @Test("Numbers have Avro's zigzag form")
    func zigzag() throws {
        let cases: [(Int64, [UInt8])] = [
            (0, [0]), (-1, [1]), (1, [2]), (-64, [0x7F]), (64, [0x80, 1]),
            (.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
            (.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ]
        for (number, bytes) in cases {
            var encoder = AvroEncoder()
            encoder.write(long: number)
            #expect(encoder.bytes == bytes)
            var decoder = AvroDecoder(bytes: bytes)
            #expect(try decoder.long() == number)
        }
    }

    @Test(
        "A value that does not fit its schema is refused",
        arguments: [.string("x"), .integer(1 << 40), .null, .record([])] as [AvroValue]
    )
    func mismatch(value: AvroValue) {
        var encoder = AvroEncoder()
        #expect(throws: IcebergError.self) { try encoder.write(value, AvroSchema(.int)) }
    }

    @Test("Lengths and counts that lie are found out")
    func lies() throws {
        let arrayOfNulls = AvroSchema(.array(AvroSchema(.null)))
        var encoder = AvroEncoder()
        encoder.write(long: .max)
        var decoder = AvroDecoder(bytes: encoder.bytes + [0])
        #expect(throws: IcebergError.self) { try decoder.value(arrayOfNulls) }
        for schema in [AvroSchema(.bytes), AvroSchema(.string), AvroSchema(.map(AvroSchema(.long)))] {
            for number in [Int64.max, .min, -1, 1 << 40] {
                var encoder = AvroEncoder()
                encoder.write(long: number)
                var decoder = AvroDecoder(bytes: encoder.bytes)
                #expect(throws: IcebergError.self) { try decoder.value(schema) }
            }
        }
        var overlong = AvroDecoder(bytes: [UInt8](repeating: 0xFF, count: 11))
        #expect(throws: IcebergError.self) { try overlong.long() }
    }

    @Test("A block that unpacks to far more than it should is refused")
    func bomb() throws {
        let packed = try Deflate.compress([UInt8](repeating: 0, count: 4 << 20))
        #expect(packed.count < 10_000)
        #expect(throws: IcebergError.self) { try Deflate.decompress(packed[...], byteCountMax: 1 << 20) }
        #expect(try Deflate.decompress(packed[...], byteCountMax: 4 << 20).count == 4 << 20)
    }

    @Test(
        "Schemas that cannot be read are refused",
        arguments: [
            "3", "{}", "{\"type\":\"nope\"}", "{\"type\":\"record\",\"name\":\"r\"}",
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"x\",\"type\":\"r\"}]}",
            "{\"type\":\"fixed\",\"name\":\"f\",\"size\":-1}", "{\"type\":\"array\"}",
            "{\"type\":\"enum\",\"name\":\"e\"}",
        ]
    )
    func badSchemas(text: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: IcebergError.self) { try AvroSchema(json: json) }
    }

    @Test("Damaged manifests never trap", arguments: ["pyiceberg", "duckdb"])
    func fuzz(name: String) async throws {
        let fixture = try await Fixture(name)
        let snapshot = try #require(fixture.metadata.currentSnapshot)
        let location = try #require(snapshot.manifestList)
        let list = try await fixture.files.io.read(location)
        let manifests = try await fixture.files.manifests(of: snapshot)
        let file = try #require(manifests.first)
        let manifest = try await fixture.files.io.read(file.path)
        var generator = SplitMix(state: 11)
        var refused = 0
        for round in 0..<300 {
            for (bytes, isList) in [(list, true), (manifest, false)] {
                var damaged = bytes
                if round % 10 == 0 {
                    damaged.removeLast(Int.random(in: 1..<damaged.count, using: &generator))
                } else {
                    for _ in 0..<Int.random(in: 1...8, using: &generator) {
                        let position = Int.random(in: 0..<damaged.count, using: &generator)
                        damaged[position] = UInt8.random(in: 0...255, using: &generator)
                    }
                }
                do {
                    if isList {
                        _ = try ManifestReader.manifestList(damaged)
                    } else {
                        _ = try ManifestReader.manifest(damaged, file: file)
                    }
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 150)
    }

    @Test("Damaged values of an unpacked block never trap")
    func fuzzValues() throws {
        let schema = try AvroSchema(json: JSON(parsing: Self.schemaText))
        var encoder = AvroEncoder()
        for number in 0..<20 { try encoder.write(value(Int64(number)), schema) }
        var generator = SplitMix(state: 3)
        for _ in 0..<3_000 {
            var bytes = encoder.bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            var decoder = AvroDecoder(bytes: bytes)
            for _ in 0..<20 where (try? decoder.value(schema)) == nil { break }
        }
    }
}
