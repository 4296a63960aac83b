import DelimitedText
import DuckDB
import IngotCore
import IngotProject

/// Finds out how objects are to be read, and which cannot be.
struct ObjectInspector {
    /// How much of an object is looked at.
    private static let prefixSize = 64 << 10

    let bronze: any BronzeStore
    let pipeline: Pipeline
    let connection: SQLConnection

    /// Gives each object its signature, or a fault; what is not to be committed is not read.
    func inspect(_ objects: inout [BatchObject]) async throws {
        for index in objects.indices where objects[index].failure == nil {
            do {
                try await inspect(&objects[index])
            } catch let error as DuckDBError where error.blamesInput {
                objects[index].fault = .unreadable(error, objects[index], as: pipeline.source.format)
            }
        }
    }

    private func inspect(_ object: inout BatchObject) async throws {
        let compression = Compression(key: object.entry.object.key)
        if pipeline.source.format != .parquet {
            do {
                object.textSize = try compression.check(object.entry.bronze) ?? object.textSize
            } catch let damage as DelimitedTextError {
                object.fault = BatchObject.Fault(.unreadable, damage.description)
                return
            }
        }
        switch pipeline.source.format {
        case .jsonl:
            object.signature = ReadSignature(form: .jsonLines, compression: compression)
        case .json:
            let isArray = try await isJSONArray(object.entry, compression)
            object.signature = ReadSignature(form: isArray ? .jsonArray : .jsonLines, compression: compression)
        case .parquet:
            object.signature = try await parquet(object.entry.bronze)
        case .csv:
            try await inspectCSV(&object, compression)
        }
        if pipeline.source.encoding != .utf8, object.signature?.form == .jsonLines {
            object.signature?.route = .repaired
        }
        check(&object)
    }

    private func isJSONArray(_ entry: LedgerEntry, _ compression: Compression) async throws -> Bool {
        if compression == .none {
            let prefix = try await bronze.prefix(of: entry.bronze, size: 4096)
            return TextPeek(prefix, isWhole: prefix.count < 4096, dialect: .lines()).isJSONArray
        }
        do {
            // Lines are no array, and the engine refuses them as one.
            try await connection.execute(
                """
                SELECT 1 FROM read_json_objects([\(SQL.literal(entry.bronze))], format='array',
                  compression=\(SQL.literal(compression.rawValue)), hive_partitioning=false) LIMIT 1
                """
            )
            return true
        } catch let error as DuckDBError where error.blamesInput {
            return false
        }
    }

    private func parquet(_ path: String) async throws -> ReadSignature {
        let described = try await connection.query(
            "DESCRIBE SELECT * FROM read_parquet([\(SQL.literal(path))], hive_partitioning=false)"
        )
        let fields = try described.map { row in
            ReadSignature.Field(name: try row.string("column_name"), type: try row.string("column_type"))
        }
        return ReadSignature(form: .parquet, compression: .none, fields: fields)
    }

    private func inspectCSV(_ object: inout BatchObject, _ compression: Compression) async throws {
        guard pipeline.source.csv?.header ?? true else {
            let declared = pipeline.source.csv?.names.map(\.value) ?? []
            let names = declared.isEmpty ? pipeline.declaredFields : declared
            object.signature = ReadSignature(
                form: .csv,
                compression: compression,
                fields: names.map { ReadSignature.Field(name: $0) }
            )
            return
        }
        guard let names = try await header(of: object.entry, compression, &object) else { return }
        object.signature = ReadSignature(
            form: .csv,
            compression: compression,
            fields: FieldNames.distinct(names).map { ReadSignature.Field(name: $0) }
        )
        if pipeline.source.encoding.isAlwaysSplit { object.signature?.route = .repaired }
    }

    /// The names in the header; `nil` if there are none, and then the object is empty or has a fault.
    private func header(
        of entry: LedgerEntry,
        _ compression: Compression,
        _ object: inout BatchObject
    ) async throws -> [String]? {
        var dialect = try pipeline.source.dialect
        // The query engine gives text.
        if compression == .zstd { dialect.encoding = .utf8 }
        var size = Self.prefixSize
        while true {
            let (prefix, isWhole) = try await prefix(of: entry, compression, size: size)
            let peek = TextPeek(prefix, isWhole: isWhole, dialect: dialect, expectedNames: pipeline.declaredFields)
            if peek.isEmpty { return nil }
            if let fault = complaint(of: peek) {
                object.fault = fault
                return nil
            }
            if let names = peek.header {
                suggest(peek.likelyDelimiter, names, &object)
                return names
            }
            // Nothing but empty lines and comments.
            if isWhole { return nil }
            guard size < pipeline.source.maxLineSize.bytes else {
                object.fault = BatchObject.Fault(.unreadable, "the header does not end within \(size) bytes")
                return nil
            }
            size *= 8
        }
    }

    /// The beginning of an object's text, and whether that is all of it.
    private func prefix(
        of entry: LedgerEntry,
        _ compression: Compression,
        size: Int
    ) async throws -> (bytes: [UInt8], isWhole: Bool) {
        guard compression != .zstd else { return try await zstdPrefix(of: entry, size: size) }
        let bytes = try await bronze.prefix(of: entry.bronze, size: size)
        let isWhole = bytes.count < size
        guard compression == .gzip else { return (bytes, isWhole) }
        let text = try GzipPrefix(bytes, sizeMax: pipeline.source.maxLineSize.bytes)
        return (text.bytes, isWhole && text.isWhole)
    }

