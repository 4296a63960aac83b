import DuckDB
import IngotCore
import IngotProject

/// The records of a scan, as contracts see them: with fields, numbers and raw text.
struct ScannedRecords {
    let signature: ReadSignature
    let pipeline: Pipeline
    /// Where the records are: the temporary table of a scan, or the SELECT that reads the objects.
    let origin: Origin
    private let hasFaults: Bool
    /// What the records offer to the table at hand.
    private(set) var fields: [SourceField] = []
    /// Fields that no column of the table at hand reads, by the name of the column they may become.
    private(set) var extras: [SourceField] = []
    /// What is wrong with a record that has certain fields of JSON, by the conditions that show it.
    var conflicts: [(condition: String, message: String)] = []
    /// Whether records of JSON have keys with NUL, which SQL cannot say.
    private var hasUnspeakableKeys = false

    /// Where records come from.
    enum Origin {
        /// A temporary table in the order of the records, and the one that says where each object's begin.
        case table(scan: String, places: String)
        /// A SELECT, whose records have no numbers, and the table that says which object is which; `nil` if all are of
        /// the first object.
        case select(String, places: String?)
        /// A temporary table, or a SELECT in parentheses, of records that have their object and number.
        case numbered(String)
    }

    /// Describes the records of a scan.
    ///
    /// - Parameters:
    ///   - signature: How they are read.
    ///   - pipeline: What they are read for.
    ///   - origin: Where they are.
    ///   - hasFaults: Whether one of their objects is known to be at fault, so that all of its records are rejected.
    init(signature: ReadSignature, pipeline: Pipeline, origin: Origin, hasFaults: Bool = false) {
        self.signature = signature
        self.pipeline = pipeline
        self.origin = origin
        self.hasFaults = hasFaults
    }

    var isJSON: Bool {
        signature.form == .jsonLines || signature.form == .jsonArray
    }

    private var isRepaired: Bool { signature.route == .repaired }

    /// Whether records may carry an error of their own.
    private var hasErrors: Bool { isRepaired || isJSON }

    /// Finds which fields there are for a table, and which of them its contract does not know.
    mutating func discoverFields(of table: BatchTable, tables: [BatchTable], _ connection: SQLConnection) async throws {
        conflicts = []
        let wanted = Self.names(table.contract?.columns ?? [])
        if isJSON {
            var names = wanted
            if let route = pipeline.routeBy?.value { names.append(route) }
            names = names.uniqued()
            fields = names.enumerated().map { SourceField(name: $1, column: Internal.field($0)) }
            extras = []
            guard table.contract != nil, needsExtras else { return }
            let known = Set(names.filter { !Self.isJSONPath($0) })
            let keys = try await unknownKeys(of: table, tables: tables, connection).filter { !known.contains($0) }
            hasUnspeakableKeys = keys.contains { $0.unicodeScalars.contains("\0") }
            extras = keys.filter { !$0.unicodeScalars.contains("\0") }.enumerated().map {
                SourceField(name: $1, column: Internal.field(names.count + $0))
            }
            fields += extras
        } else {
            fields = signature.fields.enumerated().map { number, field in
                let type = field.type.isNestedType ? "VARCHAR" : field.type
                return SourceField(name: field.name, column: Internal.field(number), type: type)
            }
            var bound = Set(tables.flatMap { Self.names($0.contract?.columns ?? []) }.compactMap { find($0)?.column })
            if let route = pipeline.routeBy?.value, let field = find(route) { bound.insert(field.column) }
            extras = needsExtras ? fields.filter { !bound.contains($0.column) } : []
        }
    }

    /// Whether accepted rows keep their raw text as well: some may yet go to quarantine, or the text is there anyway.
    private var isRawOfAll: Bool {
        isJSON || hasFaults || pipeline.maxErrorRate != nil
            || pipeline.tables.contains { table in
                !table.uniqueKey.isEmpty
                    || table.onExpectationFailure == .quarantineObject && !table.expectations.isEmpty
            }
    }

    private var needsExtras: Bool {
        pipeline.schemaEvolution == .addNewColumns || pipeline.rescuedDataColumn != nil
    }

    private func find(_ name: String) -> SourceField? {
        ContractSQL.find(name, in: fields)
    }

