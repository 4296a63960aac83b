/// The resource of a Task state: what is asked, and how its answer comes.
public struct TaskResource: Sendable, Hashable {
    /// What kind of thing is asked; the events of a task depend on it.
    public enum Kind: Sendable, Hashable {
        /// A Lambda function by its ARN.
        case lambda
        /// An activity, whose workers ask for work.
        case activity
        /// An action of a service, or anything else that a driver knows.
        case service
    }

    /// How the answer comes.
    public enum Pattern: String, Sendable, Hashable {
        /// With the response.
        case requestResponse = ""
        /// When the job that was started has ended.
        case sync = ".sync"
        /// As `sync`, with the output as JSON.
        case sync2 = ".sync:2"
        /// When somebody calls back with the token.
        case waitForTaskToken = ".waitForTaskToken"
    }

    /// The resource as it is written.
    public let text: String
    /// What kind of thing is asked.
    public let kind: Kind
    /// The service, for example `sqs` or `aws-sdk:s3`; `lambda` and `activity` for the other kinds.
    public let service: String
    /// The action with its pattern, for example `sendMessage.waitForTaskToken`.
    public let action: String
    /// How the answer comes.
    public let pattern: Pattern

    /// Takes a resource apart.
    public init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let suffix: Pattern =
            [Pattern.sync2, .sync, .waitForTaskToken].first { text.hasSuffix($0.rawValue) } ?? .requestResponse
        if parts.count >= 7, parts[2] == "lambda", parts[5] == "function" {
            (kind, service, action, pattern) = (.lambda, "lambda", parts[6...].joined(separator: ":"), .requestResponse)
        } else if parts.count >= 7, parts[2] == "states", parts[5] == "activity" {
            (kind, service, action, pattern) = (.activity, "activity", parts[6], .requestResponse)
        } else if parts.count >= 7, parts[2] == "states" {
            let isSDK = parts[5] == "aws-sdk" && parts.count >= 8
            kind = .service
            service = isSDK ? "aws-sdk:\(parts[6])" : parts[5]
            action = parts[(isSDK ? 7 : 6)...].joined(separator: ":")
            pattern = suffix
        } else {
            (kind, service, action, pattern) = (.service, parts.first ?? text, text, suffix)
        }
    }
}
