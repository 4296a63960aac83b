import IngotCore
import IngotProject

/// What the names in a query mean: tables of the lake, views and seeds of the project.
struct QueryNames {
    /// A name that means something.
    struct Resolved: Hashable {
        /// The table, view or seed.
        var table: TableName
        /// Under which name the project's own database shows it, where the query names that database.
        var alias: TableName?
    }

    /// The order in which a name without a namespace is looked for.
    private static let order = ["gold", "silver", "seeds", "ops", "quarantine"]
    /// Names that databases have already.
    private static let reserved: Set<String> = ["memory", "temp", "system", "main"]
    /// The schema of a database in which names without a schema stand.
    private static let mainSchema = "main"

    private let project: Project
    private let tables: Set<TableName>
    private let views: [TableName: Model]
    private let seeds: [TableName: Seed]

    init(project: Project, lake: [TableName]) {
        self.project = project
        tables = Set(lake)
        let models = project.models.filter { $0.materialization == .view }
        views = Dictionary(models.map { ($0.table.value, $0) }, uniquingKeysWith: { first, _ in first })
        seeds = Dictionary(project.seeds.map { ($0.table.value, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Everything that can be named.
    var all: [TableName] {
        tables.union(views.keys).union(seeds.keys).sorted()
    }

    func isInLake(_ name: TableName) -> Bool {
        // A model that has become a view may have left a table behind.
        tables.contains(name) && views[name] == nil
    }

    func view(_ name: TableName) -> Model? {
        views[name]
    }

    func seed(_ name: TableName) -> Seed? {
        seeds[name]
    }

    /// What a name means; SQL does not tell capitals from small letters.
    func resolve(_ parts: [String]) -> Resolved? {
        let parts = parts.map { $0.lowercased() }
        switch parts.count {
        case 2:
            if let table = find(parts[0], parts[1]) { return Resolved(table: table) }
            guard isProject(parts[0]), let table = find(anyNamespace: parts[1]) else { return nil }
            return Resolved(table: table, alias: TableName(namespace: Self.mainSchema, name: table.name))
        case 3:
            guard isProject(parts[0]), let table = find(parts[1], parts[2]) else { return nil }
            return Resolved(table: table, alias: table)
        default: return nil
        }
    }

    /// What a name without a namespace means on the command line, where no SQL must agree.
    func resolveBare(_ parts: [String]) -> TableName? {
        parts.count == 1 ? find(anyNamespace: parts[0].lowercased()) : nil
    }

    /// Whether a name is one of the engine's own, or a file, which the fence judges.
    func isLeftToEngine(_ parts: [String]) -> Bool {
        if parts.count == 1 { return parts[0].contains(".") || parts[0].contains("/") }
        return ["information_schema", "pg_catalog"].contains(parts[0].lowercased())
    }

    /// What was probably meant.
    func suggestion(for parts: [String]) -> TableName? {
        let written = parts.suffix(2).joined(separator: ".").lowercased()
        if parts.count == 1, let table = find(anyNamespace: written) { return table }
        let near = NearestMatch.find(written, among: all.map(\.description))
        if let near { return all.first { $0.description == near } }
        return parts.last.flatMap { find(anyNamespace: $0.lowercased()) }
    }

    private func isProject(_ name: String) -> Bool {
        let project = project.configuration.name.value.lowercased()
        return name == project && !Self.reserved.contains(project) && !all.contains { $0.namespace == project }
    }

    private func find(_ namespace: String, _ name: String) -> TableName? {
        all.first { $0.namespace.lowercased() == namespace && $0.name.lowercased() == name }
    }

    private func find(anyNamespace name: String) -> TableName? {
        Self.order.lazy.compactMap { find($0, name) }.first
    }
}
