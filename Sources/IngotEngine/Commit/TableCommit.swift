import Iceberg
import IngotCore
import IngotProject

/// Turns what a batch changes in tables into metadata files that wait for their pointers.
struct TableCommit {
    /// A change whose files are at their places.
    struct Placed: Sendable {
        var change: TableChange
        /// The files to add: new rows, and what stays of rewritten files.
        var added: [DataFile]
        var removed: [DataFile]
        /// The sequence numbers of files to add whose rows are older, by their locations.
        var sequenceNumbers: [String: Int64] = [:]
    }

    let lake: Lake
    /// Names the batch, in file names and in the snapshots' summaries.
    let loadID: String
    let retention: TableRetention

    /// Moves staged files to their places in the tables.
    ///
    /// The places are made from the batch's name, so that a second attempt overwrites the first one's files.
    func place(_ changes: [TableChange]) async throws -> [Placed] {
        var moves: [StagedMove] = []
        var placed: [Placed] = []
        for change in changes {
            var added: [DataFile] = []
            var sequenceNumbers: [String: Int64] = [:]
            let folder = "\(lake.location(of: change.shape.definition.name))/data"
            for staged in change.added {
                let values = try staged.partitionValues(schema: change.shape.schema, spec: change.shape.spec)
                let path = change.shape.spec.path(of: values)
                let name = "\(loadID)-\(added.count).parquet"
                let location = path.isEmpty ? "\(folder)/\(name)" : "\(folder)/\(path)/\(name)"
                moves.append(StagedMove(from: staged.path, to: location))
                added.append(
                    try staged.dataFile(at: location, schema: change.shape.schema, spec: change.shape.spec)
                )
            }
            for rewrite in change.rewrites {
                guard let rest = rewrite.rest else { continue }
                let location = "\(Self.parent(of: rewrite.old, in: folder))/\(loadID)-\(added.count).parquet"
                moves.append(StagedMove(from: rest.path, to: location))
                var file = DataFile(
                    path: location,
                    specID: rewrite.old.specID,
                    partition: rewrite.old.partition,
                    recordCount: rest.rowCount,
                    fileSize: rest.size
                )
                file.setStatistics(duckDB: rest.statistics, schema: change.shape.schema)
                added.append(file)
                sequenceNumbers[location] = rewrite.sequenceNumber
            }
            placed.append(
                Placed(
                    change: change,
                    added: added,
                    removed: change.rewrites.map(\.old),
                    sequenceNumbers: sequenceNumbers
                )
            )
        }
        try await lake.storage.promote(moves)
        return placed
    }

    /// The folder of what takes a file's place: the file's own, if it lies below the table's folder of data files, as one
    /// of another engine may not.
    private static func parent(of file: DataFile, in folder: String) -> String {
        let path = FileLocation.normalized(file.path)
        guard path.hasPrefix(folder + "/"), !path.contains("/../"), let slash = path.lastIndex(of: "/") else {
            return folder
        }
        return String(path[..<slash])
    }

    /// Writes the next metadata of a table.
    ///
    /// - Throws: `IngotError` with `tableChanged` where the files do not fit the table any more.
    func prepare(_ placed: Placed, on table: LakeTable?) async throws -> PreparedCommit {
        let shape = placed.change.shape
        let identifier = shape.definition.name.identifier
        if let base = placed.change.base, base.metadataLocation != table?.metadataLocation {
            throw Self.changed(shape.definition.name)
        }
        let newer =
            if placed.change.keepsRows, let table { TableShape(asItIs: table) } else {
                try TableShape(shape.definition, table: table)
            }
        guard shape.isSameLayout(as: newer) else { throw Self.changed(shape.definition.name) }
        if placed.change.keepsRows { try await refuseDeletes(table, shape.definition.name) }
        var removed = placed.removed
        if placed.change.replacesAll, let table {
            removed = try await TableScan(lake.files, metadata: table.metadata).dataFiles()
        }
        var summary = ["ingot.load-id": loadID]
        summary[TableMetadata.rowsBeforeMember] = table?.metadata.rowsBefore.map(String.init)
        let change = SnapshotChange(
            operation: placed.change.keepsRows ? .replace : nil,
            adding: placed.added,
            removing: removed,
            sequenceNumbers: placed.sequenceNumbers,
            summary: summary
        )
        let committer = TableCommitter(lake.files)
        guard let table, let base = table.metadataLocation, let updates = newer.updates else {
            return try await create(shape, change, committer)
        }
        do {
            return try await committer.prepare(
                change,
                of: identifier,
                base: base,
                updates: updates,
                retention: SnapshotRetention()
            )
        } catch let error as IcebergError where error.code == .commitConflict {
            throw Self.changed(shape.definition.name)
        }
    }

    private func create(
        _ shape: TableShape,
        _ change: SnapshotChange,
        _ committer: TableCommitter
    ) async throws -> PreparedCommit {
        let name = shape.definition.name
        var properties = retention.properties
        properties.merge(shape.definition.properties) { $1 }
        let empty = TableMetadata(
            uuid: lake.newUUID(),
            location: lake.location(of: name),
            schema: shape.schema,
            partitionSpec: shape.spec,
            properties: properties,
            timestamp: lake.now()
        )
        let snapshot = try await SnapshotWriter(lake.files).write(change, to: empty)
        let metadata = try empty.applying(snapshot.updates, now: lake.now())
        return try await committer.prepareCreation(name.identifier, metadata, writtenFiles: snapshot.writtenFiles)
    }

    /// Refuses a table in which another engine has deleted rows: what it deleted may be in the files that are replaced.
    private func refuseDeletes(_ table: LakeTable?, _ name: TableName) async throws {
        guard let snapshot = table?.metadata.currentSnapshot else { return }
        guard try await !lake.files.manifests(of: snapshot).contains(where: { $0.content == .deletes }) else {
            throw Self.changed(name)
        }
    }

    /// What a batch fails with that was staged for another state of a table.
    static func changed(_ name: TableName) -> IngotError {
        IngotError(
            .tableChanged,
            "the table \(name) changed while a batch for it was staged",
            hint: "ingot run",
            isRetryable: true
        )
    }
}

/// How long a table's earlier states can be read.
struct TableRetention: Sendable {
    var maxAge: Duration
    var minCount: Int
    var maxCount: Int

    init(_ settings: Settings) {
        maxAge = settings.maxSnapshotAge
        minCount = settings.minSnapshotsToKeep
        maxCount = settings.maxSnapshotsToKeep
    }

    /// The properties that a new table says it with.
    var properties: [String: String] {
        [
            TableProperties.Key.maxSnapshotAge: String(maxAge.components.seconds * 1000),
            TableProperties.Key.minSnapshotsToKeep: String(minCount),
            TableProperties.Key.maxSnapshotsToKeep: String(maxCount),
            TableProperties.Key.deletesOldMetadataFiles: "true",
            TableProperties.Key.previousMetadataFilesMax: "20",
        ]
    }
}

extension TableName {
    /// The name as the table library writes it.
    var identifier: TableIdentifier {
        TableIdentifier(Namespace(namespace), name)
    }
}
