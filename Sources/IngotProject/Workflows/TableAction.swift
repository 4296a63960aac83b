/// What tasks can ask of DynamoDB where the project keeps the table.
public enum TableAction: String, StandInAction {
    /// Reads an item.
    case getItem
    /// Writes an item.
    case putItem
    /// Changes attributes of an item.
    case updateItem
    /// Removes an item.
    case deleteItem

    /// The project keeps tables itself.
    public static let standIn = StandIn(
        service: "DynamoDB",
        name: "tables of the project",
        thing: "table",
        prefix: "dynamodb:",
        absence: "which the project does not keep",
        setting: { "tables: {\"\($0)\": {partition_key: id}}" }
    )

    /// The services in the resources of tasks: the integration of the language, and that of the SDK.
    public static let services: Set<String> = ["dynamodb", "aws-sdk:dynamodb"]

    /// What says how the service is to work or to account for it: passed over.
    public static let passedOver: Set<String> = [
        "ConsistentRead", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics",
    ]

    /// The members of a request that are understood.
    public var members: Set<String> {
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
