import JSONTree

/// The names that a SELECT gives to what it makes itself, wherever in it that is: to anything but a column of the same
/// name.
///
/// A key under such a name is none of the input's keys, so changes of the input's keys say nothing of the result's.
enum MadeColumns {
    /// The names in lower case.
    ///
    /// - Parameter tree: What the engine's `json_serialize_sql` gives; its parser bounds the depth.
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
