/// The counts of a snapshot's summary, named as the reference implementation names them.
struct SnapshotSummary {
    private struct Counts {
        var dataFiles: Int64 = 0
        var deleteFiles: Int64 = 0
        var positionDeleteFiles: Int64 = 0
        var equalityDeleteFiles: Int64 = 0
        var records: Int64 = 0
        var positionDeletes: Int64 = 0
        var equalityDeletes: Int64 = 0
        var size: Int64 = 0

        init(_ files: [DataFile]) {
            for file in files {
                size += file.fileSize
                switch file.content {
                case .data:
                    dataFiles += 1
                    records += file.recordCount
                case .positionDeletes:
                    deleteFiles += 1
                    positionDeleteFiles += 1
                    positionDeletes += file.recordCount
                case .equalityDeletes:
                    deleteFiles += 1
                    equalityDeleteFiles += 1
                    equalityDeletes += file.recordCount
                }
            }
        }
    }

    private let added: Counts
    private let removed: Counts
    private let changedPartitions: Int

    init(added: [DataFile], removed: [DataFile], metadata: TableMetadata) {
        self.added = Counts(added)
        self.removed = Counts(removed)
        var partitions: Set<String> = []
        for file in added + removed {
            let spec = metadata.partitionSpec(id: file.specID) ?? .unpartitioned
            partitions.insert("\(spec.id)/\(spec.path(of: file.partition))")
        }
        changedPartitions = partitions.count
    }

    func members(
        operation: SnapshotChange.Operation,
        parent: Snapshot?,
        extra: [String: String]
    ) -> [String: String] {
        var members = extra
        members["operation"] = operation.rawValue
        let changes: [(String, Int64)] = [
            ("added-data-files", added.dataFiles), ("deleted-data-files", removed.dataFiles),
            ("added-delete-files", added.deleteFiles), ("removed-delete-files", removed.deleteFiles),
            ("added-position-delete-files", added.positionDeleteFiles),
            ("removed-position-delete-files", removed.positionDeleteFiles),
            ("added-equality-delete-files", added.equalityDeleteFiles),
            ("removed-equality-delete-files", removed.equalityDeleteFiles),
            ("added-records", added.records), ("deleted-records", removed.records),
            ("added-position-deletes", added.positionDeletes), ("removed-position-deletes", removed.positionDeletes),
            ("added-equality-deletes", added.equalityDeletes), ("removed-equality-deletes", removed.equalityDeletes),
            ("added-files-size", added.size), ("removed-files-size", removed.size),
        ]
        for (name, count) in changes where count > 0 { members[name] = "\(count)" }
        members["changed-partition-count"] = "\(changedPartitions)"
        let totals: [(String, Int64)] = [
            ("total-data-files", added.dataFiles - removed.dataFiles),
            ("total-delete-files", added.deleteFiles - removed.deleteFiles),
            ("total-records", added.records - removed.records),
            ("total-position-deletes", added.positionDeletes - removed.positionDeletes),
            ("total-equality-deletes", added.equalityDeletes - removed.equalityDeletes),
            ("total-files-size", added.size - removed.size),
        ]
        for (name, change) in totals {
            // A parent that does not tell its total leaves this one unknown; a first snapshot starts from nothing.
            let before = parent.map { $0.summary[name].flatMap { Int64($0) } } ?? 0
            members[name] = before.map { "\(max(0, $0 + change))" }
        }
        return members
    }
}
