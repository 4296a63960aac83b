import IngotCore

/// What a pipeline says of its tables: at its top for all of them, and under a route's value for one.
struct TableContract {
    var location: SourceLocation
    var silver: SilverSettings?
    /// Whether `silver` is there but could not be read.
    var isSilverBroken = false
    /// Those that could be read.
    var columns: [Column]?
    /// Whether every column was read; where one was not, names cannot be checked against them.
    var isComplete: Bool
    var rules: [Rule]?
    var uniqueKey: [Located<String>]?
    var dedupSort: DedupSort?
    var dedupSortLocation: SourceLocation?
    var expectations: [Expectation]?
    var onExpectationFailure: SilverTable.ExpectationFailure?

    /// What `silver` says.
    struct SilverSettings {
        var location: SourceLocation
        var table: Located<TableName>?
        /// Whether a table is named, but wrongly.
        var isTableBroken = false
        var eventTime: Located<String>?
        var partitionBy: [PartitionField]?
        var sourceRow: Bool?
        var properties: [String: String]
    }

    /// What `dedup_sort` says.
    enum DedupSort {
        case newest
        case oldest
        case keys([SortKey])
    }

    /// One table's contract: this one's lists after the shared ones, its single values instead of them.
    func inheriting(_ shared: TableContract) -> TableContract {
        var result = self
        result.columns = joined(shared.columns, columns)
        result.isComplete = isComplete && shared.isComplete
        result.rules = joined(shared.rules, rules)
        result.expectations = joined(shared.expectations, expectations)
        result.uniqueKey = uniqueKey ?? shared.uniqueKey
        result.dedupSort = dedupSort ?? shared.dedupSort
        result.dedupSortLocation = dedupSortLocation ?? shared.dedupSortLocation
        result.onExpectationFailure = onExpectationFailure ?? shared.onExpectationFailure
        guard let common = shared.silver else { return result }
        result.silver = SilverSettings(
            location: silver?.location ?? common.location,
            table: silver?.table,
            isTableBroken: silver?.isTableBroken ?? false,
            eventTime: silver?.eventTime ?? common.eventTime,
            partitionBy: silver?.partitionBy ?? common.partitionBy,
            sourceRow: silver?.sourceRow ?? common.sourceRow,
            properties: common.properties.merging(silver?.properties ?? [:]) { $1 }
        )
        return result
    }

    private func joined<Element>(_ first: [Element]?, _ second: [Element]?) -> [Element]? {
        guard first != nil || second != nil else { return nil }
        return (first ?? []) + (second ?? [])
    }
}
