import Iceberg
import Testing

@Suite("Scans")
struct ScanTests {
    /// Rows of a file: what the statistics are of.
    private struct Rows {
        var file: DataFile
        var values: [(id: Int64?, name: String?, day: Int32?)]
    }

    private static let schema = Schema(fields: [
        NestedField(id: 1, name: "id", type: .long), NestedField(id: 2, name: "day", type: .date),
        NestedField(id: 3, name: "name", type: .string),
    ])

    private static let specs: [PartitionSpec] = [
        .unpartitioned,
        PartitionSpec(
            id: 0,
            fields: [PartitionField(sourceID: 2, fieldID: 1000, name: "m", transform: .month)]
        ),
        PartitionSpec(
            id: 0,
            fields: [
                PartitionField(sourceID: 1, fieldID: 1000, name: "b", transform: .bucket(4)),
                PartitionField(sourceID: 3, fieldID: 1001, name: "t", transform: .truncate(1)),
            ]
        ),
        PartitionSpec(id: 0, fields: [PartitionField(sourceID: 1, fieldID: 1000, name: "id", transform: .identity)]),
    ]

    private func rows(_ number: Int, _ spec: PartitionSpec, _ generator: inout SplitMix) -> Rows {
        let names = ["a", "ab", "b", "Z", "é", String(repeating: "a", count: 20), ""]
        var values: [(id: Int64?, name: String?, day: Int32?)] = []
        let base = Int64.random(in: -20...20, using: &generator)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            values.append(
                (
                    Int.random(in: 0..<5, using: &generator) == 0
                        ? nil : base + Int64.random(in: 0...3, using: &generator),
                    Int.random(in: 0..<4, using: &generator) == 0 ? nil : names.randomElement(using: &generator),
                    Int.random(in: 0..<5, using: &generator) == 0 ? nil : Int32.random(in: -40...40, using: &generator)
                )
            )
        }
        if !spec.fields.isEmpty {
            // All rows of a file are in one partition: repeat the first.
            values = [values[0]]
        }
        let first = values[0]
        let sources: [Int: Literal?] = [
            1: first.id.map(Literal.long), 2: first.day.map(Literal.date), 3: first.name.map(Literal.string),
        ]
        var file = DataFile(
            path: "/f\(number)",
            partition: spec.fields.map { $0.transform.apply(sources[$0.sourceID] ?? nil) },
            recordCount: Int64(values.count),
            fileSize: 1
        )
        if Int.random(in: 0..<4, using: &generator) > 0 {
            let columns: [(Int, [Literal?])] = [
                (1, values.map { $0.id.map(Literal.long) }), (2, values.map { $0.day.map(Literal.date) }),
                (3, values.map { $0.name.map(Literal.string) }),
            ]
            var statistics: [Int: ColumnStatistics] = [:]
            for (id, column) in columns {
                let present = column.compactMap { $0 }.sorted { $0.isLess(than: $1) == true }
                statistics[id] = ColumnStatistics(
                    valueCount: Int64(column.count),
                    nullCount: Int64(column.count - present.count),
                    lowerBound: present.first,
                    upperBound: present.last
                )
            }
            file.setStatistics(statistics, schema: Self.schema)
        }
        return Rows(file: file, values: values)
    }

    private func predicate(_ generator: inout SplitMix, depth: Int = 0) -> Predicate {
        let comparisons: [Predicate.Comparison] = [
            .lessThan, .lessThanOrEqual, .equal, .notEqual, .greaterThanOrEqual, .greaterThan,
        ]
        let comparison = comparisons[Int.random(in: 0..<6, using: &generator)]
        let number = Int64.random(in: -22...24, using: &generator)
        switch Int.random(in: 0..<(depth > 2 ? 6 : 9), using: &generator) {
        case 0, 1: return .compare("id", comparison, .long(number))
        case 2: return .compare("day", comparison, .date(Int32(number) * 2))
        case 3:
            return .compare(
                "name",
                comparison,
                .string(["a", "aa", "b", "é", ""].randomElement(using: &generator) ?? "")
            )
        case 4: return .oneOf("id", [.long(number), .long(number + 5)])
        case 5: return Bool.random(using: &generator) ? .isNull("name") : .isNotNull("id")
        case 6: return .not(predicate(&generator, depth: depth + 1))
        case 7: return .and([predicate(&generator, depth: depth + 1), predicate(&generator, depth: depth + 1)])
        default: return .or([predicate(&generator, depth: depth + 1), predicate(&generator, depth: depth + 1)])
        }
    }

    /// SQL's three-valued logic over one row.
    private func evaluate(_ predicate: Predicate, _ row: (id: Int64?, name: String?, day: Int32?)) -> Bool? {
        func value(_ column: String) -> Literal? {
            switch column {
            case "id": row.id.map(Literal.long)
            case "day": row.day.map(Literal.date)
            default: row.name.map(Literal.string)
            }
        }
        switch predicate {
        case .always: return true
        case .never: return false
        case .isNull(let column): return value(column) == nil
        case .isNotNull(let column): return value(column) != nil
        case .not(let inner): return evaluate(inner, row).map { !$0 }
        case .and(let parts):
            let results = parts.map { evaluate($0, row) }
            return results.contains(false) ? false : results.contains(nil) ? nil : true
        case .or(let parts):
            let results = parts.map { evaluate($0, row) }
            return results.contains(true) ? true : results.contains(nil) ? nil : false
        case .oneOf(let column, let literals):
            return value(column).map(literals.contains)
        case .compare(let column, let comparison, let literal):
            guard let value = value(column), let less = value.isLess(than: literal) else { return nil }
            let equal = value == literal
            switch comparison {
            case .lessThan: return less
            case .lessThanOrEqual: return less || equal
            case .equal: return equal
            case .notEqual: return !equal
            case .greaterThanOrEqual: return !less
            case .greaterThan: return !less && !equal
            }
        }
    }

    @Test("No file with a wanted row is ever left out, and many without are", arguments: 0..<4)
    func pruning(specNumber: Int) async throws {
        let spec = Self.specs[specNumber]
        var generator = SplitMix(state: UInt64(specNumber) + 100)
        let clock = TestEnvironment(seed: 5)
        let files = TableFiles(io: MemoryFileIO(), environment: clock.environment)
        var metadata = TableMetadata(
            uuid: clock.environment.newUUID(),
            location: "/t",
            schema: Self.schema,
            partitionSpec: spec,
            timestamp: 0
        )
        var all: [Rows] = []
        for round in 0..<6 {
            let added = (0..<10).map { rows(round * 10 + $0, spec, &generator) }
            let prepared = try await SnapshotWriter(files).write(
                SnapshotChange(adding: added.map(\.file)),
                to: metadata
            )
            metadata = try metadata.applying(prepared.updates, now: clock.environment.now())
            all += added
        }
        var skipped = 0
        for _ in 0..<150 {
            let filter = predicate(&generator)
            let found = Set(try await TableScan(files, metadata: metadata, filter: filter).dataFiles().map(\.path))
            for rows in all {
                let isWanted = rows.values.contains { evaluate(filter, $0) == true }
                if isWanted { #expect(found.contains(rows.file.path), "\(filter) \(rows.values)") }
                if !found.contains(rows.file.path) { skipped += 1 }
            }
        }
        #expect(skipped > 150 * 60 / 5)
    }

    @Test("An interval reads only its files and its manifests")
    func interval() async throws {
        var table = try await TestTable(cacheByteCountMax: 0)
        for day in Int32(0)..<10 {
            try await table.commit(SnapshotChange(adding: [TestTable.file("d\(day)", day: day)]))
        }
        let before = table.io.counts.reads
        let found = try await table.livePaths(.range("day", from: .date(3), to: .date(5)))
        #expect(Set(found.map(FileLocation.name(of:))) == ["d3.parquet", "d4.parquet"])
        // The metadata, the list and two of ten manifests.
        #expect(table.io.counts.reads - before == 4)
    }

    @Test("Values that are no numbers keep a file in every comparison")
    func notANumber() async throws {
        let schema = Schema(fields: [NestedField(id: 1, name: "x", type: .double)])
        let files = TableFiles(io: MemoryFileIO())
        var metadata = TableMetadata(uuid: .random(), location: "/t", schema: schema, timestamp: 0)
        var file = DataFile(path: "/f", recordCount: 2, fileSize: 1)
        file.setStatistics(
            [1: ColumnStatistics(valueCount: 2, nullCount: 0, lowerBound: .double(1), upperBound: .double(2))],
            schema: schema
        )
        var clean = file
        clean.path = "/clean"
        clean.nanValueCounts[1] = 0
        let prepared = try await SnapshotWriter(files).write(SnapshotChange(adding: [file, clean]), to: metadata)
        metadata = try metadata.applying(prepared.updates, now: 0)
        let found = try await TableScan(
            files,
            metadata: metadata,
            filter: .compare("x", .greaterThan, .double(5))
        ).dataFiles()
        #expect(found.map(\.path) == ["/f"])
    }

    @Test("A filter that the table does not take is an error")
    func wrongFilter() async throws {
        var table = try await TestTable()
        try await table.commit(SnapshotChange(adding: [TestTable.file("a", day: 1)]))
        await #expect(throws: IcebergError.self) { try await table.livePaths(.isNull("nope")) }
        await #expect(throws: IcebergError.self) { try await table.livePaths(.compare("id", .equal, .string("x"))) }
    }
}
