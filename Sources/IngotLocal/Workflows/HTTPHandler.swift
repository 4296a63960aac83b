import Foundation
import IngotCore
import IngotEngine
import IngotProject
import JSONTree
import StatesLanguage

/// Sends a request with the input as its body.
struct HTTPHandler: TaskHandler {
    /// How much of an answer that is no success becomes the cause.
    private static let causeSizeMax = 4096
    /// More is no result: the data of a state has 256 KiB.
    private static let bodySizeMax = 1 << 20
    /// How long a request may take with its answer, as in Step Functions.
    private static let timeout = Duration.seconds(60)

    let url: Template
    let headers: [String: Template]
    let resolver: TemplateResolver

    func perform(_ task: WorkflowTask) async throws -> JSON {
        // What `http:invoke` says of its request holds; any other task sends its input.
        let said = task.request.resource.service == "http" ? task.request.input : .null
        guard let url = Self.address(try await resolver.secret(of: url).reveal(), said["QueryParameters"]) else {
            throw TaskFailure(error: "Ingot.InvalidAddress", cause: "\(self.url) is no http address")
        }
        var request = HTTPRequest(url: url)
        if let method = said["Method"]?.stringValue { request.method = method }
        for (name, value) in said["Headers"]?.objectValue ?? JSONObject() { request[name] = Self.text(value) }
        let form = try said["Transform"].flatMap { try FormEncoding(transform: $0) }
        if request["Content-Type"] == nil {
            request["Content-Type"] = form == nil ? "application/json" : "application/x-www-form-urlencoded"
        }
        for (name, value) in headers { request[name] = try await resolver.secret(of: value).reveal() }
        let hasBody = said == .null || said["RequestBody"] != nil
        if hasBody, request.method != "GET" { request.body = try form?.text(of: task.input) ?? task.input.text() }
        let answer = try await answer(to: request)
        guard (200..<300).contains(answer.status) else {
            let cause = String(decoding: answer.body.prefix(Self.causeSizeMax), as: UTF8.self)
            throw TaskFailure(error: "States.Http.StatusCode.\(answer.status)", cause: cause)
        }
        guard answer.isWhole else {
            let cause = "The answer has more than \(Self.bodySizeMax) bytes"
            throw TaskFailure(error: "States.DataLimitExceeded", cause: cause)
        }
        let body = (try? JSON(parsing: answer.text)) ?? .string(answer.text)
        guard said != .null else { return body }
        var headers = JSONObject()
        for (name, value) in answer.headers {
            headers[name] = .array((headers[name]?.arrayValue ?? []) + [.string(value)])
        }
        return [
            "Headers": .object(headers),
            "ResponseBody": body, "StatusCode": .integer(Int64(answer.status)), "StatusText": .string(answer.reason),
        ]
    }

    private static func address(_ text: String, _ parameters: JSON?) -> String? {
        guard var parts = URLComponents(string: text), parts.scheme?.hasPrefix("http") == true else { return nil }
        if let parameters = parameters?.objectValue, !parameters.isEmpty {
            let items = parameters.flatMap { name, value in
                (value.arrayValue ?? [value]).map { URLQueryItem(name: name, value: self.text($0)) }
            }
            var added = URLComponents()
            added.queryItems = items
            // A plus sign stays as it is in an address, and means a space to many servers.
            let query = added.percentEncodedQuery?.replacingOccurrences(of: "+", with: "%2B")
            parts.percentEncodedQuery = [parts.percentEncodedQuery, query].compactMap(\.self).joined(separator: "&")
        }
        return parts.url?.absoluteString
    }

    /// A header or parameter: a text as it is, anything else as JSON.
    private static func text(_ value: JSON) -> String {
        value.stringValue ?? value.text()
    }

    private func answer(to request: HTTPRequest) async throws -> HTTPAnswer {
        do {
            return try await HTTPSender.with(redirections: true) { sender in
                try await sender.answer(to: request, sizeMax: Self.bodySizeMax, until: .now + Self.timeout)
            }
        } catch let silence as HTTPSilence {
            throw TaskFailure(error: "States.Http.Socket", cause: "\(url) does not answer (\(silence.reason))")
        }
    }
}
