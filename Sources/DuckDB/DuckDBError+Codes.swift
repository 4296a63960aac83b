extension DuckDBError.Kind {
    /// DuckDB's names for its kinds of errors, at their numbers in the C API.
    private static let names = [
        "Invalid", "Out of Range", "Conversion", "Unknown Type", "Decimal", "Mismatch Type", "Divide by Zero",
        "Object Size", "Invalid type", "Serialization", "TransactionContext", "Not implemented", "Expression",
        "Catalog", "Parser", "Planner", "Scheduler", "Executor", "Constraint", "Index", "Stat", "Connection",
        "Syntax", "Settings", "Binder", "Network", "Optimizer", "NullPointer", "IO", "INTERRUPT", "FATAL", "INTERNAL",
        "Invalid Input", "Out of Memory", "Permission", "Parameter Not Resolved", "Parameter Not Allowed",
        "Dependency", "HTTP", "Missing Extension", "Extension Autoloading", "Sequence", "Invalid Configuration",
    ]

    /// The kind at a number of the C API.
    init(code: UInt32) {
        self = Int(code) < Self.names.count ? Self(rawValue: Self.names[Int(code)]) : .unknown
    }
}
