import DuckDB
package import IngotProject

/// The SQL that reads objects as records, in order, with nothing interpreted.
///
/// The result has ``Internal/index`` (the object's position in `paths`), and the fields as ``Internal/field(_:)``, or
/// for JSON the record's text as ``Internal/line``. A repaired copy also has ``Internal/row``, ``Internal/line`` and
/// ``Internal/error``.
package struct ScanSQL: Sendable {
    package let signature: ReadSignature
    package let source: Source

    package init(signature: ReadSignature, source: Source) {
        self.signature = signature
        self.source = source
    }

    /// A text that stands for NULL in no file: the difference between an empty field and none is the contract's.
    private static let noNull = "\u{1}\u{2}ingot\u{2}\u{1}"

    /// The SELECT.
    package func select(paths: [String]) -> String {
        let list = "[" + paths.map(SQL.literal).joined(separator: ", ") + "]"
        return switch (signature.form, signature.route) {
        case (_, .repaired): repaired(list)
        case (.csv, .direct): csv(list)
        case (.jsonLines, .direct): json(list, format: "newline_delimited")
        case (.jsonArray, .direct): json(list, format: "array")
        case (.parquet, .direct): parquet(list)
        }
    }

    /// The SELECT of one object's records with their numbers, in their order: the engine reads them on one thread.
    ///
    /// - Parameters:
    ///   - path: Where the object is read.
    ///   - index: What the records have as ``Internal/index``.
    /// - Returns: The SELECT.
    package func numbered(path: String, as index: Int) -> String {
        let number = signature.route == .repaired ? "" : "row_number() OVER () AS \(Internal.row), "
        return """
            SELECT CAST(\(index) AS INTEGER) AS \(Internal.index), \(number)* EXCLUDE (\(Internal.index))
            FROM (\(select(paths: [path])))
            """
    }

    private var compression: String { SQL.literal(signature.compression.rawValue) }

    /// The longest line, with buffers that hold it: left alone, DuckDB takes sixteen times as much for each buffer.
    private static func lineLimits(_ bytes: Int) -> [String] {
        ["max_line_size=\(bytes)", "buffer_size=\(max(bytes, 8 << 20))"]
    }

    private func csv(_ list: String) -> String {
        let options = source.csv
        var arguments = [
            "auto_detect=false", "strict_mode=true", "null_padding=false", "ignore_errors=false",
            "hive_partitioning=false",
            "header=\(options?.header ?? true)",
            "skip=\(options?.skipRows ?? 0)",
            "delim=\(SQL.literal(options?.delimiter ?? ","))",
            "quote=\(SQL.literal(options?.quote.map(String.init) ?? ""))",
            "escape=\(SQL.literal(options?.escape.map(String.init) ?? ""))",
            "nullstr=\(SQL.literal(Self.noNull))",
            "compression=\(compression)",
        ]
        arguments += Self.lineLimits(source.maxLineSize.bytes)
        if let comment = options?.comment {
            arguments.append("comment=\(SQL.literal(String(comment)))")
        }
        if source.encoding != .utf8 {
            arguments.append("encoding=\(SQL.literal(source.encoding.duckDBName))")
        }
        return read("read_csv", list, arguments, columns: fieldColumns)
    }

    private var fieldColumns: [String] {
        signature.fields.indices.map { Internal.field($0) }
    }

    private func read(_ function: String, _ list: String, _ arguments: [String], columns: [String]) -> String {
        let types = columns.map { "\(SQL.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
        let names = columns.map { SQL.identifier($0) }.joined(separator: ", ")
        let all = (arguments + ["columns={\(types)}"]).joined(separator: ", ")
        return "SELECT CAST(file_index AS INTEGER) AS \(Internal.index), \(names) FROM \(function)(\(list), \(all))"
    }

    private func json(_ list: String, format: String) -> String {
        // The JSON reader knows plain files by a word of its own.
        let compression = signature.compression == .none ? "'uncompressed'" : compression
        return """
            SELECT CAST(file_index AS INTEGER) AS \(Internal.index), CAST(json AS VARCHAR) AS \(Internal.line)
            FROM read_json_objects(\(list), format='\(format)', compression=\(compression), hive_partitioning=false, \
            maximum_object_size=\(source.maxLineSize.bytes))
            WHERE json IS NOT NULL
            """
    }

    private func parquet(_ list: String) -> String {
        let columns = signature.fields.enumerated().map { number, field in
            let name = SQL.identifier(field.name)
            let value = field.type.isNestedType ? "CAST(to_json(\(name)) AS VARCHAR)" : name
            return "\(value) AS \(Internal.field(number))"
        }
        let all = (["CAST(file_index AS INTEGER) AS \(Internal.index)"] + columns).joined(separator: ", ")
        return "SELECT \(all) FROM read_parquet(\(list), hive_partitioning=false)"
    }

    /// Copies that ``RecordRepair`` wrote: comma, every field quoted, UTF-8.
    private func repaired(_ list: String) -> String {
        let fields = signature.form == .csv ? fieldColumns : ["__text"]
        var arguments = [
            "auto_detect=false", "strict_mode=true", "hive_partitioning=false", "header=true", "delim=','",
            "quote='\"'", "escape='\"'",
            "new_line='\\n'", "nullstr=\(SQL.literal(Self.noNull))", "parallel=false",
        ]
        arguments += Self.lineLimits(max(source.maxLineSize.bytes * 4, 1 << 24))
        let columns = [Internal.row, Internal.error, Internal.line] + fields
        let scan = read("read_csv", list, arguments, columns: columns)
        // A faulty record has its raw text, a sound line its text as its only field.
        let line =
            signature.form == .csv
            ? Internal.line : "CASE WHEN \(Internal.error) = '' THEN __text ELSE \(Internal.line) END"
        let rule = "split_part(\(Internal.error), ': ', 1)"
        let message = "substr(\(Internal.error), length(\(rule)) + 3)"
        return """
            SELECT \(Internal.index), \((signature.form == .csv ? fields : []).map { "\($0), " }.joined())
              \(line) AS \(Internal.line), CAST(\(Internal.row) AS BIGINT) AS \(Internal.row),
              CASE WHEN \(Internal.error) <> '' THEN {'rule': \(rule), 'message': \(message)} END AS \(Internal.error)
            FROM (\(scan))
            """
    }
}

extension Source.Encoding {
    /// The name that DuckDB's reader knows it by.
    var duckDBName: String {
        switch self {
        case .utf8: "utf-8"
        case .latin1: "latin-1"
        case .utf16, .utf16LittleEndian, .utf16BigEndian: "utf-16"
        }
    }
}

extension String {
    /// Whether a DuckDB type holds other values.
    var isNestedType: Bool {
        hasSuffix("]") || hasPrefix("STRUCT(") || hasPrefix("MAP(") || hasPrefix("UNION(")
    }
}
