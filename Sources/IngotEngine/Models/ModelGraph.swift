import DuckDB
import IngotCore
import IngotProject

/// Which model reads what.
struct ModelGraph: Sendable {
    /// A model with what its SQL was found to read.
    struct Node: Sendable {
        var model: Model
        /// What the SQL names.
        var reads: [TableName]
        /// The tables and seeds behind that, views expanded.
        var inputs: [TableName]
        /// The models, views among them, that have to be computed before.
        var upstream: [String]
        /// The SQL without comments and layout, that of the views too.
        var canonicalSQL: String
        /// The names of columns that the SQL, or that of a view, makes itself.
        var madeColumns: Set<String>
        /// The names of columns that hold times of another zone than UTC.
        var zonedColumns: Set<String>

        /// How changes of an input are described to the model; `nil` where they are ignored.
        func grain(of input: TableName, _ project: Project) -> ChangeGrain? {
            project.grain(of: input, for: model, keepsPlaces: keepsPlaces)
        }

        /// Whether rows of the inputs have their places in the result by their own keys and times.
        private var keepsPlaces: Bool {
            guard case .incremental(let settings) = model.materialization, settings.batchSize != nil else {
                return model.uniqueKey.allSatisfy { !madeColumns.contains($0.value.lowercased()) }
            }
            // Who says how far the result reaches has thought of it.
            let isReaching = settings.lookback > 0 || settings.affects > 0
            return isReaching || model.eventTime.map { !zonedColumns.contains($0.value.lowercased()) } ?? true
        }
    }

    /// The models that can be computed, each after those that it reads.
    var order: [Node] = []
    /// Why the others cannot be.
    var problems: [String: IngotError] = [:]

    /// The model of that name, if it can be computed.
    func node(_ name: String) -> Node? {
        order.first { $0.model.name.value == name }
    }

    /// The models that read, directly or through others, what one of these makes; these among them.
    func descendants(of names: Set<String>) -> Set<String> {
        var found = names
        for node in order where node.upstream.contains(where: found.contains) { found.insert(node.model.name.value) }
        return found
    }
}

/// Reads the models' SQL and puts the models in order.
struct ModelGraphBuilder {
    /// A model as its SQL alone tells.
    private struct Parsed {
        var model: Model
        var references: [(table: TableName, reference: TableReference)]
        var canonicalSQL: String
        var madeColumns: Set<String>
        var zonedColumns: Set<String>
    }

    private enum Mark {
        case open, done
    }

    private let names: TableNames
    private var parsed: [String: Parsed] = [:]
    private var owners: [TableName: String] = [:]
    private var marks: [String: Mark] = [:]
    private var graph = ModelGraph()

    private init(names: TableNames) {
        self.names = names
    }

    /// Finds the graph of a project's models.
    ///
    /// A model whose SQL is wrong, that names a table which does not exist, or that is part of a circle is a problem
    /// of the graph and does not stop the others; models that read a problem's table are in the order all the same.
    static func build(_ models: [Model], _ names: TableNames, _ connection: SQLConnection) async throws -> ModelGraph {
        var builder = ModelGraphBuilder(names: names)
        for model in models { try await builder.parse(model, connection) }
        for model in models { builder.visit(model.name.value, path: []) }
        return builder.graph
    }

    private mutating func parse(_ model: Model, _ connection: SQLConnection) async throws {
        let name = model.name.value
        owners[model.table.value] = name
        let query = QueryText(model.sql)
        do {
            let statement = try await ParsedQuery(query, connection)
            let references = try statement.references.map { reference in
                guard let table = names.find(reference.parts) else { throw names.unknown(reference, in: query) }
                return (table, reference)
            }
            let canonical = try await connection.query(
                "SELECT json_deserialize_sql(json_serialize_sql($1::VARCHAR))",
                [.varchar(statement.sql)]
            )
            let tree = try await connection.syntaxTree(of: statement.sql)
            parsed[name] = Parsed(
                model: model,
                references: references,
                canonicalSQL: try canonical.scalar(),
                madeColumns: MadeColumns.names(in: tree),
                zonedColumns: ZonedColumns.names(in: tree)
            )
        } catch let error as IngotError {
            graph.problems[name] = error
        }
    }

    /// Puts a model in order, behind what it reads.
    private mutating func visit(_ name: String, path: [String]) {
        guard let model = parsed[name], marks[name] == nil else { return }
        marks[name] = .open
        var node = ModelGraph.Node(
            model: model.model,
            reads: model.references.map(\.table).uniqued(),
            inputs: [],
            upstream: [],
            canonicalSQL: model.canonicalSQL,
            madeColumns: model.madeColumns,
            zonedColumns: model.zonedColumns
        )
        for (table, reference) in model.references {
            guard let owner = owners[table] else {
                node.inputs.append(table)
                continue
            }
            if marks[owner] == .open {
                reportCycle(path + [name], to: owner, at: reference)
                continue
            }
            visit(owner, path: path + [name])
            node.upstream.append(owner)
            if let view = graph.node(owner), view.model.materialization == .view {
                node.inputs += view.inputs
                node.madeColumns.formUnion(view.madeColumns)
                node.zonedColumns.formUnion(view.zonedColumns)
                node.canonicalSQL += "\n\(table): \(view.canonicalSQL)"
            } else {
                node.inputs.append(table)
            }
        }
        marks[name] = .done
        guard graph.problems[name] == nil else { return }
        node.inputs = node.inputs.uniqued()
        node.upstream = node.upstream.uniqued()
        graph.order.append(node)
    }

    /// Every member of the circle gets the error; it stands where the circle closes.
    private mutating func reportCycle(_ path: [String], to owner: String, at reference: TableReference) {
        let members = path.drop { $0 != owner }
        guard let last = members.last, let model = parsed[last]?.model else { return }
        let circle = (Array(members) + [owner]).joined(separator: " -> ")
        let error = QueryText(model.sql).error(
            .modelCycle,
            members.count == 1 ? "the model \(owner) reads itself" : "models read each other: \(circle)",
            at: reference.position,
            hint: nil
        )
        for member in members where graph.problems[member] == nil { graph.problems[member] = error }
    }
}
