import IngotCore
import IngotProject
import JSONTree
import StatesLanguage
import Synchronization

/// Does what a task asks of DynamoDB, in tables that the project keeps, and answers in the service's shapes.
struct TableHandler: TaskHandler {
    /// How large an item may be, as in the service.
    private static let itemSizeMax = 400 << 10

    let action: TableAction
    let request: TaskRequest
    let tables: [String: TableKey]
    let store: any TableItemStore

    /// A change that was made must not be made again.
    var isResumable: Bool { action == .getItem }

    func perform(_ task: WorkflowTask) async throws -> JSON {
        do {
            return try await answer()
        } catch let failure as TableFailure {
            throw TaskFailure(failure, isSDK: request.resource.service != "dynamodb")
        }
    }

    private func answer() async throws -> JSON {
        let input = request.input
        try action.check(input)
        let name = String((input["TableName"]?.stringValue ?? "").split(separator: "/").last ?? "")
        guard let key = tables[name] else { throw TableFailure.noTable(name) }
        let place = try place(by: key)
        if action == .getItem {
            return try await store.item(place, of: name).map { ["Item": try JSON(parsing: $0)] }
                ?? .object(JSONObject())
        }
        let change = try ItemChange(action, input, key)
        // What the change was is known only inside the transaction.
        let answer = Mutex(JSON.object(JSONObject()))
        try await store.changeItem(place, of: name) { text in
            let old = try text.map { try AttributeValue.attributes(try JSON(parsing: $0).objectValue ?? JSONObject()) }
            let new = try change.applied(to: old)
            let written = new.map { AttributeValue.json($0).text() }
            guard (written?.utf8.count ?? 0) <= Self.itemSizeMax else {
                let what = action == .updateItem ? "Item size to update" : "Item size"
                throw TableFailure.validation("\(what) has exceeded the maximum allowed size")
            }
            answer.withLock { $0 = change.answer(old, new) }
            return written
        }
        return answer.withLock { $0 }
    }

    private static let wrongKey = TableFailure.validation("The provided key element does not match the schema")

    /// The key as text, the same for equal values however they are written.
    private func place(by key: TableKey) throws -> String {
        let isItem = action == .putItem
        let member = isItem ? "Item" : "Key"
        guard let object = request.input[member]?.objectValue else {
            throw TableFailure.validation("\(action.rawValue) needs the object \(member)")
        }
        let attributes = try AttributeValue.attributes(object)
        let wrong = "One or more parameter values"
        let values = try key.attributes.map { name in
            guard let value = attributes[ByteText(name)] else {
                throw isItem
                    ? TableFailure.validation("\(wrong) were invalid: Missing the key \(name) in the item")
                    : Self.wrongKey
            }
            switch value {
            case .number: return value
            case .string(let text) where !text.text.isEmpty: return value
            case .binary(let bytes) where !bytes.isEmpty: return value
            case .string, .binary:
                let kind = value.type == "S" ? "string" : "binary"
                throw TableFailure.validation(
                    "\(wrong) are not valid. The AttributeValue for a key attribute cannot contain an empty \(kind) value. "
                        + "Key: \(name)"
                )
            default:
                // Tables of the project do not say which of the types of keys theirs has.
                throw TableFailure.validation(
                    "\(wrong) were invalid: Type mismatch for key \(name) expected: S actual: \(value.type)"
                )
            }
        }
        guard isItem || attributes.count == values.count else { throw Self.wrongKey }
        return JSON.array(values.map(\.json)).text()
    }
}

/// What becomes of one item.
private struct ItemChange: Sendable {
    private let action: TableAction
    private let key: Attributes
    private let item: Attributes
    private let condition: ItemCondition?
    private let update: ItemUpdate?
    private let returnValues: String

    init(_ action: TableAction, _ input: JSON, _ key: TableKey) throws {
        self.action = action
        self.key = try AttributeValue.attributes(input["Key"]?.objectValue ?? JSONObject())
        item = try AttributeValue.attributes(input["Item"]?.objectValue ?? JSONObject())
        var parser = try ItemExpressionParser(input)
        condition = try input["ConditionExpression"]?.stringValue.map { try parser.condition($0) }
        update = try input["UpdateExpression"]?.stringValue.map { try parser.update($0) }
        try parser.finish()
        returnValues = input["ReturnValues"]?.stringValue ?? "NONE"
        let known =
            action == .updateItem ? ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"] : ["NONE", "ALL_OLD"]
        guard known.contains(returnValues) else {
            throw TableFailure.validation(
                action == .updateItem
                    ? "1 validation error detected: Value '\(returnValues)' at 'returnValues' failed to satisfy constraint: "
                        + "Member must satisfy enum value set: [\(known.joined(separator: ", "))]"
                    : "ReturnValues can only be ALL_OLD or NONE"
            )
        }
        for change in update?.actions ?? [] {
            guard !key.attributes.contains(where: { ByteText($0) == change.path.attribute }) else {
                throw TableFailure.validation(
                    "One or more parameter values were invalid: Cannot update attribute \(change.path.attribute.text). This attribute is part of the key"
                )
            }
            guard change.path.steps.isEmpty || !returnValues.hasPrefix("UPDATED") else {
                throw TaskFailure(
                    error: "Ingot.UnsupportedParameter",
                    cause: "\(returnValues) goes with whole attributes, not with parts of them"
                )
            }
        }
    }

    func applied(to old: Attributes?) throws -> Attributes? {
        if let condition, !condition.holds(for: old ?? [:]) { throw TableFailure.conditionFailed }
        switch action {
        case .putItem: return item
        case .deleteItem: return nil
        case .getItem: return old
        case .updateItem: return try update?.applied(to: old ?? key) ?? old ?? key
        }
    }

    func answer(_ old: Attributes?, _ new: Attributes?) -> JSON {
        let touched = Set((update?.actions ?? []).map(\.path.attribute))
        let shown: Attributes? =
            switch returnValues {
            case "ALL_OLD": old
            case "ALL_NEW": new
            case "UPDATED_OLD": old?.filter { touched.contains($0.key) }
            case "UPDATED_NEW": new?.filter { touched.contains($0.key) }
            default: nil
            }
        guard let shown, !shown.isEmpty else { return .object(JSONObject()) }
        return ["Attributes": AttributeValue.json(shown)]
    }
}

extension TaskFailure {
    /// What a table did not do, under the names that the two integrations have for it.
    fileprivate init(_ failure: TableFailure, isSDK: Bool) {
        let service = isSDK ? "DynamoDb" : "DynamoDB"
        switch failure {
        case .conditionFailed:
            self.init(error: "\(service).ConditionalCheckFailedException", cause: "The conditional request failed")
        case .noTable(let name):
            let cause = "Requested resource not found: the project has no table \(name) in workflows: tables"
            self.init(error: "\(service).ResourceNotFoundException", cause: cause)
        case .validation(let message):
            let error = isSDK ? "DynamoDb.DynamoDbException" : "DynamoDB.AmazonDynamoDBException"
            self.init(error: error, cause: message)
        }
    }
}
