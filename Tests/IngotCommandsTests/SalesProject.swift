import Foundation
import Testing

/// A project whose objects have rows that rival each other, and bad ones.
enum SalesProject {
    /// Its files, by path.
    static let files = [
        "ingot.yml": "name: accounts\nsettings: {gc_min_age: 0s, max_receives: 20}\n",
        "pipelines/sales.yml": """
        pipeline: sales
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: day, data_type: date, not_null: true}
        unique_key: [id]
        dedup_sort: [_source_file desc]
        silver: {table: silver.sales, event_time: day, partition_by: [day(day)]}
        """,
        "pipelines/strict.yml": """
        pipeline: strict
        source: {path: strict/, format: csv}
        on_row_error: fail
        columns: [{name: id, data_type: bigint}]
        silver: {table: silver.strict}
        """,
        "models/gold/daily.sql": """
        /* @ingot
        materialized: incremental
        incremental_strategy: delete+insert
        event_time: day
        batch_size: day
        */
        SELECT day, count(*) AS sales FROM silver.sales GROUP BY 1
        """,
    ]

    /// A file with a row that others rival, one of its own, and a bad one.
    static func object(_ number: Int, keys: Int = 40) -> String {
        "id,day\n\(number % keys),2026-01-0\(1 + number % 5)\n\(100 + number),2026-01-02\n\(200 + number),never\n"
    }

    /// Every row of its tables.
    static func contents(of project: TemporaryProject) throws -> [String] {
        try project.answers(to: [
            "SELECT id, day, _source_file FROM silver.sales ORDER BY ALL",
            "SELECT _source_file, _source_row, raw FROM quarantine.sales ORDER BY ALL",
            "SELECT * FROM gold.daily ORDER BY ALL",
        ])
    }
}
