import JSONTree

/// The names that a SELECT gives to what it makes itself, wherever in it that is: to anything but a column of the same
/// name.
///
/// A key under such a name is none of the input's keys, so changes of the input's keys say nothing of the result's.
enum MadeColumns {
    /// The names in lower case.
    ///
    /// - Parameter tree: What the engine's `json_serialize_sql` gives; its parser bounds the depth.
    /// - Returns: The names.
    static func names(in tree: JSON) -> Set<String> {
        var names: Set<String> = []
        collect(tree, into: &names)
        return names
    }

    private static func collect(_ node: JSON, into names: inout Set<String>) {
        switch node {
        case .array(let elements):
            for element in elements { collect(element, into: &names) }
        case .object(let members):
            for item in members["select_list"]?.arrayValue ?? [] { names.formUnion(made(by: item)) }
            // Names that are given to a subquery's or a table expression's columns.
            for key in ["column_name_alias", "aliases"] {
                names.formUnion((members[key]?.arrayValue ?? []).compactMap { $0.stringValue?.lowercased() })
            }
            for (_, value) in members { collect(value, into: &names) }
        default: break
        }
    }

    private static func made(by item: JSON) -> [String] {
        if item["class"]?.stringValue == "STAR" {
            let replaced = (item["replace_list"]?.arrayValue ?? []).compactMap { $0["key"]?.stringValue }
            let renamed = (item["rename_list"]?.arrayValue ?? []).compactMap { $0["value"]?.stringValue }
            return (replaced + renamed).map { $0.lowercased() }
        }
        guard let alias = item["alias"]?.stringValue?.lowercased(), !alias.isEmpty else { return [] }
        let copied = item["column_names"]?.arrayValue?.last?.stringValue?.lowercased()
        return copied == alias ? [] : [alias]
    }
}

/// The names that a SELECT gives to times of another zone than UTC, wherever in it that is.
///
/// Such a time may lie in the interval before or after that of the input's row, so that changes of the input's intervals
/// do not say all of the result's.
enum ZonedColumns {
    private static let functions: Set<String> = ["timezone", "at_timezone"]
    private static let utc: Set<String> = ["utc", "etc/utc", "gmt", "z"]

    /// What a SELECT makes a column of.
    private struct Item {
        var name: String
        var isZoned = false
        var references: Set<String> = []
    }

    /// The names in lower case.
    ///
    /// - Parameter tree: What the engine's `json_serialize_sql` gives; its parser bounds the depth.
    /// - Returns: The names.
    static func names(in tree: JSON) -> Set<String> {
        var items: [Item] = []
        collect(tree, into: &items)
        var names: Set<String> = []
        // Each round finds what is made of what was found before.
        while true {
            let found = items.filter { $0.isZoned || !$0.references.isDisjoint(with: names) }.map(\.name)
            guard !names.isSuperset(of: found) else { return names }
            names.formUnion(found)
        }
    }

    private static func collect(_ node: JSON, into items: inout [Item]) {
        switch node {
        case .array(let elements):
            for element in elements { collect(element, into: &items) }
        case .object(let members):
            for expression in members["select_list"]?.arrayValue ?? [] {
                guard let name = expression["alias"]?.stringValue?.lowercased(), !name.isEmpty else { continue }
                var item = Item(name: name)
                examine(expression, &item)
                items.append(item)
            }
            for (_, value) in members { collect(value, into: &items) }
        default: break
        }
    }

    private static func examine(_ node: JSON, _ item: inout Item) {
        switch node {
        case .array(let elements):
            for element in elements { examine(element, &item) }
        case .object(let members):
            if let name = members["column_names"]?.arrayValue?.last?.stringValue {
                item.references.insert(name.lowercased())
            }
            if let function = members["function_name"]?.stringValue?.lowercased(), functions.contains(function) {
                let zones = (members["children"]?.arrayValue ?? []).compactMap { $0["value"]?["value"]?.stringValue }
                item.isZoned = item.isZoned || !zones.contains { utc.contains($0.lowercased()) }
            }
            for (_, value) in members { examine(value, &item) }
        default: break
        }
    }
}
