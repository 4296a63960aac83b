#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the tables in the syntax tree that DuckDB's `json_serialize_sql` gives.
struct TableReferenceFinder {
    private let sql: String
    private var found: [(offset: Int, parts: [String])] = []

    private init(sql: String) {
        self.sql = sql
    }

    static func references(syntaxTree: String, sql: String) throws -> [TableReference] {
        let tree = try JSONDecoder().decode(SyntaxNode.self, from: Data(syntaxTree.utf8))
        if let message = tree["error_message"]?.text {
            throw DuckDBError(kind: .notImplemented, message: message)
        }
        var finder = TableReferenceFinder(sql: sql)
        finder.visit(tree, scope: [])
        return finder.found.sorted { $0.offset < $1.offset }.map { offset, parts in
            TableReference(parts: parts, position: DuckDBError.Position(byteOffset: offset, in: sql))
        }
    }

    /// Looks at a node and all below it; the scope holds the names of the common table expressions that it sees.
    private mutating func visit(_ node: SyntaxNode, scope: Set<String>) {
        switch node {
        case .list(let elements):
            for element in elements {
                visit(element, scope: scope)
            }
        case .object(let fields):
            visit(fields, scope: scope)
        case .text, .number, .other:
            break
        }
    }

    private mutating func visit(_ fields: [String: SyntaxNode], scope: Set<String>) {
        var scope = scope
        let type = fields["type"]?.text
        if type == "RECURSIVE_CTE_NODE", let name = fields["cte_name"]?.text {
            // Only a recursive one sees itself.
            scope.insert(name.lowercased())
        }
        // Each expression sees those before it; the statement sees them all.
        for entry in fields["cte_map"]?["map"]?.elements ?? [] {
            visit(entry, scope: scope)
            if let name = entry["key"]?.text {
                scope.insert(name.lowercased())
            }
        }
        if type == "BASE_TABLE" {
            addTable(fields, scope: scope)
        }
        for (name, child) in fields where name != "cte_map" {
            visit(child, scope: scope)
        }
    }

    private mutating func addTable(_ fields: [String: SyntaxNode], scope: Set<String>) {
        let parts = ["catalog_name", "schema_name", "table_name"].compactMap { fields[$0]?.text }.filter { !$0.isEmpty }
        guard let name = parts.last, parts.count > 1 || !scope.contains(name.lowercased()) else { return }
        // Where there is no location, it is the largest number, which is no place in the SQL.
        found.append((fields["query_location"]?.integer ?? .max, parts))
    }
}

/// A part of the syntax tree.
private enum SyntaxNode: Decodable {
    case object([String: SyntaxNode])
    case list([SyntaxNode])
    case text(String)
    case number(Int)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let fields = try? container.decode([String: SyntaxNode].self) {
            self = .object(fields)
        } else if let elements = try? container.decode([SyntaxNode].self) {
            self = .list(elements)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    subscript(name: String) -> SyntaxNode? {
        guard case .object(let fields) = self else { return nil }
        return fields[name]
    }

    var elements: [SyntaxNode]? {
        guard case .list(let elements) = self else { return nil }
        return elements
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}
