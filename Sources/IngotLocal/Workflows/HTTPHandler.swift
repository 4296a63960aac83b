import Foundation
import IngotCore
import IngotEngine
import IngotProject
import JSONTree
import StatesLanguage

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends a request with the input as its body.
struct HTTPHandler: TaskHandler {
    /// How much of an answer that is no success becomes the cause.
    private static let causeSizeMax = 4096
    private static let bodySizeMax = 1 << 20

    let url: Template
    let headers: [String: Template]
    let resolver: TemplateResolver

    func perform(_ task: WorkflowTask) async throws -> JSON {
        guard let url = URL(string: try await resolver.secret(of: url).reveal()), url.scheme?.hasPrefix("http") == true
        else { throw TaskFailure(error: "Ingot.InvalidAddress", cause: "\(self.url) is no http address") }
        var request = URLRequest(url: url)
        let method = task.request.resource.service == "http" ? task.request.input["Method"]?.stringValue : nil
        request.httpMethod = method ?? "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        for (name, value) in headers {
            request.setValue(try await resolver.secret(of: value).reveal(), forHTTPHeaderField: name)
        }
        if request.httpMethod != "GET" { request.httpBody = Data(task.input.text().utf8) }
        let (data, response) = try await answer(to: request)
        let text = String(decoding: data.prefix(Self.bodySizeMax), as: UTF8.self)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else {
            throw TaskFailure(error: "States.Http.StatusCode.\(status)", cause: String(text.prefix(Self.causeSizeMax)))
        }
        return (try? JSON(parsing: text)) ?? .string(text)
    }

    private func answer(to request: URLRequest) async throws -> (Data, URLResponse) {
        do {
            return try await URLSession.shared.data(for: request)
        } catch let error as URLError {
            // The address may hold a secret, so the error's own text, which names it, is not shown.
            throw TaskFailure(error: "States.Http.Socket", cause: "\(url) does not answer (\(error.code.rawValue))")
        }
    }
}
