extension Source.Format: Choice {
    var summary: String {
        switch self {
        case .csv: "Delimited text."
        case .json:
            "JSON: a payload that begins with `[` is an array of objects, any other is one object a line."
        case .jsonl: "One JSON object a line."
        case .parquet: "Apache Parquet."
        }
    }
}

extension Source.Encoding: Choice {
    var summary: String {
        switch self {
        case .utf8: "UTF-8, with or without a byte order mark."
        case .latin1: "ISO 8859-1."
        case .utf16: "UTF-16 with a byte order mark, little-endian without one."
        case .utf16LittleEndian: "UTF-16, little-endian."
        case .utf16BigEndian: "UTF-16, big-endian."
        }
    }
}

/// The words of `clean_source`.
enum CleanSourceMode: String, CaseIterable, Choice {
    case off
    case delete
    case move

    var summary: String {
        switch self {
        case .off: "Files stay."
        case .delete: "Files are deleted once their rows are committed; bronze keeps the bytes."
        case .move: "Files are moved to `clean_source_move_destination` once their rows are committed."
        }
    }
}

extension Pipeline.RowErrorPolicy: Choice {
    var summary: String {
        switch self {
        case .quarantine: "A rejected row is kept in the quarantine table with its reasons."
        case .skip: "A rejected row is counted and dropped."
        case .fail: "A rejected row fails its object: nothing of it is committed."
        }
    }
}

extension Pipeline.SchemaEvolution: Choice {
    var summary: String {
        switch self {
        case .addNewColumns: "A new field becomes a new column of the table."
        case .rescue: "New fields are kept as JSON in the rescued data column."
        case .failOnNewColumns: "A new field quarantines its object."
        case .none: "New fields are dropped."
        }
    }
}

extension SilverTable.ExpectationFailure: Choice {
    var summary: String {
        switch self {
        case .warn: "The rows are committed and the failure is reported."
        case .fail: "Nothing of the object is committed and the run fails."
        case .quarantineObject: "The whole object goes to quarantine; the others of its batch are committed."
        }
    }
}

extension Expectation.Scope: Choice {
    var summary: String {
        switch self {
        case .object: "The accepted rows of one object."
        case .table: "All rows of the table as the commit would leave it; not available yet."
        }
    }
}

extension Model.Strategy: Choice {
    var summary: String {
        switch self {
        case .deleteInsert: "The intervals, or keys, that were computed are replaced."
        case .merge: "Rows are updated by `unique_key`, or inserted."
        case .append: "Rows are added."
        }
    }
}

extension Model.BatchSize: Choice {
    var summary: String {
        switch self {
        case .hour: "An hour."
        case .day: "A day in UTC."
        case .week: "An ISO week, from Monday."
        case .month: "A calendar month."
        case .year: "A calendar year."
        }
    }
}

extension Model.Input.OnChange: Choice {
    var summary: String {
        switch self {
        case .restate: "Everything is computed anew."
        case .ignore: "Only what is computed for other reasons sees the change."
        }
    }
}

/// The words of `materialized`.
enum MaterializationMode: String, CaseIterable, Choice {
    case view
    case table
    case incremental

    var summary: String {
        switch self {
        case .view: "Computed when it is read."
        case .table: "Computed anew as a whole when an input changes."
        case .incremental: "Computed for the intervals or keys that changed."
        }
    }
}

extension Connection.Kind: Choice {
    var summary: String {
        switch self {
        case .postgres: "PostgreSQL."
        case .mysql: "MySQL or MariaDB."
        case .sqlite: "A SQLite file."
        case .duckdb: "A DuckDB file."
        }
    }
}

extension NotificationTarget.Kind: Choice {
    var summary: String {
        switch self {
        case .log: "The log."
        case .webhook: "An HTTP POST."
        case .slack: "Slack."
        case .smtp: "Mail."
        case .command: "A program that is started."
        case .sns: "Amazon SNS."
        }
    }
}

extension Load.WriteDisposition: Choice {
    var summary: String {
        switch self {
        case .append: "All rows of the source are added, each time that it has changed."
        case .replace: "The rows of the source take the place of all that are there."
        case .merge:
            "A row takes the place of the one with its `primary_key`, or is added; rows that the source has not stay."
        }
    }
}
