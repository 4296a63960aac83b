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

    /// The target's name.
    public var name: Located<String>
    /// How they travel.
    public var kind: Kind
    /// The kind's own settings, by name.
    public var options: [String: Template]
}
