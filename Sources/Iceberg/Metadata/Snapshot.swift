public import JSONTree

/// The state of a table at one time.
public struct Snapshot: Sendable, Hashable {
    /// The id, unique in the table.
    public var id: Int64
    /// The id of the snapshot that this one was made from.
    public var parentID: Int64?
    /// The number that orders the table's changes; 0 in format version 1.
    public var sequenceNumber: Int64
    /// When it was made, in milliseconds since 1970.
    public var timestamp: Int64
    /// The location of the manifest list; `nil` for old snapshots of format version 1.
    public var manifestList: String?
    /// The locations of the manifests, for old snapshots of format version 1 without a list.
    public var manifests: [String]?
    /// What was done: `operation` and counts, as text.
    public var summary: [String: String]
    /// The id of the schema that was current.
    public var schemaID: Int?
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A snapshot.
    public init(
        id: Int64,
        parentID: Int64?,
        sequenceNumber: Int64,
        timestamp: Int64,
        manifestList: String?,
        manifests: [String]? = nil,
        summary: [String: String],
        schemaID: Int?,
        extra: JSONObject = [:]
    ) {
        self.id = id
        self.parentID = parentID
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.manifestList = manifestList
        self.manifests = manifests
        self.summary = summary
        self.schemaID = schemaID
        self.extra = extra
    }

    /// Reads a snapshot from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        id = try reader.int64("snapshot-id")
        parentID = try reader.optionalInt64("parent-snapshot-id")
        sequenceNumber = try reader.optionalInt64("sequence-number") ?? 0
        timestamp = try reader.int64("timestamp-ms")
        manifestList = try reader.optionalString("manifest-list")
        manifests = try reader.optionalStrings("manifests")
        guard manifestList != nil || manifests != nil else {
            throw IcebergError(.invalidMetadata, "the member \"manifest-list\" is missing", path: path)
        }
        summary = try reader.stringMap("summary")
        schemaID = try reader.optionalInt("schema-id")
        extra = reader.rest
    }

    /// The JSON form.
    public var json: JSON {
        var object: JSONObject = [:]
        if sequenceNumber > 0 { object["sequence-number"] = .integer(sequenceNumber) }
        object["snapshot-id"] = .integer(id)
        object["parent-snapshot-id"] = parentID.map(JSON.integer)
        object["timestamp-ms"] = .integer(timestamp)
        object["manifest-list"] = manifestList.map(JSON.string)
        object["manifests"] = manifests.map { .array($0.map(JSON.string)) }
        if !summary.isEmpty { object["summary"] = JSON(summary) }
        object["schema-id"] = schemaID.map { JSON($0) }
        object.add(extra)
        return .object(object)
    }
}
