/// Decides from statistics which manifests and files may hold rows that a predicate wants.
struct FilePruner: Sendable {
    private let predicate: BoundPredicate
    private let types: [Int: IcebergType]

    init(_ predicate: Predicate, schema: Schema) throws {
        self.predicate = try BoundPredicate(predicate, schema: schema)
        types = schema.fieldsByID.mapValues(\.type)
    }

    /// Whether a manifest may hold a file with wanted rows, by its partition summaries.
    func mayMatch(_ manifest: ManifestFile, spec: PartitionSpec) -> Bool {
        guard let summaries = manifest.partitions, summaries.count == spec.fields.count else { return true }
        return evaluate(predicate) { fieldID, test in
            zip(spec.fields, summaries).allSatisfy { field, summary in
                guard field.sourceID == fieldID, field.transform != .void, let type = types[fieldID],
                    let resultType = field.transform.resultType(of: type)
                else { return true }
                let lower = summary.lowerBound.flatMap { Literal(singleValueBytes: $0, type: resultType) }
                let upper = summary.upperBound.flatMap { Literal(singleValueBytes: $0, type: resultType) }
                let mayBeNaN = resultType.isFloating && summary.containsNaN != false
                let range = ValueRange(
                    mayHaveNull: summary.containsNull,
                    mayHaveValue: summary.lowerBound != nil || mayBeNaN,
                    mayHaveNaN: mayBeNaN,
                    lower: lower,
                    upper: upper
                )
                return range.mayPass(test, through: field.transform)
            }
        }
    }

    /// Whether a file may hold wanted rows, by its partition values.
    func mayMatchPartition(_ file: DataFile, spec: PartitionSpec) -> Bool {
        evaluate(predicate) { passesPartition($0, $1, file, spec) }
    }

    /// Whether a file may hold wanted rows, by its partition values and its column statistics.
    func mayMatch(_ file: DataFile, spec: PartitionSpec) -> Bool {
        evaluate(predicate) { fieldID, test in
            passesPartition(fieldID, test, file, spec) && range(of: fieldID, in: file).mayPass(test)
        }
    }

    private func passesPartition(
        _ fieldID: Int,
        _ test: BoundPredicate.Test,
        _ file: DataFile,
        _ spec: PartitionSpec
    ) -> Bool {
        zip(spec.fields, file.partition).allSatisfy { field, value in
            guard field.sourceID == fieldID, types[fieldID] != nil else { return true }
            switch field.transform {
            case .void, .unknown: return true
            default:
                let range = ValueRange(
                    mayHaveNull: value == nil,
                    mayHaveValue: value != nil,
                    mayHaveNaN: value?.isNaN ?? false,
                    lower: value,
                    upper: value
                )
                return range.mayPass(test, through: field.transform)
            }
        }
    }

    private func range(of fieldID: Int, in file: DataFile) -> ValueRange {
        guard let type = types[fieldID], type.isPrimitive else { return ValueRange() }
        let nulls = file.nullValueCounts[fieldID]
        let values = file.valueCounts[fieldID]
        return ValueRange(
            mayHaveNull: nulls != 0,
            mayHaveValue: nulls == nil || values == nil || nulls != values,
            mayHaveNaN: type.isFloating && file.nanValueCounts[fieldID] != 0,
            lower: file.lowerBounds[fieldID].flatMap { Literal(singleValueBytes: $0, type: type) },
            upper: file.upperBounds[fieldID].flatMap { Literal(singleValueBytes: $0, type: type) }
        )
    }

    private func evaluate(
        _ predicate: BoundPredicate,
        _ leaf: (Int, BoundPredicate.Test) -> Bool
    ) -> Bool {
        switch predicate {
        case .always: true
        case .never: false
        case .leaf(let fieldID, let test): leaf(fieldID, test)
        case .and(let parts): parts.allSatisfy { evaluate($0, leaf) }
        case .or(let parts): parts.contains { evaluate($0, leaf) }
        }
    }
}

extension IcebergType {
    var isFloating: Bool {
        self == .float || self == .double
    }
}
