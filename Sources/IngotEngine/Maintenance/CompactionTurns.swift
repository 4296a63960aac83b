import Iceberg
import IngotProject

/// When a service looks whether there is something to compact, which takes reading the list of a table's files.
struct CompactionTurns {
    /// How many files tables had when they were last looked at.
    private var counts: [TableName: Int] = [:]

    /// Whether a table is to be looked at now: for the first time, and whenever it has another number of files.
    mutating func take(_ name: TableName, fileCount: Int?) -> Bool {
        guard let fileCount, counts[name] != fileCount else { return false }
        counts[name] = fileCount
        return true
    }
}

extension LakeTable {
    /// How many data files the table has, where its snapshot says so.
    var dataFileCount: Int? {
        metadata.currentSnapshot?.summary["total-data-files"].flatMap { Int($0) }
    }
}