    /// The first lines of a zstd text, which only the query engine decompresses.
    private func zstdPrefix(of entry: LedgerEntry, size: Int) async throws -> (bytes: [UInt8], isWhole: Bool) {
        let count = size >> 8
        let source = pipeline.source
        let encoding = source.encoding == .utf8 ? "" : ", encoding=\(SQL.literal(source.encoding.duckDBName))"
        // No line is split, and an empty one is NULL.
        let lines = try await connection.query(
            """
            SELECT coalesce(line, '') AS line FROM read_csv([\(SQL.literal(entry.bronze))], auto_detect=false, header=false,
              strict_mode=false, delim='\u{1}\u{2}\u{3}\u{2}', quote='', escape='', columns={'line': 'VARCHAR'},
              max_line_size=\(source.maxLineSize.bytes), hive_partitioning=false,
              compression='zstd'\(encoding)) LIMIT \(count)
            """
        )
        let text = try lines.map { try $0.string("line") + "\n" }.joined()
        return (Array(text.utf8), lines.count < count)
    }

    /// Why the header is none, if it is none.
    private func complaint(of peek: TextPeek) -> BatchObject.Fault? {
        if let fault = peek.headerFault {
            let isUTF16 = [.utf16LittleEndian, .utf16BigEndian].contains(peek.markedEncoding ?? peek.looksLikeUTF16)
            let hint = isUTF16 && pipeline.source.encoding == .utf8 ? "; it seems to be UTF-16: encoding: utf-16" : ""
            return BatchObject.Fault(.unreadable, "the header cannot be read: \(fault.message)\(hint)")
        }
        guard let place = peek.header?.firstIndex(where: { $0.unicodeScalars.contains("\0") }) else { return nil }
        let hint = peek.looksLikeUTF16 == nil ? "" : "; it seems to be UTF-16: encoding: utf-16"
        return BatchObject.Fault(.unreadable, "field \(place + 1) of the header holds a NUL byte\(hint)")
    }

    private func suggest(_ delimiter: String?, _ names: [String], _ object: inout BatchObject) {
        guard let delimiter, pipeline.knownFields(among: names).isEmpty else { return }
        let shown = delimiter == "\t" ? "\\t" : delimiter
        object.fault = BatchObject.Fault(
            .missingColumns,
            "the header is one field, \"\(names[0].prefix(200))\"; the delimiter seems to be \"\(shown)\""
        )
    }

    /// Finds what is wrong with an object's fields as a whole.
    private func check(_ object: inout BatchObject) {
        guard object.fault == nil, let signature = object.signature, !signature.fields.isEmpty else { return }
        let names = signature.fields.map(\.name)
        let known = pipeline.knownFields(among: names)
        if known.isEmpty {
            let found = names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
            object.fault = BatchObject.Fault(.missingColumns, "none of the pipeline's fields is there; found \(found)")
        } else if let twice = pipeline.declaredFields.first(where: { FieldNames.isAmbiguous($0, among: names) }) {
            object.fault = BatchObject.Fault(.duplicateColumns, "the field \"\(twice)\" is there more than once")
        } else if let twins = twins(among: names, known) {
            object.fault = BatchObject.Fault(
                .duplicateColumns,
                "the fields \(twins.map { "\"\($0)\"" }.joined(separator: ", ")) differ in case only, and are one column"
            )
        } else if pipeline.schemaEvolution == .failOnNewColumns {
            let new = names.filter { name in !known.contains(name) }
            guard !new.isEmpty else { return }
            object.fault = .newColumns(new)
        }
    }

    /// Fields that would become one column, so that a value would be lost.
    private func twins(among names: [String], _ known: Set<String>) -> [String]? {
        guard pipeline.schemaEvolution == .addNewColumns else { return nil }
        let groups = Dictionary(grouping: names, by: ContractSQL.folded).values.filter { $0.count > 1 }
        let lossy = groups.filter { group in
            // Columns that name each of them keep them apart.
            !known.isSuperset(of: group) && (pipeline.rescuedDataColumn == nil || known.isDisjoint(with: group))
        }
        return lossy.min { $0[0] < $1[0] }
    }
}

extension Pipeline {
    /// The fields that columns read, in order, without repetitions.
    var declaredFields: [String] {
        var names = tables.flatMap(\.columns).compactMap { column -> String? in
            switch column.origin {
            case .field(let name): name.value
            case .path, .expression: nil
            }
        }
        if let route = routeBy?.value { names.append(route) }
        return names.uniqued()
    }

    /// The paths in JSON objects that columns read.
    var declaredPaths: [String] {
        tables.flatMap(\.columns).compactMap { column in
            if case .path(let path) = column.origin { path.value } else { nil }
        }
    }

    /// Which of an object's fields columns read.
    func knownFields(among names: [String]) -> Set<String> {
        let fields = names.map { SourceField(name: $0, column: $0) }
        return Set(declaredFields.compactMap { ContractSQL.find($0, in: fields)?.name })
    }
}

extension Source {
    /// How the text splitter is to read the source.
    var dialect: Dialect {
        get throws {
            try Dialect(
                delimiter: csv?.delimiter ?? ",",
                quote: csv?.quote,
                escape: csv?.quote == nil ? nil : csv?.escape,
                comment: csv?.comment,
                hasHeader: csv?.header ?? true,
                skippedRecords: csv?.skipRows ?? 0,
                encoding: TextEncoding(name: encoding.rawValue) ?? .utf8
            )
        }
    }
}

extension Source.Encoding {
    /// Whether the query engine cannot read the encoding by itself.
    var isAlwaysSplit: Bool {
        switch self {
        case .utf8, .latin1: false
        case .utf16, .utf16LittleEndian, .utf16BigEndian: true
        }
    }
}
