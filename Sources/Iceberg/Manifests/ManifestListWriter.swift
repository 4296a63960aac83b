/// Writes manifest lists of format version 2.
public enum ManifestListWriter: Sendable {
    /// The bytes of the manifest list of a snapshot.
    ///
    /// - Throws: ``IcebergError`` where compressing fails.
    public static func bytes(
        _ manifests: [ManifestFile],
        snapshotID: Int64,
        parentID: Int64?,
        sequenceNumber: Int64,
        environment: TableEnvironment
    ) throws -> [UInt8] {
        var file = AvroFileWriter(
            schema: ManifestSchemas.manifestFile,
            schemaText: ManifestSchemas.manifestFileText,
            metadata: [
                ("snapshot-id", "\(snapshotID)"), ("parent-snapshot-id", parentID.map { "\($0)" } ?? "null"),
                ("sequence-number", "\(sequenceNumber)"), ("format-version", "2"),
            ],
            syncMarker: environment.newUUID()
        )
        for manifest in manifests { try file.append(manifest.avro) }
        return try file.finish()
    }
}

extension ManifestFile {
    fileprivate var avro: AvroValue {
        .record([
            .string(path), .integer(length), .integer(Int64(specID)), .integer(Int64(content.rawValue)),
            .integer(sequenceNumber), .integer(minSequenceNumber), .integer(addedSnapshotID),
            .integer(Int64(addedFiles ?? 0)), .integer(Int64(existingFiles ?? 0)), .integer(Int64(deletedFiles ?? 0)),
            .integer(addedRows ?? 0), .integer(existingRows ?? 0), .integer(deletedRows ?? 0),
            AvroValue(partitions.map { .array($0.map(\.avro)) }), AvroValue(keyMetadata.map(AvroValue.bytes)),
        ])
    }
}

extension ManifestFile.FieldSummary {
    fileprivate var avro: AvroValue {
        .record([
            .boolean(containsNull), AvroValue(containsNaN.map(AvroValue.boolean)),
            AvroValue(lowerBound.map(AvroValue.bytes)), AvroValue(upperBound.map(AvroValue.bytes)),
        ])
    }
}
