import JSONTree

extension StateReader {
    func map() -> MapBody? {
        let processorKey = object.has("ItemProcessor") ? "ItemProcessor" : "Iterator"
        let items = items()
        let selector = selector()
        let batcher = batcher()
        let writer = writer()
        let concurrency = number("MaxConcurrency", in: object, minimum: 0)
        let failures = number("ToleratedFailureCount", in: object, minimum: 0)
        let share = number("ToleratedFailurePercentage", in: object, minimum: 0, maximum: 100, isWhole: false)
        let label = label()
        guard object.has(processorKey) else {
            object.reportMissing(oneOf: ["ItemProcessor", "Iterator"])
            return nil
        }
        guard let processor = object.object(processorKey) else { return nil }
        let isDistributed = isDistributed(processor)
        if !isDistributed { reportDistributedFields() }
        let graph = reader.graph(processor, language: scope.language, depth: scope.depth + 1)
        processor.finish()
        guard let graph else { return nil }
        return MapBody(
            items: items,
            selector: selector,
            processor: graph,
            isDistributed: isDistributed,
            batcher: batcher,
            writer: writer,
            concurrencyMax: concurrency,
            toleratedFailureCount: failures,
            toleratedFailurePercentage: share,
            label: label
        )
    }

    /// A number of a Map state.
    func number(
        _ key: String,
        in object: ObjectReader,
        minimum: Double,
        maximum: Double = 99_999_999,
        isWhole: Bool = true
    ) -> Quantity? {
        quantity(key, in: object, minimum: minimum, maximum: maximum, isWhole: isWhole, takesReferencesOnly: true)
    }

    /// Reports the fields that make no sense where iterations are no executions of their own.
    private func reportDistributedFields() {
        for key in Self.distributedFields where object.has(key) {
            object.report(key, "Field '\(key)' is only supported for Map states in DISTRIBUTED mode", atKey: true)
        }
    }

    private static let distributedFields = [
        "ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount", "ToleratedFailureCountPath",
        "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
    ]

    private func isDistributed(_ processor: ObjectReader) -> Bool {
        guard let config = processor.object("ProcessorConfig") else { return false }
        let mode = config.string("Mode") ?? "INLINE"
        if mode != "INLINE", mode != "DISTRIBUTED" {
            config.reportValue("Mode", allowed: "INLINE, DISTRIBUTED")
        }
        let type = config.string("ExecutionType")
        if let type, StateMachine.Kind(rawValue: type) == nil {
            config.reportValue("ExecutionType", allowed: "STANDARD, EXPRESS")
        }
        if mode == "DISTRIBUTED", reader.kind == .express {
            config.report("Mode", "Express state machine does not support 'DISTRIBUTED' Map states")
        }
        config.finish()
        return mode == "DISTRIBUTED"
    }

    private func items() -> MapBody.Items {
        if object.has("ItemReader"), let reader = itemReader() {
            _ = object.node(isJSONata ? "Items" : "ItemsPath")
            return .reader(reader)
        }
        if isJSONata {
            if let node = object.node("Items"), node.elements == nil, node.string.flatMap(Query.body) == nil {
                object.report("Items", "Incorrect type. Expected one of array, JSONata expression.")
            }
            return template("Items", in: object).map(MapBody.Items.template) ?? .path(.input)
        }
        return .path(path("ItemsPath", in: object) ?? .input)
    }

    private func selector() -> Template? {
        // `Parameters` is how `ItemSelector` was called before.
        let key = !isJSONata && object.has("Parameters") && !object.has("ItemSelector") ? "Parameters" : "ItemSelector"
        return template(key, in: object)
    }

    private func batcher() -> ItemBatcher? {
        guard let batcher = object.object("ItemBatcher") else { return nil }
        let count = number("MaxItemsPerBatch", in: batcher, minimum: 1)
        let bytes = number("MaxInputBytesPerBatch", in: batcher, minimum: 1, maximum: 262_144)
        let input = template("BatchInput", in: batcher, field: "ItemBatcher/BatchInput")
        if !batcher.members.contains(where: { $0.key.hasPrefix("Max") }) {
            batcher.report(nil, "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch")
        }
        batcher.finish { foreign($0, to: ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"]) }
        return ItemBatcher(itemCountMax: count, byteCountMax: bytes, input: input)
    }

    private func writer() -> ResultWriter? {
        guard let writer = object.object("ResultWriter") else { return nil }
        let resource = writer.string("Resource")
        let arguments = template(isJSONata ? "Arguments" : "Parameters", in: writer, field: "ResultWriter/Arguments")
        var outputType = "JSON"
        var transformation = "NONE"
        if let config = writer.object("WriterConfig") {
            outputType = oneOf("OutputType", ["JSON", "JSONL"], in: config) ?? outputType
            transformation = oneOf("Transformation", ["NONE", "COMPACT", "FLATTEN"], in: config) ?? transformation
            config.finish()
        }
        writer.finish()
        return ResultWriter(
            resource: resource,
            arguments: arguments,
            outputType: outputType,
            transformation: transformation
        )
    }

    func oneOf(_ key: String, _ values: [String], in object: ObjectReader) -> String? {
        guard let value = object.string(key) else { return nil }
        if !values.contains(value) {
            object.reportValue(key, allowed: "\(values.joined(separator: ", "))")
        }
        return value
    }

    private func label() -> String? {
        guard let label = object.string("Label") else { return nil }
        if label.unicodeScalars.count > 40 {
            object.report("Label", "Label cannot exceed 40 characters", code: Diagnostic.labelCode)
        }
        if let character = label.unicodeScalars.first(where: { !Self.isAllowedInLabel($0) }) {
            let shown = PythonText.quoted(String(character))
            object.report("Label", "Label contains invalid character: \(shown)", code: Diagnostic.labelCode)
        }
        return label
    }

    private static func isAllowedInLabel(_ character: Unicode.Scalar) -> Bool {
        character == "/" || ExecutionIdentity.isAllowedInName(character)
    }
}
