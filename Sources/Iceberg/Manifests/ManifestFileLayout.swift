/// Where the members of a manifest's description are in a manifest list, worked out once a list.
struct ManifestFileLayout {
    private let layout: RecordLayout
    private let path: Int
    private let length: Int
    private let specID: Int
    private let addedSnapshotID: Int?
    private let summary: RecordLayout?

    init(_ schema: AvroSchema) throws {
        let layout = try RecordLayout(schema)
        self.layout = layout
        path = try layout.required(500, "manifest_path")
        length = try layout.required(501, "manifest_length")
        specID = try layout.required(502, "partition_spec_id")
        addedSnapshotID = layout.position(503, "added_snapshot_id")
        summary = try layout.position(507, "partitions").flatMap { position in
            try layout.schema(at: position).unwrapped.elements.map { try RecordLayout($0) }
        }
    }

    func manifestFile(_ value: AvroValue) throws -> ManifestFile {
        guard let values = value.record else { throw IcebergError(.corruptFile, "a manifest list holds no records") }
        func optional(_ id: Int, _ names: String...) -> AvroValue? {
            names.lazy.compactMap { values[optional: layout.position(id, $0)] }.first
        }
        func count(_ id: Int, _ names: String...) -> Int? {
            names.lazy.compactMap { values[optional: layout.position(id, $0)]?.integer }.first
                .flatMap { Int(exactly: $0) }
        }
        let contentNumber = optional(517, "content")?.integer ?? 0
        guard let content = ManifestFile.Content(rawValue: Int(contentNumber)),
            let specID = Int(exactly: try values.integer(specID))
        else { throw IcebergError(.unsupported, "a manifest list holds a manifest with content \(contentNumber)") }
        return ManifestFile(
            path: try values.string(path),
            length: try values.integer(length),
            specID: specID,
            content: content,
            sequenceNumber: optional(515, "sequence_number")?.integer ?? 0,
            minSequenceNumber: optional(516, "min_sequence_number")?.integer ?? 0,
            addedSnapshotID: values[optional: addedSnapshotID]?.integer ?? 0,
            addedFiles: count(504, "added_files_count", "added_data_files_count"),
            existingFiles: count(505, "existing_files_count", "existing_data_files_count"),
            deletedFiles: count(506, "deleted_files_count", "deleted_data_files_count"),
            addedRows: optional(512, "added_rows_count")?.integer,
            existingRows: optional(513, "existing_rows_count")?.integer,
            deletedRows: optional(514, "deleted_rows_count")?.integer,
            partitions: try optional(507, "partitions")?.array?.map(fieldSummary),
            keyMetadata: optional(519, "key_metadata")?.bytes
        )
    }

    private func fieldSummary(_ value: AvroValue) throws -> ManifestFile.FieldSummary {
        guard let summary, let values = value.record else {
            throw IcebergError(.corruptFile, "a manifest list holds a partition summary that is no record")
        }
        return ManifestFile.FieldSummary(
            containsNull: values[optional: summary.position(509, "contains_null")]?.boolean ?? true,
            containsNaN: values[optional: summary.position(518, "contains_nan")]?.boolean,
            lowerBound: values[optional: summary.position(510, "lower_bound")]?.bytes,
            upperBound: values[optional: summary.position(511, "upper_bound")]?.bytes
        )
    }
}
