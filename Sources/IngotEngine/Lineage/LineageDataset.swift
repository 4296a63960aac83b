import Iceberg
import IngotCore
import IngotProject
import JSONTree

/// A dataset as OpenLineage names it: by the place where it lies.
struct LineageDataset: Sendable, Hashable {
    /// `file` for this machine, `s3://bucket`.
    var namespace: String
    /// The path, or the key in the bucket.
    var name: String
    /// The place as a URI.
    var uri: String

    /// The dataset at a place: an absolute path, or a URI.
    init(at location: String) {
        let place = location.count > 1 && location.hasSuffix("/") ? String(location.dropLast()) : location
        let path = place.hasPrefix("file://") ? String(place.dropFirst(7)) : place
        if let scheme = path.firstRange(of: "://") {
            let rest = path[scheme.upperBound...]
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            namespace = String(path[..<end])
            name = end == rest.endIndex ? "/" : String(rest[rest.index(after: end)...])
            uri = Self.encoded(path)
        } else {
            (namespace, name, uri) = ("file", path, "file://" + Self.encoded(path))
        }
    }

    /// One of the files of a folder; where the place is a file, that is its only one.
    func part(_ key: String) -> LineageDataset {
        let place = namespace == "file" ? name : "\(namespace)/\(name)"
        return place.hasSuffix("/\(key)") ? self : LineageDataset(at: "\(place)/\(key)")
    }

    /// The dataset with what is said of it.
    func json(facets: [(String, JSON)], _ own: String? = nil, _ ownFacets: [(String, JSON)] = []) -> JSON {
        var members: [(String, JSON)] = [
            ("namespace", .string(namespace)), ("name", .string(name)),
            ("facets", .object(JSONObject([("dataSource", LineageFacets.dataSource(uri))] + facets))),
        ]
        if let own, !ownFacets.isEmpty { members.append((own, .object(JSONObject(ownFacets)))) }
        return .object(JSONObject(members))
    }

    /// A text as a part of a URI; slashes and colons stay.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: ":"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}

/// A table of the lake, as events tell of it.
struct LineageTable: Sendable {
    var name: TableName
    var metadata: TableMetadata

    /// The table's folder.
    var dataset: LineageDataset { LineageDataset(at: metadata.location) }

    /// What is said of the table wherever it appears.
    ///
    /// - Parameter lake: The folder of all tables.
    /// - Returns: The facets, by name.
    func facets(in lake: String) -> [(String, JSON)] {
        var facets: [(String, JSON)] = [
            ("schema", LineageFacets.schema(metadata.currentSchema.fields)),
            (
                "symlinks",
                LineageFacets.symlink(namespace: LineageDataset(at: lake).uri, name: name.description)
            ),
        ]
        if let snapshot = metadata.currentSnapshotID {
            facets.append(("version", LineageFacets.version(String(snapshot))))
        }
        return facets
    }
}

extension LineageFacets {
    /// The facet of a table's columns.
    fileprivate static func schema(_ fields: [NestedField]) -> JSON {
        facet("SchemaDatasetFacet", "1-2-0", ["fields": .array(fields.map(field))])
    }

    private static func field(_ field: NestedField) -> JSON {
        var members: [(String, JSON)] = [("name", .string(field.name))]
        let parts: [JSON]
        switch field.type {
        case .struct(let type): (members, parts) = (members + [("type", "struct")], type.fields.map(self.field))
        case .list(let type): (members, parts) = (members + [("type", "array")], [part("_element", type.element)])
        case .map(let type):
            (members, parts) = (members + [("type", "map")], [part("_key", type.key), part("_value", type.value)])
        default: (members, parts) = (members + [("type", field.type.json)], [])
        }
        if let text = field.doc { members.append(("description", .string(text))) }
        if !parts.isEmpty { members.append(("fields", .array(parts))) }
        return .object(JSONObject(members))
    }

    private static func part(_ name: String, _ type: IcebergType) -> JSON {
        field(NestedField(id: 0, name: name, type: type))
    }
}
