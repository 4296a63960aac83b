import JSONTree

/// Writes one manifest of format version 2 into memory and keeps count for the manifest list.
public struct ManifestWriter: Sendable {
    private let spec: PartitionSpec
    private let types: [IcebergType]
    private let content: ManifestFile.Content
    private let snapshotID: Int64
    private var file: AvroFileWriter
    private var counts: [ManifestEntry.Status: (files: Int, rows: Int64)] = [:]
    private var minSequenceNumber: Int64?
    private var summaries: [PartitionSummaryBuilder]

    /// A writer of a manifest for a snapshot of a table.
    public init(
        spec: PartitionSpec,
        metadata: TableMetadata,
        content: ManifestFile.Content,
        snapshotID: Int64,
        environment: TableEnvironment
    ) {
        self.spec = spec
        self.content = content
        self.snapshotID = snapshotID
        types = metadata.partitionTypes(of: spec)
        summaries = types.map { _ in PartitionSummaryBuilder() }
        file = AvroFileWriter(
            schema: ManifestSchemas.manifestEntry(spec: spec, types: types),
            metadata: [
                ("schema", metadata.currentSchema.json.text()),
                ("partition-spec", JSON.array(spec.fields.map(\.json)).text()),
                ("partition-spec-id", "\(spec.id)"),
                ("format-version", "2"),
                ("content", content == .data ? "data" : "deletes"),
            ],
            syncMarker: environment.newUUID()
        )
    }

    /// About how many bytes the manifest has so far.
    public var byteCount: Int {
        file.byteCount
    }

    /// How many entries have been added.
    public var entryCount: Int {
        counts.values.reduce(0) { $0 + $1.files }
    }

    /// Adds an entry; the sequence numbers of an added file may be left open.
    ///
    /// - Throws: ``IcebergError`` where a partition value does not have the type that the spec gives.
    public mutating func append(_ entry: ManifestEntry) throws {
        guard entry.file.partition.count == types.count else {
            throw IcebergError(
                .invalidArgument,
                "\(entry.file.path) has \(entry.file.partition.count) partition values; the spec has \(types.count)"
            )
        }
        var partition: [AvroValue] = []
        for (position, value) in entry.file.partition.enumerated() {
            let value = try value.map { try checked($0, position, entry.file.path) }
            partition.append(AvroValue(value?.avro(types[position])))
            summaries[position].add(value)
        }
        try file.append(
            .record([
                .integer(Int64(entry.status.rawValue)), AvroValue(entry.snapshotID.map(AvroValue.integer)),
                AvroValue(entry.sequenceNumber.map(AvroValue.integer)),
                AvroValue(entry.fileSequenceNumber.map(AvroValue.integer)), entry.file.avro(partition: partition),
            ])
        )
        let count = counts[entry.status] ?? (0, 0)
        counts[entry.status] = (count.files + 1, count.rows + entry.file.recordCount)
        if entry.isLive, let number = entry.sequenceNumber {
            minSequenceNumber = min(minSequenceNumber ?? number, number)
        }
    }

    private func checked(_ value: Literal, _ position: Int, _ path: String) throws -> Literal {
        guard let value = value.promoted(to: types[position]) else {
            throw IcebergError(
                .invalidArgument,
                "the partition value \(value) of \(path) is no \(types[position]), as \(spec.fields[position].name) is"
            )
        }
        return value
    }

    /// Ends the manifest: its bytes, and what a manifest list says of it.
    ///
    /// - Throws: ``IcebergError`` where compressing fails.
    public mutating func finish(path: String, sequenceNumber: Int64) throws -> (bytes: [UInt8], file: ManifestFile) {
        let bytes = try file.finish()
        // An added file without a number gets the snapshot's, which is greater than every other.
        let manifest = ManifestFile(
            path: path,
            length: Int64(bytes.count),
            specID: spec.id,
            content: content,
            sequenceNumber: sequenceNumber,
            minSequenceNumber: minSequenceNumber ?? sequenceNumber,
            addedSnapshotID: snapshotID,
            addedFiles: counts[.added]?.files ?? 0,
            existingFiles: counts[.existing]?.files ?? 0,
            deletedFiles: counts[.deleted]?.files ?? 0,
            addedRows: counts[.added]?.rows ?? 0,
            existingRows: counts[.existing]?.rows ?? 0,
            deletedRows: counts[.deleted]?.rows ?? 0,
            partitions: summaries.map(\.summary),
            keyMetadata: nil
        )
        return (bytes, manifest)
    }
}

/// Collects the range of one partition field over the files of a manifest.
private struct PartitionSummaryBuilder {
    private var containsNull = false
    private var containsNaN = false
    private var lower: Literal?
    private var upper: Literal?

    mutating func add(_ value: Literal?) {
        guard let value else {
            containsNull = true
            return
        }
        guard !value.isNaN else {
            containsNaN = true
            return
        }
        if lower.map({ value.isLess(than: $0) == true }) ?? true { lower = value }
        if upper.map({ $0.isLess(than: value) == true }) ?? true { upper = value }
    }

    var summary: ManifestFile.FieldSummary {
        ManifestFile.FieldSummary(
            containsNull: containsNull,
            containsNaN: containsNaN,
            lowerBound: lower?.singleValueBytes,
            upperBound: upper?.singleValueBytes
        )
    }
}

extension DataFile {
    fileprivate func avro(partition: [AvroValue]) -> AvroValue {
        .record([
            .integer(Int64(content.rawValue)), .string(path), .string(format), .record(partition),
            .integer(recordCount), .integer(fileSize),
            Self.map(columnSizes, AvroValue.integer), Self.map(valueCounts, AvroValue.integer),
            Self.map(nullValueCounts, AvroValue.integer), Self.map(nanValueCounts, AvroValue.integer),
            Self.map(lowerBounds, AvroValue.bytes), Self.map(upperBounds, AvroValue.bytes),
            AvroValue(keyMetadata.map(AvroValue.bytes)),
            splitOffsets.isEmpty ? .null : .array(splitOffsets.map(AvroValue.integer)),
            equalityIDs.isEmpty ? .null : .array(equalityIDs.map { .integer(Int64($0)) }),
            AvroValue(sortOrderID.map { .integer(Int64($0)) }),
            AvroValue(referencedDataFile.map(AvroValue.string)),
        ])
    }

    private static func map<Value>(_ map: [Int: Value], _ convert: (Value) -> AvroValue) -> AvroValue {
        guard !map.isEmpty else { return .null }
        return .array(
            map.sorted { $0.key < $1.key }.map { .record([.integer(Int64($0.key)), convert($0.value)]) }
        )
    }
}
