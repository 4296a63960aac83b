/// The names of what log lines say.
enum LogKey: Sendable {
    static let method = "request.method"
    static let path = "request.path"
    static let access = "request.access"
    static let status = "response.status"
    static let error = "error"
    static let duration = "duration_ms"
    static let host = "server.host"
    static let port = "server.port"
}
