import Foundation
import JSONTree
import Testing

/// Messages, buckets and tables, asked for by tasks of the real program.
@Suite("Resources of workflows", .timeLimit(.minutes(30)))
struct WorkflowResourceTests {
    private static let files = [
        "ingot.yml": """
        name: shop
        workflows:
          buckets: {raw: files/}
          tables: {orders: {partition_key: id}}
          bindings:
            "sns:alerts": {command: [sh, -c, 'cat > alert.json']}
            "sqs:orders": {command: [sh, -c, 'cat > order.json']}
            "events:default": {command: [sh, -c, 'cat > events.json']}
        """,
        "workflows/all.asl.yml": """
        StartAt: Get
        States:
          Get:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:s3:getObject
            Parameters: {Bucket: raw, Key: in/order.json}
            ResultSelector: {order.$: States.StringToJson($.Body)}
            Next: Put
          Put:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters:
              TableName: orders
              Item: {id: {S.$: $.order.id}, state: {S: new}}
              ConditionExpression: attribute_not_exists(id)
            ResultPath: null
            Catch:
              - {ErrorEquals: [DynamoDB.ConditionalCheckFailedException], ResultPath: null, Next: Known}
            Next: Send
          Send:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Parameters: {QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/orders", MessageBody: hello}
            ResultPath: $.sent
            Next: Tell
          Tell:
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters: {Entries: [{Source: shop, DetailType: order, Detail: {id.$: $.order.id}}]}
            ResultPath: $.told
            Next: Save
          Save:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:s3:putObject
            Parameters: {Bucket: raw, Key: out/sent.json, Body.$: $.sent.MD5OfMessageBody}
            ResultPath: null
            End: true
          Known:
            Type: Task
            Resource: arn:aws:states:::sns:publish
            Parameters: {TopicArn: "arn:aws:sns:us-east-1:123456789012:alerts", Message: known, Subject: s}
            ResultSelector: {sent.$: $.MessageId}
            End: true
        """,
        "files/in/order.json": "{\"id\": \"o-1\"}",
    ]

    @Test func `Tasks work with folders, tables and what messages are bound to, in any process`() throws {
        let project = try TemporaryProject(Self.files)
        let first = try project.program.run("workflow", "start", "all", "--wait", "-o", "json")
        #expect(first.status == 0, "\(first.output)\(first.messages)")
        let output = try JSON(parsing: first.output)["output"]
        #expect(output?["sent"]?["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592")
        #expect(output?["told"]?["FailedEntryCount"] == 0)
        #expect(try read("files/out/sent.json", project) == "5d41402abc4b2a76b9719d911017c592")
        #expect(try read("order.json", project)["MessageBody"] == "hello")
        #expect(try read("events.json", project)["Entries"]?[0]?["Detail"] == ["id": "o-1"])

        // The item is there for another process, which is told so.
        let second = try project.program.run("workflow", "start", "all", "--wait", "-o", "json")
        #expect(try JSON(parsing: second.output)["output"]?["sent"]?.stringValue != nil, "\(second.messages)")
        #expect(try read("alert.json", project)["Subject"] == "s")
    }

    private func read(_ path: String, _ project: TemporaryProject) throws -> JSON {
        try JSON(parsing: String(contentsOfFile: project.folder + "/" + path, encoding: .utf8))
    }
}
