package import DuckDB
package import IngotCore
package import IngotProject

/// The names by which SQL knows tables: those of the lake, and what the project declares.
package struct TableNames: Sendable {
    /// What a name stands for.
    package enum Kind: Sendable {
        /// A table of the lake, which may not exist yet.
        case table
        /// A view of the project.
        case view(Model)
        /// A seed of the project.
        case seed(Seed)
    }

    /// Every name, with what it stands for.
    package let kinds: [TableName: Kind]
    private let project: String
    /// The names of other engines' tables that are not as Ingot writes its own, by how SQL compares them.
    private let foreign: [String: TableName]

    /// - Parameters:
    ///   - project: The project.
    ///   - existing: The tables of the lake.
    package init(_ project: Project, existing: [TableName]) {
        self.project = project.configuration.name.value.lowercased()
        var kinds: [TableName: Kind] = [:]
        for name in existing { kinds[name] = .table }
        for pipeline in project.pipelines {
            for table in pipeline.tables {
                kinds[table.table.value] = .table
                kinds[table.table.value.quarantine] = .table
            }
        }
        kinds[TableDefinition.objects.name] = .table
        for seed in project.seeds { kinds[seed.table.value] = .seed(seed) }
        for model in project.models {
            kinds[model.table.value] = model.materialization == .view ? .view(model) : .table
        }
        self.kinds = kinds
        let others = kinds.keys.filter { $0.sqlParts != [$0.namespace, $0.name] }.sorted()
        foreign = Dictionary(others.map { (Self.joined($0.sqlParts), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The table that a name in SQL stands for, if there is one: `silver.users`, or `project.users`.
    ///
    /// A name under the project's is looked for in gold first, then in silver: it is what other systems call a
    /// database. A namespace within another one is one name in SQL, `"sales.north".orders`.
    package func find(_ parts: [String]) -> TableName? {
        guard parts.count == 2 else { return nil }
        let (namespace, name) = (parts[0].lowercased(), parts[1].lowercased())
        let direct = TableName(namespace: namespace, name: name)
        if kinds[direct] != nil { return direct }
        if let other = foreign[Self.joined([namespace, name])] { return other }
        guard namespace == project else { return nil }
        return ["gold", "silver", "seeds"].lazy.map { TableName(namespace: $0, name: name) }
            .first { kinds[$0] != nil }
    }

    /// The error for a name that stands for nothing.
    package func unknown(_ reference: TableReference, in query: QueryText) -> IngotError {
        let written = reference.parts.joined(separator: ".")
        // Where several tables have the name, what people mean first.
        let order = ["gold", "silver", "seeds"]
        let names = kinds.keys.sorted().map { (order.firstIndex(of: $0.namespace) ?? order.count, $0.sqlText) }
            .sorted { $0 < $1 }.map(\.1)
        let sameName = reference.parts.last.flatMap { last in names.first { $0.hasSuffix(".\(last.lowercased())") } }
        let hint = sameName ?? NearestMatch.find(written, among: names)
        return query.error(.unknownTable, "there is no table \"\(written)\"", at: reference.position, hint: hint)
    }

    private static func joined(_ parts: [String]) -> String {
        parts.joined(separator: "\u{1F}")
    }
}

extension TableName {
    /// The schema under which SQL sees the table: the namespaces with dots between them.
    var sqlSchema: String {
        String(namespace.map { $0 == "\u{1F}" ? "." : $0 })
    }

    /// The name as it is written in SQL.
    var sqlText: String {
        sqlSchema == namespace ? description : "\"\(sqlSchema)\".\(name)"
    }

    /// The schema and the name as SQL compares them, which does not tell capitals from small letters.
    var sqlParts: [String] {
        [sqlSchema.lowercased(), name.lowercased()]
    }
}
