import DuckDB
import IngotProject

/// Tells whether a model is still the one that its table was computed with.
///
/// Comments, layout, descriptions, tags and tests of the model change no row, so they are not part of it.
enum ModelFingerprint {
    /// The SHA-256 of everything besides the input that decides what a model gives.
    static func compute(_ node: ModelGraph.Node, _ project: Project, _ connection: SQLConnection) async throws -> String
    {
        let model = node.model
        var parts = [node.canonicalSQL, "table \(model.table)", "\(describe(model.materialization))"]
        parts.append("event_time \(model.eventTime?.value ?? "")")
        parts.append("unique_key \(model.uniqueKey.map(\.value))")
        parts.append("partition_by \(model.partitionBy.map(\.description))")
        parts += model.columns.compactMap { column in column.dataType.map { "column \(column.name): \($0)" } }
        parts += node.inputs.map { "input \($0): \(describe(node.grain(of: $0, project)))" }
        if node.canonicalSQL.contains("getvariable") {
            parts += project.environment.variables.sorted { $0.key < $1.key }.map { name, variable in
                switch variable {
                case .value(let literal): "variable \(name): \(literal.sql)"
                case .list(let literals): "variable \(name): \(literals.map(\.sql))"
                }
            }
        }
        let result = try await connection.query(
            "SELECT sha256($1::VARCHAR)",
            [.varchar(parts.joined(separator: "\n"))]
        )
        return try result.scalar()
    }

    private static func describe(_ materialization: Model.Materialization) -> String {
        switch materialization {
        case .view: "view"
        case .table: "table"
        case .incremental(let settings):
            "incremental \(settings.strategy.rawValue) \(settings.batchSize?.rawValue ?? "") "
                + "\(settings.lookback) \(settings.affects) \(settings.begin?.text ?? "")"
        }
    }

    private static func describe(_ grain: ChangeGrain?) -> String {
        switch grain {
        case nil: "ignored"
        case .everything: "everything"
        case .loads: "loads"
        case .keys(let columns): "keys \(columns)"
        case .intervals(let column, let size): "intervals \(column) \(size.rawValue)"
        }
    }
}
