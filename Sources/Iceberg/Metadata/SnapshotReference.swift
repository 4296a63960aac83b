public import JSONTree

/// A named pointer to a snapshot: a branch or a tag.
public struct SnapshotReference: Sendable, Hashable {
    /// What a reference is.
    public enum Kind: String, Sendable, Hashable {
        /// Moves with every commit to it.
        case branch
        /// Stays.
        case tag
    }

    /// The name of the branch that readers see by default.
    public static let main = "main"

    /// The snapshot.
    public var snapshotID: Int64
    /// What the reference is.
    public var kind: Kind
    /// How many snapshots of the branch are kept at least.
    public var minSnapshotsToKeep: Int?
    /// How long snapshots of the branch are kept, in milliseconds.
    public var maxSnapshotAge: Int64?
    /// How long the reference itself is kept, in milliseconds.
    public var maxReferenceAge: Int64?
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A reference.
    public init(
        snapshotID: Int64,
        kind: Kind = .branch,
        minSnapshotsToKeep: Int? = nil,
        maxSnapshotAge: Int64? = nil,
        maxReferenceAge: Int64? = nil,
        extra: JSONObject = [:]
    ) {
        self.snapshotID = snapshotID
        self.kind = kind
        self.minSnapshotsToKeep = minSnapshotsToKeep
        self.maxSnapshotAge = maxSnapshotAge
        self.maxReferenceAge = maxReferenceAge
        self.extra = extra
    }

    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        self = try SnapshotReference(reader: &reader)
        extra = reader.rest
    }

    /// Reads the members from an object that may hold others, as an update does.
    init(reader: inout ObjectReader) throws {
        let id = try reader.int64("snapshot-id")
        let name = try reader.string("type")
        guard let kind = Kind(rawValue: name.lowercased()) else {
            throw IcebergError(
                .invalidMetadata,
                "\"\(name)\" is neither branch nor tag",
                path: reader.path(of: "type")
            )
        }
        self.init(
            snapshotID: id,
            kind: kind,
            minSnapshotsToKeep: try reader.optionalInt("min-snapshots-to-keep"),
            maxSnapshotAge: try reader.optionalInt64("max-snapshot-age-ms"),
            maxReferenceAge: try reader.optionalInt64("max-ref-age-ms")
        )
    }

    var object: JSONObject {
        var object: JSONObject = ["snapshot-id": .integer(snapshotID), "type": .string(kind.rawValue)]
        object["min-snapshots-to-keep"] = minSnapshotsToKeep.map { JSON($0) }
        object["max-snapshot-age-ms"] = maxSnapshotAge.map(JSON.integer)
        object["max-ref-age-ms"] = maxReferenceAge.map(JSON.integer)
        object.add(extra)
        return object
    }
}
