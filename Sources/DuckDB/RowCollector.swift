import Synchronization

/// Takes rows that a statement hands over while it runs, so that one reading of an input has two outcomes.
///
/// ```swift
/// let collector = RowCollector(sizeMax: 1 << 20)
/// try await connection.execute(
///     "CREATE TABLE good AS FROM t WHERE CASE WHEN x > 0 THEN TRUE ELSE \(collector.call("x", ["name"])) END"
/// )
/// let others = collector.rows
/// ```
///
/// The function has to be registered once in a database: ``Connection/registerRowCollectors()``. Rows come in any order,
/// from any of DuckDB's threads. DuckDB is told that the call has an effect, but promises nothing: whoever relies on
/// each row coming once counts them.
public final class RowCollector: Sendable {
    /// Rows, each of a number and as many texts as every other.
    public struct Rows: Sendable {
        /// How many rows came with each number, those that found no room too.
        public fileprivate(set) var counts: [Int64: Int] = [:]
        /// Whether all rows found room; else there are none.
        public fileprivate(set) var isComplete = true
        /// The numbers of the rows.
        public fileprivate(set) var numbers: [Int64] = []
        /// How many texts a row has.
        public fileprivate(set) var textCount = 0
        /// The bytes of all texts, row by row, in UTF-8; of a NULL there are none.
        public fileprivate(set) var bytes: [UInt8] = []
        /// Where each text ends in ``bytes``, row by row.
        fileprivate(set) var ends: [Int] = []

        /// How many bytes the rows take.
        fileprivate var size: Int { bytes.count + 8 * (ends.count + numbers.count) }

        /// Keeps no rows any more.
        fileprivate mutating func giveUp() {
            isComplete = false
            (numbers, bytes, ends) = ([], [], [])
        }

        /// The place in ``bytes`` of a row's text.
        public func range(_ row: Int, _ text: Int) -> Range<Int> {
            let index = row * textCount + text
            return (index == 0 ? 0 : ends[index - 1])..<ends[index]
        }
    }

    /// The function's name in SQL.
    static let functionName = "ingot_collect"

    private struct Weak {
        weak var collector: RowCollector?
    }

    private static let lastID = Atomic<Int64>(0)
    private static let collectors = Mutex<[Int64: Weak]>([:])

    private let id: Int64
    private let sizeMax: Int
    private let collected = Mutex(Rows())

    /// Makes a collector that is empty.
    ///
    /// - Parameter sizeMax: How many bytes it has room for, of texts and 8 more for each text and each number. Where rows
    ///   need more, none is kept, and only their numbers are counted.
    public init(sizeMax: Int) {
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        self.sizeMax = sizeMax
        Self.collectors.withLock { $0[id] = Weak(collector: self) }
    }

    deinit {
        Self.collectors.withLock { $0[id] = nil }
    }

    /// The rows that came so far.
    public var rows: Rows { collected.withLock { $0 } }

    /// The expression of SQL that hands a row over; it is FALSE.
    ///
    /// - Parameters:
    ///   - number: An expression that becomes a `BIGINT`, not NULL.
    ///   - texts: Expressions of type `VARCHAR`.
    /// - Returns: A `BOOLEAN` expression.
    public func call(_ number: String, _ texts: [String]) -> String {
        let arguments = ["\(id)", "CAST(\(number) AS BIGINT)"] + texts
        return "\(Self.functionName)(\(arguments.joined(separator: ", ")))"
    }

    /// The collector of a call, as long as it lives.
    static func find(_ id: Int64) -> RowCollector? {
        collectors.withLock { $0[id]?.collector }
    }

    /// Takes rows; the closure appends the bytes of a text, given the row and the text.
    func take(_ numbers: [Int64], textCount: Int, _ append: (Int, Int, inout [UInt8]) -> Void) {
        collected.withLock { rows in
            rows.textCount = textCount
            for (row, number) in numbers.enumerated() {
                rows.counts[number, default: 0] += 1
                guard rows.isComplete else { continue }
                for text in 0..<textCount {
                    append(row, text, &rows.bytes)
                    rows.ends.append(rows.bytes.count)
                }
                rows.numbers.append(number)
                if rows.size > sizeMax { rows.giveUp() }
            }
        }
    }
}

extension Connection {
    /// Makes the function that collectors need known to all connections of the database.
    ///
    /// - Throws: `DuckDBError` where it is known already.
    public func registerRowCollectors() async throws {
        try await perform { session, _ in try session.registerRowCollectors() }
    }
}
