public import JSONTree

/// An item of a Map state, and where it is from.
public struct MapItem: Sendable, Hashable {
    /// The source of items that are a part of the state's data.
    public static let stateData = "STATE_DATA"

    /// The item; of an object's member, the value.
    public var value: JSON
    /// The key of an object's member; nil for elements of arrays, rows and lines.
    public var key: String?
    /// What the context object says of it: ``stateData``, or the address of the object or bucket, as `s3://bucket/key`.
    public var source: String

    /// Makes an item.
    public init(_ value: JSON, key: String? = nil, source: String = MapItem.stateData) {
        self.value = value
        self.key = key
        self.source = source
    }

    /// The elements of an array, or the members of an object; nil for anything else.
    public static func items(of value: JSON) -> [MapItem]? {
        if let elements = value.arrayValue { return elements.map { MapItem($0) } }
        return value.objectValue.map { members in members.map { MapItem($0.value, key: $0.key) } }
    }

    /// What an iteration gets if no selector says otherwise: of a member, key and value.
    public var input: JSON {
        guard let key else { return value }
        return ["Key": .string(key), "Value": value]
    }

    /// The address of an object, or of a bucket where there is no key.
    public static func address(bucket: String, key: String? = nil) -> String {
        "s3://\(bucket)" + (key.map { "/\($0)" } ?? "")
    }
}

extension MapItem {
    /// Items for a journal: what follows each other with one source is one entry, which says it once.
    static func json(_ items: [MapItem]) -> JSON {
        var entries: [JSON] = []
        var rest = items[...]
        while let first = rest.first {
            let run = rest.prefix { $0.source == first.source && ($0.key == nil) == (first.key == nil) }
            var entry: JSONObject = ["source": .string(first.source), "values": .array(run.map(\.value))]
            if first.key != nil { entry["keys"] = .array(run.map { .string($0.key ?? "") }) }
            entries.append(.object(entry))
            rest = rest.dropFirst(run.count)
        }
        return .array(entries)
    }

    /// The items that ``json(_:)`` wrote.
    static func items(inJournal json: JSON?) -> [MapItem] {
        (json?.arrayValue ?? []).flatMap { entry in
            let keys = entry["keys"]?.arrayValue
            let source = entry["source"]?.stringValue ?? stateData
            return (entry["values"]?.arrayValue ?? []).enumerated().map { position, value in
                MapItem(value, key: keys?[position].stringValue, source: source)
            }
        }
    }
}
