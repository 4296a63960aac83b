import IngotCore

extension ValueType where Value == Load {
    /// A file under `loads/`.
    static let load = object(
        "load",
        "From a table of the project to one of another database: a file `loads/<name>.yml`.",
        keys: LoadKeys.all,
        decode: LoadKeys.decode
    )
}

/// The keys of a load.
private enum LoadKeys {
    static let load = Key.required("load", ValueType<String>.identifier.located, "The load's name.")
    static let description = Key<String>("description", .text, "What it is for.")
    static let tags = Key(
        "tags",
        ValueType<[String]>.oneOrMore(.identifier),
        default: [],
        written: "[]",
        "Words to select it by: `--select tag:x`."
    )
    static let from = Key(
        "from",
        ValueType<TableName>.tableName(in: ["gold", "silver", "quarantine", "seeds", "ops"]).located,
        "The table, view or seed whose rows are loaded."
    )
    static let query = Key<SQLText>("query", .expression, "One SELECT whose rows are loaded, in place of `from`.")
    static let connection = Key.required(
        "connection",
        ValueType<String>.identifier.located,
        "The database: one of `connections` in `ingot.yml`."
    )
    static let table = Key.required(
        "table",
        ValueType<ServingTable>.servingTable.located,
        "The table that is loaded: `schema.table`, or `table` in the schema that the connection has by itself."
    )
    static let disposition = Key<Load.WriteDisposition>(
        "write_disposition",
        .choice,
        "How the rows meet those that are there. Without it `merge` where there is a `primary_key`, else `replace`."
    )
    static let primaryKey = Key(
        "primary_key",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.fieldName.located),
        "The columns that identify a row; no two rows of the source may have the same."
    )
    static let hardDelete = Key(
        "hard_delete",
        ValueType<String>.fieldName.located,
        "`merge`, `replace`: a column of the source that is not loaded. Rows in which it is true, or where it is no boolean, not "
            + "NULL, are deleted from the table."
    )
    static let columns = Key(
        "columns",
        ValueType<[Located<String>]>.list(of: ValueType<String>.fieldName.located, atLeast: 1),
        "The columns that are loaded. Without it all of the source's, but those that Ingot adds to silver."
    )
    static let create = Key<Bool>(
        "create",
        .boolean,
        default: false,
        written: "false",
        "Whether the table is made where there is none, with the `primary_key` as its own."
    )

    static let all = [
        load.shape, description.shape, tags.shape, from.shape, query.shape, connection.shape, table.shape,
        disposition.shape, primaryKey.shape, hardDelete.shape, columns.shape, create.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Load? {
        let name = reader.value(load)
        let description = reader.value(description)
        let tags = reader.defaulted(tags)
        let source = source(reader)
        let connection = reader.value(connection)
        let table = reader.value(table)
        let key = reader.value(primaryKey) ?? []
        let given = reader.value(disposition)
        let disposition = given ?? (reader.isMeant(primaryKey) ? .merge : .replace)
        let hardDelete = reader.value(hardDelete)
        let columns = reader.value(columns)
        let creates = reader.defaulted(create)
        check(reader, disposition, key, hardDelete, columns)
        guard let name, let source, let connection, let table else { return nil }
        return Load(
            name: name,
            file: reader.reading.source.file,
            description: description,
            tags: tags,
            source: source,
            connection: connection,
            table: table,
            writeDisposition: disposition,
            primaryKey: key,
            hardDelete: hardDelete,
            columns: columns,
            creates: creates
        )
    }

    private static func source(_ reader: ObjectReader) -> Load.Source? {
        let table = reader.value(from)
        let query = reader.value(query)
        if reader.isMeant(from) == reader.isMeant(LoadKeys.query) {
            reader.reading.error(
                .conflictingKeys,
                "a load needs exactly one of from, query",
                at: reader.location,
                hint: "from: gold.table"
            )
            return nil
        }
        return table.map { .table($0) } ?? query.map { .query($0) }
    }

    private static func check(
        _ reader: ObjectReader,
        _ disposition: Load.WriteDisposition,
        _ key: [Located<String>],
        _ hardDelete: Located<String>?,
        _ columns: [Located<String>]?
    ) {
        Duplicates.report(key, what: "column of primary_key", in: reader.reading)
        Duplicates.report(columns ?? [], what: "column", in: reader.reading)
        if disposition == .merge, !reader.isMeant(primaryKey) {
            let message = "merge needs to know which columns identify a row"
            reader.conflict(LoadKeys.disposition, message, hint: "primary_key: [id]")
        }
        if hardDelete != nil, disposition == .append {
            reader.conflict(LoadKeys.hardDelete, "append deletes no rows", hint: "write_disposition: merge")
        }
        guard let columns, reader.count(LoadKeys.columns) == columns.count else { return }
        let known = columns.map(\.value)
        for name in key where !known.contains(where: { $0.lowercased() == name.value.lowercased() }) {
            reader.reading.error(
                .unknownName,
                "primary_key: \"\(name.value.abbreviated)\" is not among the columns that are loaded: "
                    + known.joined(separator: ", "),
                at: name.location,
                hint: NearestMatch.find(name.value, among: known)
            )
        }
        if let hardDelete, known.contains(where: { $0.lowercased() == hardDelete.value.lowercased() }) {
            reader.conflict(LoadKeys.hardDelete, "the column of hard_delete is not loaded, so it is not among columns")
        }
    }
}

extension ValueType where Value == ServingTable {
    /// The name of a table of another database, with its schema where one is given.
    fileprivate static let servingTable = ValueType<String>.text.checked { text, node, reading -> ServingTable? in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isGood = parts.allSatisfy { part in
            let isPlain = part.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            return isPlain && (1...63).contains(part.utf8.count)
        }
        guard (1...2).contains(parts.count), isGood else {
            reading.error(
                .invalidName,
                "\"\(text.abbreviated)\" is no name of a table here: schema.table, or table",
                at: node.location
            )
            return nil
        }
        return ServingTable(schema: parts.count == 2 ? parts[0] : nil, name: parts[parts.count - 1])
    }
}
