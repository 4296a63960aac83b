import IngotCore
import IngotProject
import JSONTree

/// Sends notices to an incoming webhook of Slack.
struct SlackNotifier: Notifier {
    /// Slack cuts off what is much longer.
    private static let textSizeMax = 3_800
    /// The words with which Slack says what is wrong; any other answer may repeat the address, which is secret.
    private static let words: Set<String> = [
        "action_prohibited", "channel_is_archived", "channel_not_found", "invalid_payload", "invalid_token",
        "no_active_hooks", "no_service", "no_service_id", "no_team", "no_text", "posting_to_general_channel_denied",
        "rollup_error", "team_disabled", "too_many_attachments", "user_not_found",
    ]

    let name: Located<String>
    let url: Template
    let resolver: TemplateResolver

    func send(_ notice: Notice) async throws {
        var request = HTTPRequest(url: try await resolver.secret(of: url).reveal())
        request["Content-Type"] = "application/json"
        request.body = JSON.object(["text": .string(Self.text(of: notice))]).text()
        let post = NotificationPost(name: name, request: request) { answer in
            Self.words.contains(answer) ? answer : nil
        }
        try await post.send()
    }

    /// The notice in Slack's mark-up.
    private static func text(of notice: Notice) -> String {
        let sign =
            switch notice.severity {
            case .info: ":information_source:"
            case .warning: ":warning:"
            case .error: ":red_circle:"
            }
        let origin = "\(notice.project), \(notice.environment)"
        let cut = notice.text.count > textSizeMax ? "\(notice.text.prefix(textSizeMax))…" : notice.text
        return "\(sign) *\(escaped(notice.title))* (\(escaped(origin)))\n\(escaped(cut))"
    }

    /// The three signs that mean something to Slack.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
