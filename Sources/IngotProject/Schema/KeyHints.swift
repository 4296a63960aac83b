import IngotCore

/// What a user who writes an unknown key probably wants: the nearest key, or what other tools' words are called here.
enum KeyHints {
    static func hint(for key: String, known: [String]) -> String? {
        let snake = snakeCase(key)
        if known.contains(snake) { return snake }
        if let other = vocabulary[snake], known.contains(other.key) { return other.hint ?? other.key }
        return NearestMatch.find(key, among: known) ?? NearestMatch.find(snake, among: known)
    }

    /// Words of Auto Loader, Spark, DuckDB, dbt and dlt for what has another name here.
    private static let vocabulary: [String: (key: String, hint: String?)] = [
        "sep": ("delimiter", nil),
        "delim": ("delimiter", nil),
        "separator": ("delimiter", nil),
        "charset": ("encoding", nil),
        "nullstr": ("null_values", "null_values: [...]"),
        "null_value": ("null_values", "null_values: [...]"),
        "skip": ("skip_rows", nil),
        "glob": ("path_glob_filter", nil),
        "path_glob": ("path_glob_filter", nil),
        "ignore": ("ignore_patterns", nil),
        "allow_overwrites": ("path", "a file with new bytes always replaces its old rows; no key is needed"),
        "type": ("data_type", nil),
        "pattern": ("matches", nil),
        "regex": ("matches", nil),
        "accepted": ("accepted_values", nil),
        "values": ("accepted_values", nil),
        "required": ("not_null", "not_null: true"),
        "nullable": ("not_null", "not_null: true"),
        "unique": ("not_null", "unique_key of the pipeline, or expect_column_values_to_be_unique"),
        "data_tests": ("not_null", "not_null, accepted_values and relationships are keys of the column itself"),
        "tests": ("data_tests", nil),
        "primary_key": ("unique_key", nil),
        "partitioned_by": ("partition_by", nil),
        "partition_columns": ("partition_by", nil),
        "materialization": ("materialized", nil),
        "strategy": ("incremental_strategy", nil),
        "sql": ("expression", nil),
        "expr": ("expression", nil),
        "condition": ("expression", nil),
        "target": ("default_environment", nil),
        "envs": ("environments", nil),
        "require_dbt_version": ("require_ingot_version", nil),
        "required_version": ("require_ingot_version", nil),
        "max_bytes_per_trigger": ("max_batch_bytes", nil),
        "loaded_at_field": ("event_time", nil),
        "loaded_at": ("event_time", nil),
        "webhook_url": ("url", nil),
        "topic": ("topic_arn", nil),
    ]

    private static func snakeCase(_ key: String) -> String {
        var result = ""
        for character in key {
            if character.isUppercase, let last = result.last, last != "_" { result += "_" }
            result += character == "-" || character == "." ? "_" : character.lowercased()
        }
        return result.hasPrefix("cloud_files_") ? String(result.dropFirst("cloud_files_".count)) : result
    }
}