    private static func names(_ columns: [ContractColumnDeclaration]) -> [String] {
        columns.compactMap { column in
            switch column.origin {
            case .field(let name), .path(let name): name.value
            case .expression: nil
            }
        }
    }

    /// The keys of the JSON objects that belong to a table.
    private func unknownKeys(
        of table: BatchTable,
        tables: [BatchTable],
        _ connection: SQLConnection
    ) async throws -> [String] {
        let keys = try await connection.query(
            """
            SELECT DISTINCT unnest(json_keys(\(Internal.line))) AS key
            FROM (\(records)) WHERE \(Internal.error) IS NULL AND \(condition(of: table, tables: tables)) ORDER BY key
            """
        )
        return try keys.map { try $0.string("key") }
    }

    /// The statement that tells the keys of each object's records, whichever table they belong to.
    func keys() -> String {
        """
        SELECT DISTINCT \(Internal.index) AS i, unnest(json_keys(\(Internal.line))) AS key
        FROM (\(records)) WHERE \(Internal.error) IS NULL ORDER BY i, key
        """
    }

    /// The statement that judges the records which belong to a table, and keeps them with the verdict.
    func insertion(into table: BatchTable, tables: [BatchTable]) -> String {
        "INSERT INTO \(table.rows) BY NAME \(judged(for: table, tables: tables))"
    }

    /// The SELECT of the records as the table's rows, with ``Internal/sound`` instead of a verdict in words; the others
    /// are collected.
    func marked(for table: BatchTable, collecting rejected: RejectedRecords) -> String {
        guard let contract = table.contract else { return records }
        let isSound = rejected.isSound(signature.fields.indices.map { Internal.field($0) })
        let own = Set(fieldsOfNewColumns(table).map(\.column))
        let others = table.newColumns.filter { !own.contains($0) }
        let columns =
            rowColumns(of: table, contract) + others.map { "CAST(NULL AS VARCHAR) AS \(SQL.identifier($0))" }
            + ["\(isSound) AS \(Internal.sound)"]
        return "SELECT \(columns.joined(separator: ",\n  ")) FROM (\(sql(contract).marked(from: records)))"
    }

    private func sql(_ contract: SilverTable) -> ContractSQL {
        ContractSQL(table: contract, fields: fields, nullValues: pipeline.nullValues, hasErrors: hasErrors)
    }

    /// A row as the table will have it: its object and number, the contract's columns, and what is beyond them.
    private func rowColumns(of table: BatchTable, _ contract: SilverTable) -> [String] {
        var columns = [Internal.index, Internal.row]
        columns += contract.columns.map { SQL.identifier($0.name.value) }
        for (column, fields) in fieldsOfNewColumns(table) {
            columns.append("coalesce(\(fields.map(text).joined(separator: ", "))) AS \(SQL.identifier(column))")
        }
        if let rescued = pipeline.rescuedDataColumn?.value {
            columns.append("\(rescuedData(table)) AS \(SQL.identifier(rescued))")
        }
        return columns
    }

    /// The SELECT that judges the records which belong to a table.
    func judged(for table: BatchTable, tables: [BatchTable]) -> String {
        let filtered = "SELECT * FROM (\(records)) WHERE \(condition(of: table, tables: tables))"
        guard let contract = table.contract else { return unrouted(from: filtered) }
        var columns = rowColumns(of: table, contract)
        let scanned = "\(Internal.error) IS NOT NULL"
        let rejected = hasErrors ? "(\(Internal.rejected) OR \(scanned))" : Internal.rejected
        let reason =
            "[{'rule': \(Internal.error).rule, 'column': CAST(NULL AS VARCHAR), 'message': \(Internal.error).message}]"
        if hasErrors {
            columns += [
                "\(rejected) AS \(Internal.rejected)",
                "CASE WHEN \(scanned) THEN \(reason) ELSE \(Internal.reasons) END AS \(Internal.reasons)",
            ]
        } else {
            columns += [Internal.rejected, Internal.reasons]
        }
        columns.append("\(isRawOfAll ? raw : "CASE WHEN \(rejected) THEN \(raw) END") AS \(Internal.raw)")
        return """
            SELECT \(columns.joined(separator: ",\n  "))
            FROM (\(sql(contract).select(from: filtered)))
            """
    }

