import CDuckDB

/// Profiles across the C border.
enum NativeProfile {
    /// Copies a node and all below it.
    ///
    /// They belong to the connection, until its next statement.
    static func read(_ node: duckdb_profiling_info) -> ProfileNode {
        // Owned: a map of texts.
        var metrics = unsafe duckdb_profiling_info_get_metrics(node)
        defer { unsafe duckdb_destroy_value(&metrics) }
        let entries = (0..<(unsafe duckdb_get_map_size(metrics))).map { index in
            let key = unsafe takeText(duckdb_get_map_key(metrics, index))
            return (key, unsafe takeText(duckdb_get_map_value(metrics, index)))
        }
        let children = (0..<(unsafe duckdb_profiling_info_get_child_count(node))).compactMap { index in
            unsafe duckdb_profiling_info_get_child(node, index).map { unsafe read($0) }
        }
        return ProfileNode(metrics: Dictionary(entries, uniquingKeysWith: { first, _ in first }), children: children)
    }

    /// Reads a text value and ends it.
    private static func takeText(_ value: duckdb_value?) -> String {
        var owned = unsafe value
        defer { unsafe duckdb_destroy_value(&owned) }
        return unsafe owned == nil ? "" : NativeText.take(duckdb_get_varchar(owned)) ?? ""
    }
}

extension Session {
    /// The profile of the statement that ran last.
    func readProfile() throws -> ProfileNode {
        guard let node = try unsafe duckdb_get_profiling_info(connection()) else {
            throw DuckDBError(kind: .notImplemented, message: "DuckDB has no profile of this statement")
        }
        return unsafe NativeProfile.read(node)
    }

    /// Ends profiling, also for a ticket that is cancelled.
    func disableProfiling() {
        // It cannot fail but by a closed connection, which profiles nothing.
        try? run("PRAGMA disable_profiling", .none, ticket: Ticket())?.close()
    }
}
