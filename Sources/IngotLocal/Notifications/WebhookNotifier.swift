import IngotCore
import IngotEngine
import IngotProject
import JSONTree

/// Sends notices as JSON by POST to an address.
struct WebhookNotifier: Notifier {
    let name: Located<String>
    let url: Template
    let headers: [String: Template]
    let token: Template?
    let resolver: TemplateResolver

    func send(_ notice: Notice) async throws {
        var request = HTTPRequest(url: try await resolver.secret(of: url).reveal())
        request["Content-Type"] = "application/json"
        if let token { request["Authorization"] = "Bearer \(try await resolver.secret(of: token).reveal())" }
        for (header, value) in headers { request[header] = try await resolver.secret(of: value).reveal() }
        request.body = notice.json.text()
        try await NotificationPost(name: name, request: request).send()
    }
}