    /// Records whose discriminator names no table are rejected, with what it says.
    private func unrouted(from records: String) -> String {
        let name = pipeline.routeBy?.value ?? ""
        let field = find(name).map(text) ?? "CAST(NULL AS VARCHAR)"
        let known = pipeline.tables.compactMap(\.routeValue?.value).joined(separator: ", ")
        let unknown = "concat('\"', left(\(field), 200), '\" is not one of ', \(SQL.literal(known)))"
        let reason = """
            {'rule': \(SQL.literal(RejectionRule.route.rawValue)), 'column': \(SQL.literal(name)),
              'message': CASE WHEN \(field) IS NULL THEN 'is missing' ELSE \(unknown) END}
            """
        let scanned = """
            {'rule': \(Internal.error).rule, 'column': CAST(NULL AS VARCHAR), 'message': \(Internal.error).message}
            """
        let reasons = hasErrors ? "CASE WHEN \(Internal.error) IS NOT NULL THEN \(scanned) ELSE \(reason) END" : reason
        return """
            SELECT \(Internal.index), \(Internal.row), TRUE AS \(Internal.rejected), [\(reasons)] AS \(Internal.reasons),
              \(raw) AS \(Internal.raw)
            FROM (\(records))
            """
    }

    /// Which records belong to a table.
    private func condition(of table: BatchTable, tables: [BatchTable]) -> String {
        guard let name = pipeline.routeBy?.value else { return "TRUE" }
        let field = isJSON && fields.isEmpty ? jsonText(name) : find(name).map(text) ?? jsonOrNull(name)
        let sound = hasErrors ? "\(Internal.error) IS NULL AND " : ""
        if let value = table.contract?.routeValue?.value {
            return "(\(sound)\(field) = \(SQL.literal(value)))"
        }
        let values = tables.compactMap(\.contract?.routeValue?.value).map(SQL.literal).joined(separator: ", ")
        return "NOT coalesce(\(sound)\(field) IN (\(values)), FALSE)"
    }

    private func jsonOrNull(_ name: String) -> String {
        isJSON ? jsonText(name) : "CAST(NULL AS VARCHAR)"
    }

    private func jsonText(_ name: String) -> String {
        "json_extract_string(\(Internal.line), \(SQL.literal(Self.jsonPath(name))))"
    }

