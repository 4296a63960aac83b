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
        // What `http:invoke` says of its request holds; any other task sends its input.
        let said = task.request.resource.service == "http" ? task.request.input : .null
        guard let url = Self.address(try await resolver.secret(of: url).reveal(), said["QueryParameters"]) else {
            throw TaskFailure(error: "Ingot.InvalidAddress", cause: "\(self.url) is no http address")
        }
        var request = URLRequest(url: url)
        request.httpMethod = said["Method"]?.stringValue ?? "POST"
        for (name, value) in said["Headers"]?.objectValue ?? JSONObject() {
            request.setValue(Self.text(value), forHTTPHeaderField: name)
        }
        if request.value(forHTTPHeaderField: "Content-Type") == nil {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
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

    private static func address(_ text: String, _ parameters: JSON?) -> URL? {
        guard var parts = URLComponents(string: text), parts.scheme?.hasPrefix("http") == true else { return nil }
        if let parameters = parameters?.objectValue, !parameters.isEmpty {
            let items = parameters.flatMap { name, value in
                (value.arrayValue ?? [value]).map { URLQueryItem(name: name, value: self.text($0)) }
            }
            parts.queryItems = (parts.queryItems ?? []) + items
        }
        return parts.url
    }

    /// A header or parameter: a text as it is, anything else as JSON.
    private static func text(_ value: JSON) -> String {
        value.stringValue ?? value.text()
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
