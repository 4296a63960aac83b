import CDuckDB

/// Texts across the C border.
enum NativeText {
    /// Copies a text that belongs to a handle.
    static func copy(_ pointer: UnsafePointer<CChar>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    /// Copies a text that DuckDB handed out, and frees it.
    static func take(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        defer { unsafe duckdb_free(pointer) }
        return unsafe String(cString: pointer)
    }

    /// As the other `take`, for calls that hand out a copy as if it were theirs.
    static func take(_ pointer: UnsafePointer<CChar>?) -> String? {
        unsafe take(UnsafeMutablePointer(mutating: pointer))
    }

    /// Refuses a text that C would cut short.
    ///
    /// - Throws: `DuckDBError` (`invalidInput`) if there is a NUL in it.
    static func check(_ text: String, is what: String) throws {
        guard !text.utf8.contains(0) else {
            throw DuckDBError(kind: .invalidInput, message: "\(what) holds a NUL character, which it cannot")
        }
    }
}
