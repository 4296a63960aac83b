import DelimitedText
import DuckDB
import IngotProject

/// The rejected records of a large group: collected while the accepted ones are written, and numbered afterwards.
///
/// The query engine does not know the numbers of the records that it reads. They are found by going over the text for
/// records with the same fields; such are rejected alike, so it does not matter which of them is which.
struct RejectedRecords {
    /// A group whose rejected records are numbered.
    struct Numbered {
        let rows: RowCollector.Rows
        /// The position in the group of each row's object.
        let positions: [Int]
        /// The number of each row's record.
        var numbers: [Int64]
        /// How many records each object has.
        var counts: [Int] = []

        /// The rows in the order of the records.
        var order: [Int] {
            numbers.indices.sorted { (positions[$0], numbers[$0]) < (positions[$1], numbers[$1]) }
        }
    }

    /// What the reading has as ``Internal/index`` for each object of the group.
    let indices: [Int]
    private let collector: RowCollector

    /// - Parameters:
    ///   - indices: What the reading has as ``Internal/index`` for each object of the group.
    ///   - sizeMax: How many bytes the records may take to be held; of more, the number is known.
    init(indices: [Int], sizeMax: Int) {
        self.indices = indices
        collector = RowCollector(sizeMax: sizeMax)
    }

    /// The expression that is TRUE for a sound record; the fields of another it collects.
    ///
    /// - Parameter fields: The fields as text.
    /// - Returns: A `BOOLEAN`, never NULL.
    func isSound(_ fields: [String]) -> String {
        "CASE WHEN \(Internal.broken) = 0 THEN TRUE ELSE \(collector.call(Internal.index, fields)) END"
    }

    /// Whether no record is rejected.
    var isEmpty: Bool { collector.rows.counts.isEmpty }

    /// How many records of the object with this index are rejected.
    func count(at index: Int) -> Int {
        collector.rows.counts[Int64(index)] ?? 0
    }

    /// Numbers the records.
    ///
    /// - Parameters:
    ///   - objects: The objects of the group, with how many records of each were accepted.
    ///   - signature: How they are read.
    ///   - walk: Goes over their records.
    /// - Returns: `nil` where the numbers cannot be told for certain, as where the text is not read here.
    /// - Throws: `IngotError` where an object cannot be read; `CancellationError`.
    func numbered(
        _ objects: [BatchObject],
        _ signature: ReadSignature,
        _ walk: RecordWalk
    ) async throws -> Numbered? {
        let rows = collector.rows
        guard rows.isComplete else { return nil }
        let hash = RecordHash(try walk.source.dialect)
        let places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
        var numbered = Numbered(
            rows: rows,
            positions: rows.numbers.map { places[Int($0)] ?? 0 },
            numbers: Array(repeating: 0, count: rows.numbers.count)
        )
        for (position, object) in objects.enumerated() {
            let own = numbered.positions.indices.filter { numbered.positions[$0] == position }
            let hashes = own.map { row in
                hash.hash(count: rows.textCount) { rows.bytes[rows.range(row, $0)] }
            }
            let search = RecordWalk.Search(hash, for: hashes)
            guard let outcome = try await walk.outcome(of: object, signature, search),
                outcome.count == object.acceptedApart + own.count
            else { return nil }
            var places = RecordPlaces(hashes)
            for (hash, number) in outcome.found {
                guard let place = places.take(hash) else { return nil }
                numbered.numbers[own[place]] = Int64(number)
            }
            guard places.isEmpty else { return nil }
            numbered.counts.append(outcome.count)
        }
        return numbered
    }
}

/// The places of records by their hashes, each of which is given out once.
private struct RecordPlaces {
    /// The next place of each hash; -1 where all were given out.
    private var heads: [UInt64: Int] = [:]
    /// The place of the same hash after each; -1 for none.
    private var nexts: [Int]
    private var remaining: Int

    init(_ hashes: [UInt64]) {
        nexts = Array(repeating: -1, count: hashes.count)
        remaining = hashes.count
        for (index, hash) in hashes.enumerated().reversed() {
            nexts[index] = heads[hash] ?? -1
            heads[hash] = index
        }
    }

    /// Whether all were given out.
    var isEmpty: Bool { remaining == 0 }

    /// The first place of a record with this hash that was not given out before.
    mutating func take(_ hash: UInt64) -> Int? {
        guard let index = heads[hash], index >= 0 else { return nil }
        heads[hash] = nexts[index]
        remaining -= 1
        return index
    }
}
