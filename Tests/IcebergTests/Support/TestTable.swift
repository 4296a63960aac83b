import Iceberg
import Synchronization

/// A clock and identifiers that repeat exactly.
final class TestEnvironment: Sendable {
    private struct State {
        var time: Int64 = 1_800_000_000_000
        var generator: SplitMix
    }

    private let state: Mutex<State>

    init(seed: UInt64 = 1) {
        state = Mutex(State(generator: SplitMix(state: seed)))
    }

    func advance(_ milliseconds: Int64) {
        state.withLock { $0.time += milliseconds }
    }

    var environment: TableEnvironment {
        TableEnvironment(
            now: { self.state.withLock { $0.time } },
            newUUID: { self.state.withLock { IcebergUUID.random(using: &$0.generator) } }
        )
    }
}

/// A table in memory whose pointer is a variable.
struct TestTable {
    static let identifier = TableIdentifier(Namespace("silver"), "t")
    static let schema = Schema(fields: [
        NestedField(id: 1, name: "id", type: .long), NestedField(id: 2, name: "day", type: .date),
        NestedField(id: 3, name: "name", type: .string),
    ])
    static let spec = PartitionSpec(fields: [
        PartitionField(sourceID: 2, fieldID: 1000, name: "day_part", transform: .day)
    ])

    let io = MemoryFileIO()
    let clock: TestEnvironment
    let files: TableFiles
    let committer: TableCommitter
    private(set) var pointer: String
    private(set) var released: [String] = []

    init(properties: [String: String] = [:], seed: UInt64 = 1, cacheByteCountMax: Int = 32 << 20) async throws {
        clock = TestEnvironment(seed: seed)
        files = TableFiles(io: io, environment: clock.environment, cacheByteCountMax: cacheByteCountMax)
        committer = TableCommitter(files)
        let metadata = TableMetadata(
            uuid: clock.environment.newUUID(),
            location: "/lake/silver/t",
            schema: Self.schema,
            partitionSpec: Self.spec,
            properties: properties,
            timestamp: clock.environment.now()
        )
        pointer = try await committer.prepareCreation(Self.identifier, metadata).location
    }

    var metadata: TableMetadata {
        get async throws { try await files.metadata(at: pointer) }
    }

    static func file(_ name: String, day: Int32?, rows: Int64 = 10, ids: ClosedRange<Int64>? = nil) -> DataFile {
        var file = DataFile(
            path: "/lake/silver/t/data/\(name).parquet",
            partition: [day.map(Literal.date)],
            recordCount: rows,
            fileSize: 1_000
        )
        var statistics: [Int: ColumnStatistics] = [:]
        if let ids {
            statistics[1] = ColumnStatistics(
                valueCount: rows,
                nullCount: 0,
                lowerBound: .long(ids.lowerBound),
                upperBound: .long(ids.upperBound)
            )
        }
        if let day {
            statistics[2] = ColumnStatistics(
                valueCount: rows,
                nullCount: 0,
                lowerBound: .date(day),
                upperBound: .date(day)
            )
        }
        file.setStatistics(statistics, schema: schema)
        return file
    }

    @discardableResult
    mutating func commit(
        _ change: SnapshotChange,
        retention: SnapshotRetention? = nil
    ) async throws -> PreparedCommit {
        let prepared = try await committer.prepare(change, of: Self.identifier, base: pointer, retention: retention)
        move(to: prepared)
        return prepared
    }

    @discardableResult
    mutating func update(_ updates: [TableUpdate]) async throws -> PreparedCommit {
        let prepared = try await committer.prepare(Self.identifier, base: pointer, updates: updates)
        move(to: prepared)
        return prepared
    }

    mutating func move(to commit: PreparedCommit) {
        pointer = commit.location
        released += commit.releasedFiles
    }

    func livePaths(_ filter: Predicate = .always) async throws -> Set<String> {
        Set(try await TableScan(files, metadata: try await metadata, filter: filter).dataFiles().map(\.path))
    }
}

/// A small repeatable generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
