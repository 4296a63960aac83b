import Crypto
import Foundation
import JSONTree
import StatesLanguage

/// What a service wraps around the input and the result of what runs behind it.
struct TaskEnvelope {
    let request: TaskRequest

    /// The part of the effective input that is meant for the job, function or query.
    var input: JSON {
        switch key {
        case "lambda:invoke": request.input["Payload"] ?? .object(JSONObject())
        case "glue:startJobRun": request.input["Arguments"] ?? .object(JSONObject())
        case "http:invoke": request.input["RequestBody"] ?? .object(JSONObject())
        case "states:startExecution": request.input["Input"] ?? .object(JSONObject())
        default: request.input
        }
    }

    /// What the state gets.
    func output(_ value: JSON, from start: Timestamp, to end: Timestamp) -> JSON {
        switch key {
        // What is bound may answer as the service does.
        case "sns:publish" where value["MessageId"] != nil, "sqs:sendMessage" where value["MessageId"] != nil,
            "events:putEvents" where value["Entries"] != nil,
            "http:invoke" where value["ResponseBody"] != nil && value["StatusCode"] != nil:
            return value
        case "lambda:invoke": return ["ExecutedVersion": "$LATEST", "Payload": value, "StatusCode": 200]
        case "glue:startJobRun": return isSync ? .object(jobRun("SUCCEEDED", start, end)) : ["JobRunId": id]
        case "athena:startQueryExecution":
            guard isSync else { return ["QueryExecutionId": id] }
            return [
                "QueryExecution": [
                    "QueryExecutionId": id, "Query": request.input["QueryString"] ?? .null,
                    "Status": [
                        "State": "SUCCEEDED", "SubmissionDateTime": .integer(start.milliseconds),
                        "CompletionDateTime": .integer(end.milliseconds),
                    ],
                ]
            ]
        case "sns:publish": return ["MessageId": messageID]
        case "sqs:sendMessage":
            let body = request.input["MessageBody"] ?? .null
            let digest = Insecure.MD5.hash(data: Data((body.stringValue ?? body.text()).utf8))
            return [
                "MD5OfMessageBody": .string(digest.map { String(format: "%02x", $0) }.joined()), "MessageId": messageID,
            ]
        case "events:putEvents":
            let count = request.input["Entries"]?.arrayValue?.count ?? 0
            let entries = (0..<count).map { JSON.object(["EventId": .string("\(request.token)-\($0)")]) }
            return ["Entries": .array(entries), "FailedEntryCount": 0]
        case "http:invoke": return ["ResponseBody": value, "StatusCode": 200, "StatusText": "OK"]
        default: return value
        }
    }

    /// What the state sees of a failure.
    func failure(_ failure: TaskFailure, from start: Timestamp, to end: Timestamp) -> TaskFailure {
        switch key {
        case "glue:startJobRun" where isSync:
            var run = jobRun("FAILED", start, end)
            run["ErrorMessage"] = .string(failure.cause)
            return TaskFailure(error: "States.TaskFailed", cause: JSON.object(run).text())
        case "lambda:invoke", "lambda:":
            // The language's own errors, and causes that are in a function's form already, stay as they are.
            let isWrapped = (try? JSON(parsing: failure.cause))?["errorMessage"] != nil
            if isWrapped || failure.error.hasPrefix("States.") { return failure }
            let cause: JSON = ["errorMessage": .string(failure.cause), "errorType": .string(failure.error)]
            return TaskFailure(error: failure.error, cause: cause.text())
        default: return failure
        }
    }

    private func jobRun(_ state: String, _ start: Timestamp, _ end: Timestamp) -> JSONObject {
        [
            "Id": id, "JobName": request.input["JobName"] ?? .null, "JobRunState": .string(state),
            "Arguments": input, "Attempt": .integer(Int64(request.retryCount)),
            "StartedOn": .integer(start.milliseconds), "CompletedOn": .integer(end.milliseconds),
            "ExecutionTime": .integer(end.seconds - start.seconds),
        ]
    }

    private var id: JSON {
        .string("jr_\(request.token)")
    }

    private var messageID: JSON {
        .string(request.token)
    }

    private var isSync: Bool {
        request.resource.pattern == .sync || request.resource.pattern == .sync2
    }

    /// The service and action without the pattern; `lambda:` for a function by its ARN.
    private var key: String {
        let resource = request.resource
        guard resource.kind == .service else { return resource.kind == .lambda ? "lambda:" : "" }
        return "\(resource.service):\(resource.action.dropLast(resource.pattern.rawValue.count))"
    }
}
