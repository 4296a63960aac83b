import JSONTree

/// What the result of a service's action looks like, as far as mocks of it are checked.
indirect enum ResultSchema: Sendable {
    case any
    case string(minimumLength: Int = 0, allowed: Set<String> = [])
    case number(ClosedRange<Double> = -Double.infinity...Double.infinity)
    case boolean
    case array(ResultSchema)
    case object([String: ResultSchema], required: Set<String> = [])

    /// How strictly a mock is checked.
    enum Mode: String {
        /// Required fields have to be there, and all fields have to suit.
        case strict = "STRICT"
        /// The fields that are there have to suit.
        case present = "PRESENT"
        /// Nothing is checked.
        case none = "NONE"
    }

    /// The schema of a resource's result; nil for actions that are not known here.
    static func of(_ resource: TaskResource) -> ResultSchema? {
        guard resource.kind == .service, resource.pattern == .requestResponse else { return nil }
        let service = resource.service.split(separator: ":").last.map(String.init) ?? resource.service
        return actions["\(service):\(resource.action)"]
    }

    /// The first problem of a value, in the service's words; fields that the schema does not name are not looked at.
    func problem(of value: JSON, mode: Mode, field: String? = nil) -> String? {
        switch (self, value) {
        case (.any, _), (.boolean, .bool): return nil
        case (.string(let minimumLength, let allowed), .string(let text)):
            if text.unicodeScalars.count < minimumLength {
                return Self.problem(field, "is smaller than the minimum length")
            }
            return allowed.isEmpty || allowed.contains(text) ? nil : Self.problem(field, "is not an expected value")
        case (.number(let range), .integer), (.number(let range), .number):
            guard let number = value.doubleValue else { return nil }
            if number < range.lowerBound { return Self.problem(field, "is less than the minimum value") }
            return number > range.upperBound ? Self.problem(field, "exceeds the maximum value") : nil
        case (.array(let schema), .array(let elements)):
            return elements.lazy.compactMap { schema.problem(of: $0, mode: mode, field: field) }.first
        case (.object(let fields, let required), .object(let object)):
            if mode == .strict, let missing = required.sorted().first(where: { !object.contains($0) }) {
                return "Required field '\(missing)' is missing"
            }
            return object.lazy.compactMap { fields[$0.key]?.problem(of: $0.value, mode: mode, field: $0.key) }.first
        default: return Self.problem(field, "must be \(kindName)")
        }
    }

    private static func problem(_ field: String?, _ words: String) -> String {
        "Field '\(field ?? "")' \(words)"
    }

    private var kindName: String {
        switch self {
        case .any: "a value"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension ResultSchema {
    private static func strings(_ names: String...) -> [String: ResultSchema] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .string()) })
    }

    private static let storageClass = ResultSchema.string(allowed: [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
        "OUTPOSTS", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE",
    ])

    private static let consumedCapacity = ResultSchema.object([
        "TableName": .string(), "CapacityUnits": .number(), "ReadCapacityUnits": .number(),
        "WriteCapacityUnits": .number(),
    ])

    private static let itemFields: [String: ResultSchema] = [
        "Attributes": .object([:]), "Item": .object([:]), "ConsumedCapacity": consumedCapacity,
        "ItemCollectionMetrics": .object([:]),
    ]

    /// The results of the actions that workflows call most, by the services' API references.
    private static let actions: [String: ResultSchema] = [
        "athena:startQueryExecution": .object(["QueryExecutionId": .string(minimumLength: 1)]),
        "dynamodb:deleteItem": .object(itemFields),
        "dynamodb:getItem": .object(itemFields),
        "dynamodb:putItem": .object(itemFields),
        "dynamodb:updateItem": .object(itemFields),
        "events:putEvents": .object([
            "FailedEntryCount": .number(),
            "Entries": .array(.object(strings("EventId", "ErrorCode", "ErrorMessage"))),
        ]),
        "glue:startJobRun": .object(["JobRunId": .string(minimumLength: 1)]),
        "kms:encrypt": .object([
            "CiphertextBlob": .string(minimumLength: 1), "KeyId": .string(minimumLength: 1),
            "EncryptionAlgorithm": .string(),
        ]),
        "lambda:getFunction": .object([
            "Configuration": .object(
                strings("FunctionName", "FunctionArn", "Runtime", "Role", "Handler", "LastModified").merging(
                    [
                        "MemorySize": .number(128...10_240), "Timeout": .number(1...Double.infinity),
                        "CodeSize": .number(),
                    ],
                    uniquingKeysWith: { $1 }
                )
            )
        ]),
        "lambda:invoke": .object(
            strings("ExecutedVersion", "FunctionError", "LogResult").merging(
                ["StatusCode": .number(), "Payload": .any],
                uniquingKeysWith: { $1 }
            )
        ),
        "s3:getObject": .object(
            strings("ETag", "ContentType", "LastModified", "VersionId").merging(
                ["ContentLength": .number(), "StorageClass": storageClass, "DeleteMarker": .boolean],
                uniquingKeysWith: { $1 }
            )
        ),
        "s3:putObject": .object(strings("ETag", "VersionId", "Expiration")),
        "sns:publish": .object(strings("MessageId", "SequenceNumber")),
        "sqs:sendMessage": .object(
            strings(
                "MessageId",
                "MD5OfMessageBody",
                "MD5OfMessageAttributes",
                "MD5OfMessageSystemAttributes",
                "SequenceNumber"
            )
        ),
        "states:startExecution": .object(
            strings("ExecutionArn", "StartDate"),
            required: ["ExecutionArn", "StartDate"]
        ),
    ]
}
