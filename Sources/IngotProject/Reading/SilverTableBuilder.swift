import IngotCore

/// Makes a table of a contract, and checks what its keys say of each other.
struct SilverTableBuilder {
    let reading: Reading
    /// `nil` where the source could not be read.
    let source: Source?
    let rescuedDataColumn: Located<String>?

    func table(_ contract: TableContract, routeValue: Located<String>?) -> SilverTable? {
        let columns = contract.columns ?? []
        if contract.columns == nil, contract.isComplete {
            reading.error(
                .missingKey,
                routeValue.map {
                    "the route's target \"\($0)\" has no columns, and the pipeline has none for all targets"
                }
                    ?? "a pipeline needs the key \"columns\": list of column",
                at: contract.location
            )
        }
        guard let table = contract.silver?.table else {
            if !contract.isSilverBroken, contract.silver?.isTableBroken != true {
                reportMissingTable(contract, routeValue: routeValue)
            }
            return nil
        }
        let uniqueKey = contract.uniqueKey ?? []
        var result = SilverTable(
            routeValue: routeValue,
            table: table,
            eventTime: contract.silver?.eventTime,
            partitionBy: contract.silver?.partitionBy ?? [],
            sourceRow: contract.silver?.sourceRow ?? false,
            properties: contract.silver?.properties ?? [:],
            columns: columns,
            rules: contract.rules ?? [],
            uniqueKey: uniqueKey,
            dedupSort: uniqueKey.isEmpty ? [] : Self.sortKeys(contract.dedupSort ?? .newest, at: contract.location),
            expectations: contract.expectations ?? [],
            onExpectationFailure: contract.onExpectationFailure ?? TableContractKeys.onExpectationFailure.defaultValue
        )
        if uniqueKey.isEmpty, let place = contract.dedupSortLocation {
            reading.error(
                .conflictingKeys,
                "dedup_sort says which row of one key stays, so it needs unique_key",
                at: place,
                hint: "unique_key: [column]"
            )
        }
        let isComplete = contract.isComplete && contract.columns != nil
        check(result, isComplete: isComplete)
        result.hasAllColumns = isComplete
        return result
    }

    private func reportMissingTable(_ contract: TableContract, routeValue: Located<String>?) {
        let stem = routeValue.map(\.value) ?? ""
        reading.error(
            .missingKey,
            routeValue.map { "the route's target \"\($0)\" names no table" }
                ?? "a pipeline needs the table that its rows go to",
            at: contract.silver?.location ?? contract.location,
            hint: "silver: {table: silver.\(Names.suggestion(for: stem) ?? "name")}"
        )
    }

    /// The whole order, with the tie-breakers that make it the same for every order of arrival.
    private static func sortKeys(_ sort: TableContract.DedupSort, at location: SourceLocation) -> [SortKey] {
        func byObject(isDescending: Bool) -> [SortKey] {
            ["_source_time", "_source_file", "_source_row"].map {
                SortKey(column: Located($0, at: location), isDescending: isDescending)
            }
        }
        switch sort {
        case .newest: return byObject(isDescending: true)
        case .oldest: return byObject(isDescending: false)
        case .keys(let keys):
            let named = Set(keys.map(\.column.value))
            return keys + byObject(isDescending: true).filter { !named.contains($0.column.value) }
        }
    }

    // MARK: Checks

    private func check(_ table: SilverTable, isComplete: Bool) {
        Duplicates.report(table.columns.map(\.name), what: "column", in: reading)
        Duplicates.report(table.rules.map(\.name), what: "rule", in: reading)
        Duplicates.report(table.uniqueKey, what: "column of unique_key", in: reading)
        checkRelationships(of: table)
        checkOrigins(of: table)
        guard isComplete else { return }
        let scope = ColumnScope(table.columns, reading: reading)
        if let eventTime = table.eventTime, let column = scope.column(eventTime, what: "event_time") {
            scope.check(eventTime: eventTime, type: column.dataType.value)
        }
        for field in table.partitionBy {
            scope.check(field, systemColumns: Self.systemColumnTypes(sourceRow: table.sourceRow))
        }
        for key in table.uniqueKey {
            guard let column = scope.column(key, what: "unique_key") else { continue }
            guard column.dataType.value.isScalar else {
                reading.error(
                    .conflictingKeys,
                    "the column \"\(key)\" is \(column.dataType), which cannot be a key",
                    at: key.location
                )
                continue
            }
        }
        for key in table.dedupSort where !["_source_time", "_source_file", "_source_row"].contains(key.column.value) {
            _ = scope.column(key.column, what: "dedup_sort", others: ["_source_time", "_source_file", "_source_row"])
        }
        for expectation in table.expectations {
            check(expectation, scope)
        }
    }

    private func check(_ expectation: Expectation, _ scope: ColumnScope) {
        switch expectation.check {
        case .tableRowCountToBeBetween: break
        case .columnValuesToNotBeNull(let name), .columnValuesToBeUnique(let name):
            _ = scope.column(name, what: expectation.name.value)
        case .columnValuesToBeBetween(let name, let bounds):
            guard let column = scope.column(name, what: expectation.name.value) else { return }
            for literal in [bounds.min, bounds.max].compactMap(\.self) {
                literal.check(fits: column.dataType.value, key: expectation.name.value, in: reading)
            }
        }
    }

    private func checkRelationships(of table: SilverTable) {
        let relationships = table.columns.compactMap(\.relationship)
        Duplicates.report(relationships.map(\.alias), what: "name of a seed's row", in: reading)
        for relationship in relationships
        where table.columns.contains(where: { $0.name.value.lowercased() == relationship.alias.value }) {
            reading.error(
                .duplicateName,
                "\"\(relationship.alias)\" is a column of the table, so it cannot name a seed's row too",
                at: relationship.alias.location,
                hint: "as: \(relationship.to.value.name)_row"
            )
        }
    }

    private func checkOrigins(of table: SilverTable) {
        guard let source else { return }
        for column in table.columns {
            guard case .path(let path) = column.origin, source.format != .json, source.format != .jsonl else {
                continue
            }
            reading.error(
                .conflictingKeys,
                "from: \(path) is a path into JSON, and the source is \(source.format.rawValue)",
                at: path.location
            )
        }
        guard let csv = source.csv, !csv.header else { return }
        for column in table.columns {
            guard case .field(let field) = column.origin else { continue }
            if csv.names.isEmpty, field.location != column.name.location {
                reading.error(
                    .conflictingKeys,
                    "from names a field, but the source has no header and no names",
                    at: field.location,
                    hint: "names: [...] in source"
                )
            } else if !csv.names.isEmpty, !csv.names.contains(field) {
                reading.error(
                    .unknownName,
                    "the source's names have no field \"\(field)\"; fields: "
                        + csv.names.map(\.value).joined(separator: ", "),
                    at: field.location,
                    hint: NearestMatch.find(field.value, among: csv.names.map(\.value))
                )
            }
        }
    }

    private static func systemColumnTypes(sourceRow: Bool) -> [String: DataType] {
        var types: [String: DataType] = [
            "_source_file": .varchar, "_source_version": .varchar, "_load_id": .varchar, "_ingested_at": .timestamptz,
        ]
        if sourceRow { types["_source_row"] = .bigint }
        return types
    }
}
