public import JSONTree

/// When a snapshot became the current one.
public struct SnapshotLogEntry: Sendable, Hashable {
    /// Milliseconds since 1970.
    public var timestamp: Int64
    /// The snapshot.
    public var snapshotID: Int64
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// An entry.
    public init(timestamp: Int64, snapshotID: Int64, extra: JSONObject = [:]) {
        self.timestamp = timestamp
        self.snapshotID = snapshotID
        self.extra = extra
    }

    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        timestamp = try reader.int64("timestamp-ms")
        snapshotID = try reader.int64("snapshot-id")
        extra = reader.rest
    }

    var json: JSON {
        var object: JSONObject = ["timestamp-ms": .integer(timestamp), "snapshot-id": .integer(snapshotID)]
        object.add(extra)
        return .object(object)
    }
}

/// A metadata file that was the current one before.
public struct MetadataLogEntry: Sendable, Hashable {
    /// Milliseconds since 1970.
    public var timestamp: Int64
    /// The location of the file.
    public var metadataFile: String
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// An entry.
    public init(timestamp: Int64, metadataFile: String, extra: JSONObject = [:]) {
        self.timestamp = timestamp
        self.metadataFile = metadataFile
        self.extra = extra
    }

    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        timestamp = try reader.int64("timestamp-ms")
        metadataFile = try reader.string("metadata-file")
        extra = reader.rest
    }

    var json: JSON {
        var object: JSONObject = ["timestamp-ms": .integer(timestamp), "metadata-file": .string(metadataFile)]
        object.add(extra)
        return .object(object)
    }
}
