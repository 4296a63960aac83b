import IngotProject
import JSONTree
import StatesLanguage
import Testing

@Suite("Bindings of messages and buckets")
struct WorkflowBindingTests {
    private static func target(_ resource: String, _ arguments: JSON) -> TaskTarget {
        TaskTarget(TaskResource("arn:aws:states:::\(resource)"), arguments: arguments)
    }

    @Test("Topics, queues, buses and buckets are bound by their names")
    func names() {
        let topic: JSON = ["TopicArn": "arn:aws:sns:us-east-1:123456789012:alerts"]
        #expect(Self.target("sns:publish", topic).names == ["sns:alerts", "arn:aws:states:::sns:publish"])
        #expect(Self.target("sns:publish", ["TargetArn": "arn:aws:sns:us-east-1:1:other"]).name == "sns:other")
        #expect(Self.target("sns:publish", ["PhoneNumber": "+1"]).name == "arn:aws:states:::sns:publish")
        let queue: JSON = ["QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo"]
        #expect(Self.target("sqs:sendMessage.waitForTaskToken", queue).name == "sqs:orders.fifo")
        #expect(Self.target("aws-sdk:s3:getObject", ["Bucket": "raw", "Key": "k"]).name == "s3:raw")
    }

    @Test(
        "Events are bound by the bus to which all of them go",
        arguments: [
            (#"{"Entries": [{"Source": "a"}]}"#, "events:default"),
            (#"{"Entries": [{"EventBusName": "arn:aws:events:us-east-1:1:event-bus/shop"}]}"#, "events:shop"),
            (#"{"Entries": [{"EventBusName": "a"}, {"EventBusName": "b"}]}"#, "arn:aws:states:::events:putEvents"),
            (#"{"Entries": [{"EventBusName.$": "$.bus"}]}"#, "arn:aws:states:::events:putEvents"),
            (#"{"Entries.$": "$.events"}"#, "arn:aws:states:::events:putEvents"),
        ]
    )
    func buses(arguments: String, name: String) throws {
        #expect(Self.target("events:putEvents", try JSON(parsing: arguments)).name == name)
    }

    private static func findings(_ action: String, _ parameters: String, configuration: String = "") -> String {
        Diagnosing.findings([
            "ingot.yml": "name: test\n\(configuration)",
            "workflows/files.asl.yml": """
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::aws-sdk:s3:\(action)
                Parameters: {\(parameters)}
                End: true
            """,
        ])
    }

    private static let folder = "workflows: {buckets: {raw: files/}}\n"

    @Test("A bucket without a folder is an error that shows the line to write")
    func buckets() {
        let unbound = Self.findings("getObject", "Bucket: raw, Key: a")
        #expect(unbound.contains("error[ING0904]"), "\(unbound)")
        #expect(unbound.contains("asks for the bucket \"raw\", for which no folder stands"), "\(unbound)")
        #expect(unbound.contains(#"workflows: {buckets: {"raw": folder/}}"#), "\(unbound)")
        #expect(Self.findings("getObject", "Bucket: raw, Key: a", configuration: Self.folder).isEmpty)
        #expect(Self.findings("getObject", "Bucket.$: $.bucket, Key: a").isEmpty)
        let bound = "workflows: {bindings: {\"s3:raw\": {command: [cat]}}}\n"
        #expect(Self.findings("restoreObject", "Bucket: raw, Key: a", configuration: bound).isEmpty)
    }

    @Test("What folders do not do is an error that says so")
    func unsupported() {
        let action = Self.findings("restoreObject", "Bucket: raw, Key: a", configuration: Self.folder)
        #expect(action.contains("asks S3 for restoreObject, which folders do not do: getObject"), "\(action)")
        let member = Self.findings("getObject", "Bucket: raw, Key: a, Range.$: $.range", configuration: Self.folder)
        #expect(member.contains("gives getObject a \"Range\", which folders do not understand"), "\(member)")
        let passedOver = "Bucket: raw, Key: a, Body: b, ContentType: text/plain"
        #expect(Self.findings("putObject", passedOver, configuration: Self.folder).isEmpty)
    }

    @Test("A table is declared with its key, and does what tables of the project do")
    func tables() {
        func findings(_ action: String, _ members: String, configuration: String = "") -> String {
            Diagnosing.findings([
                "ingot.yml": "name: test\n\(configuration)",
                "workflows/items.asl.yml": """
                StartAt: A
                States:
                  A:
                    Type: Task
                    Resource: arn:aws:states:::dynamodb:\(action)
                    Parameters: {TableName: orders, \(members)}
                    End: true
                """,
            ])
        }
        let unbound = findings("getItem", "Key: {id: {S.$: $.id}}")
        #expect(unbound.contains("asks for the table \"orders\", which the project does not keep"), "\(unbound)")
        #expect(unbound.contains(#"workflows: {tables: {"orders": {partition_key: id}}}"#), "\(unbound)")
        let declared = "workflows: {tables: {orders: {partition_key: id, sort_key: day}}}\n"
        #expect(findings("getItem", "Key: {id: {S.$: $.id}}", configuration: declared).isEmpty)
        let query = findings("getItem", "ProjectionExpression: id", configuration: declared)
        #expect(query.contains("gives getItem a \"ProjectionExpression\""), "\(query)")
        let key = findings("getItem", "Key: {}", configuration: "workflows: {tables: {orders: {sort_key: day}}}\n")
        #expect(key.contains("partition_key"), "\(key)")
    }
}
