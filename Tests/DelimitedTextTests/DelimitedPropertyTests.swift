import DelimitedText
import Testing

/// Random texts from fixed seeds; a failure names its seed.
@Suite struct DelimitedPropertyTests {
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func pick<Value>(_ values: [Value]) -> Value {
            values[Int(next() % UInt64(values.count))]
        }
    }

    private func dialect(_ random: inout Random) throws -> Dialect {
        let quote: Character? = random.pick(["\"", "\"", "'"])
        return try Dialect(
            delimiter: random.pick([",", ";", "\t", "|", "||", "\u{A7}", "<->"]),
            quote: quote,
            escape: random.pick([quote, "\\"]),
            hasHeader: random.pick([true, false])
        )
    }

    private func table(_ random: inout Random, _ dialect: Dialect) -> [[String]] {
        let width = random.pick([1, 2, 3, 8])
        let pieces = [
            "a", "b", "", " ", "\"", "'", "\\", "\n", "\r", "\r\n", "\u{E9}", "\u{1F600}", "\0", "#", "-", "<",
            String(decoding: dialect.delimiter, as: UTF8.self),
        ]
        return (0..<random.pick([0, 1, 2, 5, 20])).map { _ in
            (0..<width).map { _ in (0..<random.pick([0, 1, 2, 6])).map { _ in random.pick(pieces) }.joined() }
        }
    }

    private func render(_ table: [[String]], _ dialect: Dialect, _ random: inout Random) -> [UInt8] {
        var bytes: [UInt8] = random.pick([[], [0xEF, 0xBB, 0xBF]])
        let header = table.first.map { row in row.indices.map { "n\($0)" } } ?? []
        let rows = dialect.hasHeader && !header.isEmpty ? [header] + table : table
        for row in rows {
            for (index, field) in row.enumerated() {
                if index > 0 { bytes += dialect.delimiter }
                let isPlain = !field.isEmpty && field.allSatisfy { $0.isLetter }
                bytes += isPlain && random.pick([true, false]) ? Array(field.utf8) : quoted(field, dialect)
            }
            bytes += Array(random.pick(["\n", "\r\n", "\r"]).utf8)
        }
        return bytes
    }

    private func quoted(_ field: String, _ dialect: Dialect) -> [UInt8] {
        guard let quote = dialect.quote, let escape = dialect.escape else { return Array(field.utf8) }
        return [quote] + field.utf8.flatMap { $0 == quote || $0 == escape ? [escape, $0] : [$0] } + [quote]
    }

    @Test func `A table that is rendered in any dialect is read back`() throws {
        for seed in UInt64(0)..<400 {
            var random = Random(state: seed)
            let dialect = try dialect(&random)
            let table = table(&random, dialect)
            let bytes = render(table, dialect, &random)
            let source = ArrayByteSource(bytes, pieceSize: random.pick([1, 3, 64, 100_000]))
            var reader = DelimitedReader(source, dialect: dialect)
            let records = try reader.collect()
            #expect(records.map(\.fault) == table.map { _ in nil }, "seed \(seed)")
            #expect(
                records.map { $0.fields.map { Array($0.utf8) } } == table.map { $0.map { Array($0.utf8) } },
                "\(seed)"
            )
        }
    }

    @Test func `Whatever the bytes, none is lost, and the pieces do not matter`() throws {
        for seed in UInt64(1_000)..<1_400 {
            var random = Random(state: seed)
            let dialect = try dialect(&random)
            var bytes = render(table(&random, dialect), dialect, &random)
            for _ in 0..<random.pick([1, 2, 10]) where !bytes.isEmpty {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(random.pick([0x22, 0x27, 0x5C, 0x0A, 0x0D, 0x2C, 0xFF]), at: index)
                }
            }
            var plain = dialect
            plain.hasHeader = false
            let whole = try raws(bytes, plain, piece: .max)
            for piece in [1, 2, 5, 17] {
                #expect(try raws(bytes, plain, piece: piece) == whole, "seed \(seed), piece \(piece)")
            }
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
            let isBreak = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
            #expect(whole.flatMap(\.raw).filter { !isBreak($0) } == text.filter { !isBreak($0) }, "seed \(seed)")
        }
    }

    @Test func `Read in haste, records have the same numbers, and the hash of their fields`() throws {
        var (plain, all) = (0, 0)
        for seed in UInt64(3_000)..<3_600 {
            var random = Random(state: seed)
            let dialect = try dialect(&random)
            let table = table(&random, dialect)
            var bytes = render(table, dialect, &random)
            // Ragged rows and such have a number, too.
            if random.pick([true, false]), !bytes.isEmpty {
                bytes.insert(random.pick([0x22, 0x0A, 0x0D, 0x2C]), at: Int(random.next() % UInt64(bytes.count)))
            }
            let piece = random.pick([1, 7, 64, 100_000])
            let width = table.first?.count
            var reader = DelimitedReader(ArrayByteSource(bytes), dialect: dialect, expectedFields: width)
            var hasty = DelimitedReader(
                ArrayByteSource(bytes, pieceSize: piece),
                dialect: dialect,
                expectedFields: width
            )
            let hash = RecordHash(dialect)
            while try reader.next() {
                let value = try #require(try hasty.next(hash), "seed \(seed)")
                #expect(hasty.number == reader.number, "seed \(seed)")
                // Empty fields beyond the expected ones, which are dropped, count in a plain record's hash.
                let fields = (0..<reader.fieldCount).map { reader.field($0)[...] }
                let isQuoted = dialect.quote.map { reader.raw.contains($0) } ?? false
                let isWhole = Array(fields.joined(separator: dialect.delimiter)) == Array(reader.raw)
                guard reader.fault == nil, isQuoted || isWhole else { continue }
                all += 1
                if value == hash.hash(count: fields.count, { fields[$0] }) { plain += 1 }
            }
            #expect(try hasty.next(hash) == nil, "seed \(seed)")
        }
        #expect(plain == all)
        #expect(all > 1_000)
    }

    @Test func `Of records that are looked for, none is passed over, and all are counted`() throws {
        var (found, passed) = (0, 0)
        for seed in UInt64(4_000)..<4_400 {
            var random = Random(state: seed)
            let dialect = try Dialect(hasHeader: false)
            let lines = ["10,20,30", "a word,another one,a third", "\"a,b\",c,d", "", "1,\"two\nlines\",3", "x,y,z"]
            let text = (0..<random.pick([3, 50])).map { _ in
                random.pick(lines) + random.pick(["\n", "\r\n", "\r"])
            }.joined()
            let source = ArrayByteSource(Array(text.utf8), pieceSize: random.pick([1, 7, 64, 100_000]))
            let hash = RecordHash(dialect)
            var all = DelimitedReader(source, dialect: dialect)
            var records: [(number: Int, hash: UInt64)] = []
            while let value = try all.next(hash) { records.append((all.number, value)) }
            let wanted = Set(records.map(\.hash)).filter { _ in random.pick([true, false, false]) }
            var reader = DelimitedReader(source, dialect: dialect)
            var numbers: [Int] = []
            var count = 0
            while let value = try reader.next(hash, among: RecordFilter(Array(wanted))) {
                if wanted.contains(value) { numbers.append(reader.number) }
                count += 1
            }
            #expect(numbers == records.filter { wanted.contains($0.hash) }.map(\.number), "seed \(seed)")
            #expect(reader.number == all.number, "seed \(seed)")
            found += numbers.count
            passed += records.count - count
        }
        #expect(found > 100 && passed > 100, "\(found), \(passed)")
    }

    /// What those rely on who go over the pieces of a text at once.
    @Test func `Behind a line break, before which no record has a fault, a record begins`() throws {
        var (cuts, faults) = (0, 0)
        for seed in UInt64(5_000)..<5_600 {
            var random = Random(state: seed)
            let dialect = try Dialect(
                escape: random.pick(["\"", "\\"]),
                comment: random.pick(["#", nil]),
                hasHeader: false
            )
            let pieces = [
                "a", "b,", ",", "\"", "\"\"", "\\", "#", " ", "\n", "\r", "\r\n", "\u{E9}", "\"c\nd\"", "\n\n",
            ]
            let text = Array((0..<random.pick([4, 30])).map { _ in random.pick(pieces) }.joined().utf8)
            func records(_ bytes: ArraySlice<UInt8>) throws -> [TextRecord] {
                var reader = DelimitedReader(
                    ArrayByteSource(Array(bytes)),
                    dialect: dialect,
                    expectedFields: 2,
                    limits: ReadingLimits(recordSizeMax: 12)
                )
                return try reader.collect()
            }
            let whole = try records(text[...]).map { [$0.fault == nil ? "" : "fault"] + $0.fields + [$0.raw] }
            for cut in text.indices where text[cut] == UInt8(ascii: "\n") {
                let before = try records(text[...cut])
                guard before.allSatisfy({ $0.fault == nil }) else {
                    faults += 1
                    continue
                }
                cuts += 1
                let parts = try (before + records(text[(cut + 1)...]))
                #expect(parts.map { [$0.fault == nil ? "" : "fault"] + $0.fields + [$0.raw] } == whole, "seed \(seed)")
            }
        }
        #expect(cuts > 300 && faults > 300, "\(cuts), \(faults)")
    }

    @Test func `Fields that join to the same text have other hashes`() throws {
        let dialect = try Dialect(hasHeader: false)
        let text = "\"a,b\",c\na,\"b,c\"\n\"a\",\"b\"\na,b\n"
        var reader = DelimitedReader(ArrayByteSource(Array(text.utf8)), dialect: dialect, expectedFields: 2)
        let hash = RecordHash(dialect)
        var values: [UInt64] = []
        while let value = try reader.next(hash) { values.append(value) }
        #expect(values.count == 4)
        #expect(Set(values).count == 3)
        #expect(values[2] == values[3])
    }

    @Test func `With any limit the records and their sizes stay the same, piece by piece`() throws {
        for seed in UInt64(2_000)..<2_200 {
            var random = Random(state: seed)
            let dialect = try dialect(&random)
            let bytes = render(table(&random, dialect), dialect, &random)
            let limits = ReadingLimits(
                recordSizeMax: random.pick([1, 2, 3, 7, 20]),
                rawSizeMax: random.pick([0, 1, 5])
            )
            let whole = try raws(bytes, dialect, piece: .max, limits)
            for piece in [1, 2, 5, 17] {
                #expect(try raws(bytes, dialect, piece: piece, limits) == whole, "seed \(seed), piece \(piece)")
            }
        }
    }

    private struct Seen: Equatable {
        var raw: [UInt8]
        var fault: RecordFault?
        var fields: [[UInt8]]
    }

    private func raws(
        _ bytes: [UInt8],
        _ dialect: Dialect,
        piece: Int,
        _ limits: ReadingLimits = ReadingLimits()
    ) throws -> [Seen] {
        let source = ArrayByteSource(bytes, pieceSize: piece)
        var reader = DelimitedReader(source, dialect: dialect, expectedFields: 2, limits: limits)
        var seen: [Seen] = []
        while try reader.next() {
            let fields = (0..<reader.fieldCount).map { reader.field($0) }
            seen.append(Seen(raw: Array(reader.raw), fault: reader.fault, fields: fields))
        }
        return seen
    }
}
