import HTTPTypes
import Hummingbird
import Iceberg
import JSONTree
import Logging
import NIOCore

/// Turns HTTP requests into requests to the catalog service, and its answers into responses.
struct CatalogResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// The path under which the catalog's own paths begin.
    static let root = "/iceberg"

    let service: CatalogService
    let access: AccessPolicy
    let limits: CatalogServerConfiguration.Limits

    /// Answers a request; never throws, and says in the log how it went.
    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let started = ContinuousClock.now
        let granted = access.access(request.headers)
        let answer = await answer(request, granted)
        log(request, answer, granted, context.logger, ContinuousClock.now - started)
        return response(answer, to: request, id: context.id)
    }

    private func answer(_ request: Request, _ granted: AccessPolicy.Access?) async -> CatalogResponse {
        if let refusal = access.browserRefusal(request.headers, authority: request.head.authority) {
            return .error(403, type: "ForbiddenException", refusal)
        }
        guard let granted else {
            return .error(401, type: "NotAuthorizedException", "A valid bearer token is needed")
        }
        guard let target = RequestTarget(request.head.path ?? "/", sizeMax: limits.pathSizeMax) else {
            return .error(400, type: "BadRequestException", "The path or its query is too long or not well-formed")
        }
        guard let path = target.path(beneath: Self.root) else {
            return .error(404, type: "NotFoundException", "The catalog is under \(Self.root)/v1")
        }
        var asked = CatalogRequest(request.method.rawValue, path, query: target.query)
        guard granted == .writing || !service.isWriting(asked) else {
            return .error(403, type: "ForbiddenException", "This token is for reading only")
        }
        switch await RequestBodyReader(limits).read(request) {
        case .bytes(let bytes): asked.body = bytes
        case .refused(let answer): return answer
        }
        return await answerWhole(asked)
    }

    /// Answers a request to its end, even if this task is cancelled: a commit whose pointers have moved must not become
    /// an error because the server stops.
    private func answerWhole(_ request: CatalogRequest) async -> CatalogResponse {
        let service = service
        // An awaited shield against cancellation; nothing outlives this function.
        return await Task { await service.answer(request) }.value
    }

    private func response(_ answer: CatalogResponse, to request: Request, id: String) -> Response {
        var headers = HTTPFields()
        headers[.requestID] = id
        headers[.cacheControl] = "no-store"
        if answer.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"ingot\"" }
        // What is left of a refused body cannot be told from the next request.
        if answer.status == 413 || answer.status == 408 { headers[.connection] = "close" }
        let status = HTTPResponse.Status(code: answer.status)
        guard let body = answer.body else { return Response(status: status, headers: headers) }
        headers[.contentType] = "application/json"
        let bytes = ByteBuffer(bytes: body.bytes())
        guard request.method != .head else {
            return Response(status: status, headers: headers)
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    private func log(
        _ request: Request,
        _ answer: CatalogResponse,
        _ granted: AccessPolicy.Access?,
        _ logger: Logger,
        _ duration: Duration
    ) {
        let level: Logger.Level = answer.status >= 500 ? .error : answer.status >= 400 ? .notice : .info
        // The query is left out: clients have been seen to put secrets into it.
        let path = request.head.path?.prefix { $0 != "?" }.prefix(512) ?? "/"
        var metadata: Logger.Metadata = [
            LogKey.method: "\(request.method.rawValue)",
            LogKey.path: "\(path)",
            LogKey.status: "\(answer.status)",
            LogKey.access: "\(granted?.rawValue ?? "none")",
            LogKey.duration: "\(duration.milliseconds)",
        ]
        if let message = answer.errorMessage { metadata[LogKey.error] = "\(message)" }
        logger.log(level: level, "answered", metadata: metadata)
    }
}

extension CatalogResponse {
    /// The message of an error's body.
    fileprivate var errorMessage: String? {
        guard status >= 400 else { return nil }
        return body?.objectValue?["error"]?.objectValue?["message"]?.stringValue
    }
}

extension HTTPField.Name {
    fileprivate static let requestID = HTTPField.Name("X-Request-Id")
}

extension HTTPFields {
    fileprivate subscript(name: HTTPField.Name?) -> String? {
        get { name.flatMap { self[$0] } }
        set { if let name { self[name] = newValue } }
    }
}

extension Duration {
    /// The duration in whole milliseconds.
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
