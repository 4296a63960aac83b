public import JSONTree
public import StatesLanguage

/// What tasks can ask of DynamoDB where the project keeps the table.
public enum TableAction: String, CaseIterable, Sendable {
    /// Reads an item.
    case getItem
    /// Writes an item.
    case putItem
    /// Changes attributes of an item.
    case updateItem
    /// Removes an item.
    case deleteItem

    /// The services in the resources of tasks: the integration of the language, and that of the SDK.
    static let services: Set<String> = ["dynamodb", "aws-sdk:dynamodb"]

    /// What says how the service is to work or to account for it: passed over.
    private static let passedOver: Set<String> = [
        "ConsistentRead", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics",
    ]

    /// The action of a resource; `nil` for one of another service, or that is not done.
    public init?(_ resource: TaskResource) {
        guard Self.services.contains(resource.service) else { return nil }
        self.init(rawValue: resource.action)
    }

    /// The first member of a request that means something which is not done.
    public func unsupportedMember(of request: JSON?) -> String? {
        let names = (request?.objectValue?.keys ?? []).map { $0.hasSuffix(".$") ? String($0.dropLast(2)) : $0 }
        return names.first { !members.contains($0) && !Self.passedOver.contains($0) }
    }

    private var members: Set<String> {
        let conditions: Set<String> = [
            "TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValues",
        ]
        return switch self {
        case .getItem: ["TableName", "Key"]
        case .putItem: conditions.union(["Item"])
        case .updateItem: conditions.union(["Key", "UpdateExpression"])
        case .deleteItem: conditions.union(["Key"])
        }
    }
}

/// The attributes by which the items of a table are told apart.
public struct TableKey: Hashable, Sendable {
    /// The partition key.
    public var partition: String
    /// The sort key, if the table has one.
    public var sort: String?

    /// Names the attributes.
    public init(partition: String, sort: String? = nil) {
        self.partition = partition
        self.sort = sort
    }

    /// The names, the partition key first.
    public var attributes: [String] {
        [partition] + [sort].compactMap(\.self)
    }
}
