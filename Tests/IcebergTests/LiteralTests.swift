import Iceberg
import Testing

@Suite("Literals")
struct LiteralTests {
    /// The forms that the table format's specification gives in appendix D.
    @Test("Values have the specification's binary form")
    func binary() throws {
        let uuid = try #require(IcebergUUID("f79c3e09-677c-4bbd-a479-3f349cb785e7"))
        let cases: [(Literal, IcebergType, [UInt8])] = [
            (.boolean(true), .boolean, [1]), (.int(-2), .int, [0xFE, 0xFF, 0xFF, 0xFF]),
            (.long(1), .long, [1, 0, 0, 0, 0, 0, 0, 0]), (.float(1), .float, [0, 0, 0x80, 0x3F]),
            (.double(-2), .double, [0, 0, 0, 0, 0, 0, 0, 0xC0]), (.date(256), .date, [0, 1, 0, 0]),
            (.string("é"), .string, [0xC3, 0xA9]), (.fixed([1, 2]), .fixed(length: 2), [1, 2]),
            (.decimal(unscaled: 1420, scale: 2), .decimal(precision: 9, scale: 2), [0x05, 0x8C]),
            (.decimal(unscaled: 128, scale: 0), .decimal(precision: 9, scale: 0), [0x00, 0x80]),
            (.decimal(unscaled: -129, scale: 0), .decimal(precision: 9, scale: 0), [0xFF, 0x7F]),
            (.decimal(unscaled: 0, scale: 0), .decimal(precision: 9, scale: 0), [0]),
            (.uuid(uuid), .uuid, uuid.bytes),
        ]
        for (value, type, bytes) in cases {
            #expect(value.singleValueBytes == bytes)
            #expect(Literal(singleValueBytes: bytes, type: type) == value)
        }
        #expect(uuid.bytes.prefix(2) == [0xF7, 0x9C])
    }

    @Test("Bounds written before a column was widened are read")
    func promotion() {
        #expect(Literal(singleValueBytes: Literal.int(-7).singleValueBytes, type: .long) == .long(-7))
        #expect(Literal(singleValueBytes: Literal.float(1.5).singleValueBytes, type: .double) == .double(1.5))
        #expect(Literal.int(1).isLess(than: .long(2)) == true)
    }

    @Test("Bytes of the wrong length are no value", arguments: [IcebergType.boolean, .int, .long, .double, .uuid])
    func wrongLength(type: IcebergType) {
        #expect(Literal(singleValueBytes: [1, 2, 3], type: type) == nil)
        #expect(Literal(singleValueBytes: [], type: type) == nil)
    }

    @Test("Text compares by bytes, and different bytes are different values")
    func text() {
        #expect(Literal.string("e\u{301}") != .string("\u{E9}"))
        #expect(Literal.string("Z").isLess(than: .string("a")) == true)
        #expect(Literal.string("\u{FFFD}").isLess(than: .string("\u{1F600}")) == true)
        #expect(Literal.string("a").isLess(than: .int(1)) == nil)
    }

