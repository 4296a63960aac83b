/// Where notifications go.
public struct NotificationTarget: Hashable, Sendable {
    /// How they travel.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The log.
        case log
        /// An HTTP POST.
        case webhook
        /// Slack.
        case slack
        /// Mail.
        case smtp
        /// A program.
        case command
        /// Amazon SNS.
        case sns
    }

    /// How they travel, with what that needs.
    public enum Transport: Hashable, Sendable {
        /// The log.
        case log
        /// A POST of JSON, with headers and a token for `Authorization: Bearer`.
        case webhook(url: Template, headers: [String: Template], token: Template?)
        /// An incoming webhook of Slack.
        case slack(url: Template)
        /// Mail.
        case smtp(Mail)
        /// A program that gets JSON on its standard input.
        case command(arguments: [Template], variables: [String: Template])
        /// A topic of Amazon SNS.
        case sns(topicARN: Template)
    }

    /// What mail needs.
    public struct Mail: Hashable, Sendable {
        /// The server, and its port where it is not the usual one.
        public var host: Template
        /// The port.
        public var port: Template?
        /// The user that signs in, if one does.
        public var user: Template?
        /// The user's password.
        public var password: Template?
        /// Who sends.
        public var from: Template
        /// Who gets it.
        public var to: [Template]
    }

    /// The target's name.
    public var name: Located<String>
    /// How notifications travel there.
    public var transport: Transport

    /// How they travel.
    public var kind: Kind {
        switch transport {
        case .log: .log
        case .webhook: .webhook
        case .slack: .slack
        case .smtp: .smtp
        case .command: .command
        case .sns: .sns
        }
    }

    /// Whether this version can send them.
    var isAvailable: Bool {
        kind != .smtp && kind != .sns
    }

    /// The texts that variables and secrets go into.
    var templates: [Template] {
        switch transport {
        case .log: []
        case .webhook(let url, let headers, let token):
            [url] + headers.keys.sorted().compactMap { headers[$0] } + [token].compactMap(\.self)
        case .slack(let url): [url]
        case .smtp(let mail):
            [mail.host] + [mail.port, mail.user, mail.password].compactMap(\.self) + [mail.from] + mail.to
        case .command(let arguments, let variables):
            arguments + variables.keys.sorted().compactMap { variables[$0] }
        case .sns(let topic): [topic]
        }
    }
}
