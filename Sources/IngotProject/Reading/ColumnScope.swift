import IngotCore

/// The columns that keys can refer to.
struct ColumnScope {
    private let columns: [Column]
    private let reading: Reading

    init(_ columns: [Column], reading: Reading) {
        self.columns = columns
        self.reading = reading
    }

    /// The column of that name, which SQL finds in any case; reports a name that no column has.
    func column(_ name: Located<String>, what: String, others: [String] = []) -> Column? {
        if let column = columns.first(where: { $0.name.value.lowercased() == name.value.lowercased() }) {
            return column
        }
        reportUnknown(name, what: what, others: others)
        return nil
    }

    /// Checks that a column can say when a row's event happened.
    func check(eventTime: Located<String>, type: DataType) {
        guard ![.date, .timestamp, .timestamptz].contains(type) else { return }
        reading.error(
            .conflictingKeys,
            "event_time: the column \"\(eventTime)\" is \(type), not date, timestamp or timestamptz",
            at: eventTime.location
        )
    }

    /// Checks that a partition field's column is there and that its transform goes with its type.
    func check(_ field: PartitionField, systemColumns: [String: DataType]) {
        let name = field.column
        let own = columns.first { $0.name.value.lowercased() == name.value.lowercased() }?.dataType.value
        guard let type = own ?? systemColumns[name.value.lowercased()] else {
            reportUnknown(name, what: "partition_by", others: systemColumns.keys.sorted())
            return
        }
        guard !field.transform.accepts(type) else { return }
        reading.error(
            .conflictingKeys,
            "partition_by: \(field) does not go with the column's type \(type)",
            at: name.location
        )
    }

    private func reportUnknown(_ name: Located<String>, what: String, others: [String]) {
        let known = columns.map(\.name.value) + others
        reading.error(
            .unknownName,
            "\(what): there is no column \"\(name.value.abbreviated)\"; columns: \(known.joined(separator: ", "))",
            at: name.location,
            hint: NearestMatch.find(name.value, among: known)
        )
    }
}

extension PartitionField.Transform {
    /// Whether Iceberg allows the transform for a type.
    func accepts(_ type: DataType) -> Bool {
        switch self {
        case .identity: type.isScalar
        case .year, .month, .day: [.date, .timestamp, .timestamptz].contains(type)
        case .hour: [.timestamp, .timestamptz].contains(type)
        case .bucket:
            switch type {
            case .boolean, .float, .double, .list, .structure, .map: false
            default: true
            }
        case .truncate:
            switch type {
            case .integer, .bigint, .decimal, .varchar, .json, .blob: true
            default: false
            }
        }
    }
}
