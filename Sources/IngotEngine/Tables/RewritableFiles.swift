import DuckDB
import Iceberg
import IngotCore

/// Tells which data files are read exactly as the table says, so that they can be written anew.
///
/// ``TableRelation`` finds columns by their ids and what is in them by name. Ingot's own files are written that way; those
/// of other engines may have no ids, or be older than a new name of a nested field.
struct RewritableFiles {
    /// A column of a Parquet file, or what is in one.
    private struct Node {
        var name: String
        var id: Int?
        var children: [Node] = []
    }

    let connection: SQLConnection
    let schema: Schema

    /// The locations of those among data files that cannot be written anew without a loss.
    ///
    /// - Throws: `DuckDBError`.
    func unfit(_ files: [DataFile]) async throws -> Set<String> {
        guard !files.isEmpty else { return [] }
        let paths = Dictionary(files.map { (FileLocation.normalized($0.path), $0.path) }) { first, _ in first }
        let list = paths.keys.sorted().map(SQL.literal).joined(separator: ", ")
        let rows = try await connection.query(
            "SELECT file_name, name, coalesce(num_children, 0) AS n, field_id FROM parquet_schema([\(list)])"
        )
        var nodes: [String: [(name: String, id: Int?, count: Int)]] = [:]
        for row in rows {
            let id = (try row.get("field_id") as Int64?).map { Int($0) }
            nodes[try row.string("file_name"), default: []].append((try row.string("name"), id, try row.int("n")))
        }
        return Set(paths.filter { path, _ in !isFit(nodes[path] ?? []) }.values)
    }

    /// Whether a file's columns, each before what is in it, are those of the table.
    private func isFit(_ flat: [(name: String, id: Int?, count: Int)]) -> Bool {
        var rest = flat[...]
        guard let root = Self.take(from: &rest), rest.isEmpty else { return false }
        return root.children.allSatisfy { column in
            guard let id = column.id else { return false }
            // What the table no longer has is not read.
            guard let field = schema.fields.first(where: { $0.id == id }) else { return true }
            return isFit(column, field.type)
        }
    }

    private func isFit(_ node: Node, _ type: IcebergType) -> Bool {
        switch type {
        case .struct(let type):
            return node.children.allSatisfy { $0.id != nil }
                && type.fields.allSatisfy { field in
                    guard let member = node.children.first(where: { $0.id == field.id }) else {
                        return !node.children.contains { $0.name.lowercased() == field.name.lowercased() }
                    }
                    return member.name == field.name && isFit(member, field.type)
                }
        case .list(let type):
            guard node.children.count == 1, node.children[0].children.count == 1 else { return false }
            return isFit(node.children[0].children[0], type.element)
        case .map(let type):
            guard node.children.count == 1, node.children[0].children.count == 2 else { return false }
            let entry = node.children[0].children
            return isFit(entry[0], type.key) && isFit(entry[1], type.value)
        default: return node.children.isEmpty
        }
    }

    /// Takes a node with all that is in it from the front of a list.
    private static func take(from flat: inout ArraySlice<(name: String, id: Int?, count: Int)>) -> Node? {
        guard let first = flat.popFirst() else { return nil }
        var node = Node(name: first.name, id: first.id)
        for _ in 0..<first.count {
            guard let child = take(from: &flat) else { return nil }
            node.children.append(child)
        }
        return node
    }
}