    /// A field as text.
    private func text(_ field: SourceField) -> String {
        let name = SQL.identifier(field.column)
        return field.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)"
    }

    /// The record as people see it in quarantine: its fields by name, or its line where it has none.
    private var raw: String {
        if isJSON { return Internal.line }
        let pairs = fields.map { "\(SQL.literal($0.name)), \(text($0))" }.joined(separator: ", ")
        // Stored as text without a cast here, which would cost as much as everything else.
        let object = "json_object(\(pairs))"
        guard isRepaired else { return object }
        return "CASE WHEN \(Internal.error) IS NULL THEN CAST(\(object) AS VARCHAR) ELSE \(Internal.line) END"
    }

    /// The fields that no column takes, as one JSON object of texts; NULL where there are none.
    private func rescuedData(_ table: BatchTable) -> String {
        let (names, columns) = (NewColumnNames(table), Set(table.newColumns))
        let kept = extras.filter { field in !(names.name(of: field).map(columns.contains) ?? false) }
        guard !kept.isEmpty else { return "CAST(NULL AS VARCHAR)" }
        let values = kept.map(text).joined(separator: ", ")
        let pairs = kept.map { "{'k': \(SQL.literal($0.name)), 'v': \(text($0))}" }.joined(separator: ", ")
        return """
            CASE WHEN coalesce(\(values)) IS NOT NULL
              THEN CAST(to_json(map_from_entries(list_filter([\(pairs)], pair -> pair.v IS NOT NULL))) AS VARCHAR) END
            """
    }

    /// The scan with objects' positions in the batch, record numbers, and for JSON the fields cut out.
    private var records: String {
        var columns = ["place.__object AS \(Internal.index)"]
        let (scan, places): (String, String?)
        switch origin {
        case .table(let table, let starts):
            (scan, places) = (table, starts)
            columns.append(isRepaired ? "scan.\(Internal.row)" : "scan.rowid - place.__first + 1 AS \(Internal.row)")
        case .select(let select, let objects):
            (scan, places) = ("(\(select))", objects)
            if objects == nil { columns = ["scan.\(Internal.index)"] }
            columns.append("CAST(NULL AS BIGINT) AS \(Internal.row)")
        case .numbered(let table):
            (scan, places) = (table, nil)
            columns = ["scan.\(Internal.index)", "scan.\(Internal.row)"]
        }
        if isJSON {
            columns += ["scan.\(Internal.line)", "\(jsonError) AS \(Internal.error)"]
        } else {
            columns += signature.fields.indices.map { "scan.\(Internal.field($0))" }
            if isRepaired { columns += ["scan.\(Internal.line)", "scan.\(Internal.error)"] }
        }
        let join = places.map { " JOIN \($0) AS place ON scan.\(Internal.index) = place.__position" } ?? ""
        let base = "SELECT \(columns.joined(separator: ", ")) FROM \(scan) AS scan\(join)"
        guard isJSON, !fields.isEmpty else { return base }
        let found = Set(extras.map(\.column))
        let paths = fields.map { field in
            SQL.literal(found.contains(field.column) ? Self.jsonMember(field.name) : Self.jsonPath(field.name))
        }.joined(separator: ", ")
        let sound = "CASE WHEN \(Internal.error) IS NULL THEN \(Internal.line) END"
        let values = fields.indices.map { "__values[\($0 + 1)] AS \(fields[$0].column)" }.joined(separator: ", ")
        return """
            SELECT * EXCLUDE (__values), \(values)
            FROM (SELECT *, json_extract_string(\(sound), [\(paths)]) AS __values FROM (\(base)))
            """
    }

    private var jsonError: String {
        let line = "scan.\(Internal.line)"
        func error(_ rule: RejectionRule, _ message: String) -> String {
            "{'rule': \(SQL.literal(rule.rawValue)), 'message': \(SQL.literal(message))}"
        }
        let malformed = "WHEN NOT json_valid(\(line)) THEN \(error(.malformedJSON, "is not valid JSON"))"
        let other = "WHEN json_type(\(line)) <> 'OBJECT' THEN \(error(.notAnObject, "is not a JSON object"))"
        let own = isRepaired ? "WHEN scan.\(Internal.error) IS NOT NULL THEN scan.\(Internal.error) " : ""
        let shared = conflicts.map { " WHEN \($0.condition) THEN \(error(.duplicateColumns, $0.message))" }.joined()
        let hasNUL = "len(list_filter(json_keys(\(line)), key -> contains(key, chr(0)))) > 0"
        let nul = error(.malformedJSON, "has a key with a NUL character, which no column can be named for")
        let unspeakable = hasUnspeakableKeys ? " WHEN \(hasNUL) THEN \(nul)" : ""
        return "CASE \(own)\(isRepaired ? malformed + " " : "")\(other)\(unspeakable)\(shared) END"
    }

    /// The place in a JSON object that a declared name means: a path as it is, or a member of that name.
    static func jsonPath(_ name: String) -> String {
        isJSONPath(name) ? name : jsonMember(name)
    }

    private static func isJSONPath(_ name: String) -> Bool {
        name.hasPrefix("$.")
    }

    /// The member of the record that a path begins with: `a` of `$.a.b[0]`, `a b` of `$."a b".c`.
    static func member(ofPath path: String) -> String? {
        guard isJSONPath(path) else { return nil }
        let rest = path.dropFirst(2)
        if rest.first == "\"" { return rest.dropFirst().prefix { $0 != "\"" }.description }
        return rest.prefix { $0 != "." && $0 != "[" }.description
    }

    /// The place of an object's member, as a JSON pointer, which can say any name.
    static func jsonMember(_ name: String) -> String {
        name.reduce(into: "/") { pointer, character in
            switch character {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            default: pointer.append(character)
            }
        }
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in the order of their first places.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension String {
    /// The text without blanks at its ends.
    func trimmingBlanks() -> String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
