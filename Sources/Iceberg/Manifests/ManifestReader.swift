import JSONTree

/// The content of a manifest.
public struct Manifest: Sendable, Hashable {
    /// The partition spec of the files, as the manifest itself has it.
    public var spec: PartitionSpec
    /// The entries, in order, with everything inherited that they leave open.
    public var entries: [ManifestEntry]
}

/// Reads manifests and manifest lists.
public enum ManifestReader: Sendable {
    /// Reads a manifest.
    ///
    /// What entries leave open is taken from what the manifest list says.
    ///
    /// - Throws: ``IcebergError`` with the code `corruptFile`.
    public static func manifest(_ bytes: [UInt8], file: ManifestFile) throws -> Manifest {
        let reader = try AvroFileReader(bytes: bytes)
        let schema = try reader.text("schema").map { try Schema(json: json($0, "schema")) }
        guard let specText = reader.text("partition-spec") else {
            throw IcebergError(.corruptFile, "the manifest \(file.path) has no partition spec")
        }
        let specID = reader.text("partition-spec-id").flatMap { Int($0) } ?? file.specID
        let spec = try PartitionSpec(json: ["spec-id": JSON(specID), "fields": json(specText, "partition spec")])
        let layout = try RecordLayout(reader.schema)
        let status = try layout.required(0, "status")
        let snapshotID = layout.position(1, "snapshot_id")
        let sequenceNumber = layout.position(3, "sequence_number")
        let fileSequenceNumber = layout.position(4, "file_sequence_number")
        let dataFile = try layout.required(2, "data_file")
        let types = schema.map { spec.resultTypes(in: $0) } ?? spec.fields.map { _ in nil }
        let dataFileLayout = try DataFileLayout(layout.schema(at: dataFile), spec: spec, types: types)
        var entries: [ManifestEntry] = []
        try reader.readValues { value in
            guard let values = value.record,
                let status = ManifestEntry.Status(rawValue: Int(try values.integer(status)))
            else { throw IcebergError(.corruptFile, "an entry of the manifest \(file.path) has no status") }
            var entry = ManifestEntry(
                status: status,
                snapshotID: values[optional: snapshotID]?.integer,
                sequenceNumber: values[optional: sequenceNumber]?.integer,
                fileSequenceNumber: values[optional: fileSequenceNumber]?.integer,
                file: try dataFileLayout.dataFile(values[dataFile])
            )
            entry.inherit(from: file)
            entries.append(entry)
        }
        return Manifest(spec: spec, entries: entries)
    }

    /// Reads a manifest list.
    ///
    /// - Throws: ``IcebergError`` with the code `corruptFile`.
    public static func manifestList(_ bytes: [UInt8]) throws -> [ManifestFile] {
        let reader = try AvroFileReader(bytes: bytes)
        let layout = try ManifestFileLayout(reader.schema)
        var files: [ManifestFile] = []
        try reader.readValues { files.append(try layout.manifestFile($0)) }
        return files
    }

    private static func json(_ text: String, _ what: String) throws -> JSON {
        do {
            return try JSON(parsing: text)
        } catch {
            throw IcebergError(.corruptFile, "the \(what) of a manifest is no JSON: \(error)", cause: error)
        }
    }
}

extension ManifestEntry {
    /// Takes over what an entry leaves open; only added entries may leave their sequence number open.
    mutating func inherit(from file: ManifestFile) {
        snapshotID = snapshotID ?? file.addedSnapshotID
        guard status == .added || file.sequenceNumber == 0 else { return }
        sequenceNumber = sequenceNumber ?? file.sequenceNumber
        fileSequenceNumber = fileSequenceNumber ?? file.sequenceNumber
    }
}
