import Iceberg
import IngotProject

/// When a service looks whether there is something to compact, which takes reading the list of a table's files.
struct CompactionTurns {
    /// How many more files are worth a look.
    private let growth: Int
    /// How many files tables had after they were last looked at.
    private var counts: [TableName: Int] = [:]

    init(minCount: Int) {
        growth = max(1, minCount / 2)
    }

    /// Whether a table is to be looked at now, as it is for the first time and whenever it has grown.
    mutating func take(_ name: TableName, fileCount: Int?) -> Bool {
        guard let fileCount else { return false }
        if let before = counts[name], fileCount < before + growth {
            // A table that became smaller grows from there.
            counts[name] = min(before, fileCount)
            return false
        }
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
