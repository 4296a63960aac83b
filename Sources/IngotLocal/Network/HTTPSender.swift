import AsyncHTTPClient
import Foundation
import IngotProject
import NIOCore
import NIOHTTP1

/// Sends requests by HTTP, over connections that it keeps while it is there.
struct HTTPSender: Sendable {
    private static let redirectionsMax = 16

    private let client: HTTPClient

    /// Does something with a sender, whose connections are closed afterwards.
    ///
    /// - Parameters:
    ///   - redirections: Whether they are followed; where not, they are answers.
    ///   - body: What is done.
    /// - Returns: What it gives.
    /// - Throws: What it throws.
    static func with<Value: Sendable>(
        redirections: Bool,
        _ body: (HTTPSender) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration =
            redirections ? .follow(max: redirectionsMax, allowCycles: false) : .disallow
        // Whoever sends has a time for it, and tries again by its own rule.
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await body(HTTPSender(client: client))
        }
    }

    /// Sends a request, and reads the answer as far as a limit.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - sizeMax: How many bytes of the body are read at most.
    ///   - deadline: When the whole answer has to be there.
    ///   - isRead: Whether the body of an answer with a status is waited for; where not, it is empty.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `HTTPSilence` if there is none, `CancellationError` if the task was cancelled.
    func answer(
        to request: HTTPRequest,
        sizeMax: Int,
        until deadline: ContinuousClock.Instant,
        readingBody isRead: @escaping @Sendable (_ status: Int) -> Bool = { _ in true }
    ) async throws -> HTTPAnswer {
        let prepared = try Self.prepared(request)
        return try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
            group.addTask { try await read(prepared, sizeMax: sizeMax, isRead) }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw HTTPSilence(reason: "not in time")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func read(
        _ request: HTTPClientRequest,
        sizeMax: Int,
        _ isRead: @Sendable (Int) -> Bool
    ) async throws -> HTTPAnswer {
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            var answer = HTTPAnswer(
                status: Int(response.status.code),
                reason: response.status.reasonPhrase,
                headers: response.headers.map { ($0.name, $0.value) },
                body: [],
                isWhole: true
            )
            guard isRead(answer.status) else {
                answer.isWhole = false
                return answer
            }
            for try await piece in response.body {
                let room = sizeMax - answer.body.count
                answer.body += piece.readableBytesView.prefix(room)
                answer.isWhole = piece.readableBytes <= room
                guard answer.isWhole else { break }
            }
            return answer
        } catch {
            try Task.checkCancellation()
            throw HTTPSilence(reason: (error as? HTTPClientError)?.shortDescription ?? "\(type(of: error))")
        }
    }

    private static func prepared(_ request: HTTPRequest) throws -> HTTPClientRequest {
        guard !request.method.isEmpty, request.method.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw HTTPSilence(reason: "unknown method", isLasting: true)
        }
        guard let url = URL(string: request.url), let parts = URLComponents(string: request.url) else {
            throw HTTPSilence(reason: "no address", isLasting: true)
        }
        guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
            throw HTTPSilence(reason: "an address without http:// or https://", isLasting: true)
        }
        let isControl = { (byte: UInt8) in byte < 0x20 && byte != 0x09 || byte == 0x7F }
        for (name, value) in request.headers where value.utf8.contains(where: isControl) {
            throw HTTPSilence(reason: "a control character in the header \(name)", isLasting: true)
        }
        // The client would send another path for one that it cannot decode.
        guard parts.percentEncodedPath.isEmpty || !url.path.isEmpty else {
            throw HTTPSilence(reason: "a path that is no UTF-8", isLasting: true)
        }
        var prepared = HTTPClientRequest(url: request.url)
        prepared.method = HTTPMethod(rawValue: request.method)
        prepared.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if request["User-Agent"] == nil { prepared.headers.add(name: "User-Agent", value: "ingot/\(Version.current)") }
        prepared.body = request.body.map { .bytes(ByteBuffer(string: $0)) }
        if let user = parts.user, request["Authorization"] == nil {
            prepared.setBasicAuth(username: user, password: parts.password ?? "")
        }
        return prepared
    }
}