    @Test("Long text is cut to 16 characters, and an upper bound is raised")
    func textBounds() {
        let text = Literal.string(String(repeating: "a", count: 20))
        #expect(text.asLowerBound == .string(String(repeating: "a", count: 16)))
        #expect(text.asUpperBound == .string(String(repeating: "a", count: 15) + "b"))
        #expect(Literal.string("short").asUpperBound == .string("short"))
        let highest = String(repeating: "\u{10FFFF}", count: 17)
        #expect(Literal.string(highest).asUpperBound == nil)
        #expect(Literal.string("a" + highest).asUpperBound == .string("b"))
        let beforeSurrogates = String(repeating: "x", count: 15) + "\u{D7FF}y"
        #expect(
            Literal.string(beforeSurrogates).asUpperBound == .string(String(repeating: "x", count: 15) + "\u{E000}")
        )
        #expect(Literal.binary([UInt8](repeating: 255, count: 17)).asUpperBound == nil)
        #expect(
            Literal.binary([1] + [UInt8](repeating: 255, count: 17)).asUpperBound == .binary([2])
        )
    }

    @Test("Random text lies between its bounds")
    func textBoundsHold() throws {
        var generator = SplitMix(state: 7)
        let alphabet: [Unicode.Scalar] = ["a", "\u{7F}", "\u{7FF}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10FFFF}"]
        for _ in 0..<2_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...24, using: &generator) {
                scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            let value = Literal.string(String(scalars))
            #expect(value.isLess(than: try #require(value.asLowerBound)) == false)
            if let upper = value.asUpperBound { #expect(upper.isLess(than: value) == false) }
        }
    }

    @Test("Zeros of bounds cover both signs, and NaN is no bound")
    func floatBounds() {
        #expect(Literal.double(0).asLowerBound?.description == "-0.0")
        #expect(Literal.double(-0.0).asUpperBound?.description == "0.0")
        #expect(Literal.float(.nan).asLowerBound == nil)
    }

    /// The texts are what DuckDB 1.5.5 prints for `COPY ... RETURN_STATS`.
    @Test("DuckDB's texts become values")
    func duckDB() throws {
        let cases: [(String, IcebergType, Literal)] = [
            ("1", .boolean, .boolean(true)), ("false", .boolean, .boolean(false)), ("-5", .int, .int(-5)),
            ("9223372036854775807", .long, .long(.max)), ("2.6666666666666665", .double, .double(8.0 / 3.0)),
            ("12.0", .float, .float(12)), ("-0.0", .double, .double(-0.0)),
            ("-0.25", .decimal(precision: 9, scale: 2), .decimal(unscaled: -25, scale: 2)),
            ("11.5", .decimal(precision: 38, scale: 3), .decimal(unscaled: 11_500, scale: 3)),
            ("2026-01-31", .date, .date(20_484)), ("12345-01-01", .date, .date(3_789_391)),
            ("10:00:00.5", .time, .time(36_000_500_000)),
            ("2026-01-01 10:00:00.123", .timestamp, .timestamp(1_767_261_600_123_000)),
            ("2026-01-01 10:00:00.123+00", .timestamptz, .timestamptz(1_767_261_600_123_000)),
            ("2026-01-01 12:30:00+02:30", .timestamptz, .timestamptz(1_767_261_600_000_000)),
            ("2025-12-31 23:00:00-11", .timestamptz, .timestamptz(1_767_261_600_000_000)),
            ("a,b=\"x0", .string, .string("a,b=\"x0")), ("616200FF", .binary, .binary([0x61, 0x62, 0, 0xFF])),
            (
                "07ce3df2-302c-4464-ac59-8f44c9ef13e2", .uuid,
                .uuid(try #require(IcebergUUID("07ce3df2-302c-4464-ac59-8f44c9ef13e2")))
            ),
        ]
        for (text, type, value) in cases {
            #expect(Literal(duckDBText: text, type: type) == value, "\(text) as \(type)")
        }
    }

    @Test("Texts that are not certain become no value")
    func uncertain() {
        let cases: [(String, IcebergType)] = [
            ("0050-01-01 (BC)", .date), ("0050-01-01 (BC) 00:00:00", .timestamp), ("infinity", .timestamp),
            ("-infinity", .date), ("2026-02-30", .date), ("nan", .double), ("1e3", .decimal(precision: 9, scale: 2)),
            ("1.234", .decimal(precision: 9, scale: 2)), ("123456789", .decimal(precision: 4, scale: 0)),
            ("", .int), (" 1", .int), ("99999999999", .int), ("2026-01-01 10:00:00.123456789", .timestamp),
            ("2026-01-01 10:00:00", .timestamptz), ("294247-01-11 00:00:00", .timestamp), ("24:00:00", .time),
            ("-", .decimal(precision: 9, scale: 2)), ("6", .binary), ("zz", .binary), ("{'a': 1}", .string),
        ]
        for (text, type) in cases where type != .string {
            #expect(Literal(duckDBText: text, type: type) == nil, "\(text) as \(type)")
        }
    }

    @Test("DuckDB's statistics become a data file's, nested columns too")
    func duckDBStatistics() throws {
        let schema = Schema(fields: [
            NestedField(id: 1, name: "a\"b.c", type: .long),
            NestedField(
                id: 2,
                name: "st",
                type: .struct(StructType(fields: [NestedField(id: 3, name: "b c", type: .string)]))
            ),
            NestedField(id: 4, name: "li", type: .list(ListType(elementID: 5, element: .int))),
            NestedField(id: 6, name: "f", type: .double),
        ])
        var file = DataFile(path: "/x", recordCount: 5, fileSize: 1)
        file.setStatistics(
            duckDB: [
                "\"a\"\"b.c\"": [
                    "column_size_bytes": "44", "max": "8", "min": "0", "null_count": "1", "num_values": "5",
                ],
                "\"st\".\"b c\"": ["max": "x", "min": "w", "null_count": "0", "num_values": "5"],
                "\"li\".\"element\"": ["max": "9", "min": "0", "null_count": "0", "num_values": "10"],
                "\"f\"": ["has_nan": "true", "max": "9.0", "min": "0.0", "num_values": "5"],
                "\"unknown\"": ["max": "9"],
            ],
            schema: schema
        )
        #expect(file.columnSizes == [1: 44])
        #expect(file.valueCounts == [1: 5, 3: 5, 5: 10, 6: 5])
        #expect(file.nullValueCounts == [1: 1, 3: 0, 5: 0])
        #expect(file.nanValueCounts.isEmpty)
        #expect(file.lowerBounds[1] == Literal.long(0).singleValueBytes)
        #expect(file.upperBounds[3] == Array("x".utf8))
        #expect(file.lowerBounds[5] == nil)
    }
}
