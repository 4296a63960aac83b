/// The partitions of a table, and beside them one for each condition that rows break.
///
/// A COPY looks up the partition of every row, at a cost for each of its columns; so a condition hides in the first
/// one, below all of its numbers, if that is an INTEGER.
struct MarkedPartitions {
    /// The partition columns of the COPY.
    let keys: [String]
    /// Their values, of rows with ``Internal/broken``.
    let columns: [String]
    private let isFolded: Bool

    /// - Parameters:
    ///   - values: The name and the value of each of the table's own partition columns.
    ///   - isInteger: Whether the first of them is an INTEGER.
    init(values: [(key: String, value: String)], isInteger: Bool) {
        let isSound = "\(Internal.broken) = 0"
        let sound = values.map { "CASE WHEN \(isSound) THEN \($1) END AS \($0)" }
        isFolded = isInteger
        guard isInteger, let first = values.first else {
            keys = values.map(\.key) + [Internal.broken]
            columns = sound + [Internal.broken]
            return
        }
        let folded = """
            CASE WHEN \(isSound) THEN CAST(\(first.value) AS BIGINT) ELSE \(Int32.min) - CAST(\(Internal.broken) AS BIGINT) END
            """
        keys = values.map(\.key)
        columns = ["\(folded) AS \(first.key)"] + sound.dropFirst()
    }

    /// The condition whose partition this is; otherwise leaves the partition of the table.
    func condition(of partition: inout [String?]) -> Int? {
        guard isFolded else {
            let condition = partition.removeLast().flatMap { Int($0) } ?? 0
            return condition == 0 ? nil : condition
        }
        guard let number = partition[0].flatMap({ Int($0) }), number < Int32.min else { return nil }
        return Int(Int32.min) - number
    }
}
