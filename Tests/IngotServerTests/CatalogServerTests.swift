import AsyncHTTPClient
import Foundation
import IngotServer
import JSONTree
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// The server itself: who is let in, what is refused, and what it says of it.
@Suite("The catalog's server", .timeLimit(.minutes(30)))
struct CatalogServerTests {
    private static let writing = "writing-token-1"
    private static let reading = "reading-token-2"

    @Test("Only a valid token is let in, and a token for reading changes nothing")
    func tokens() async throws {
        let access = AccessPolicy(token: AccessToken(Self.writing), readOnlyToken: AccessToken(Self.reading))
        try await ServedProject.with(access: access) { project in
            let body = #"{"namespace": ["shop"]}"#
            for header in [
                nil, "Bearer", "Bearer ", "Bearer wrong-token", "Basic \(Self.writing)", Self.writing,
                "Bearer \(Self.writing)x", "Bearer \(Self.writing.dropLast())",
            ] {
                let answer = try await ask(project, "GET", "/v1/config", authorization: header)
                #expect(answer.status == 401, "\(header ?? "no header")")
                #expect(answer.errorType == "NotAuthorizedException")
                #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
            let read = "Bearer \(Self.reading)"
            let write = "bearer \(Self.writing)"
            #expect(try await ask(project, "GET", "/v1/config", authorization: read).status == 200)
            let refused = try await ask(project, "POST", "/v1/namespaces", body: body, authorization: read)
            #expect(refused.status == 403)
            #expect(refused.errorType == "ForbiddenException")
            #expect(try await ask(project, "POST", "/v1/namespaces", body: body, authorization: write).status == 200)
            #expect(try await ask(project, "HEAD", "/v1/namespaces/shop", authorization: read).status == 204)
            #expect(try await ask(project, "DELETE", "/v1/namespaces/shop", authorization: read).status == 403)
            let said = project.log.lines.joined(separator: "\n")
            #expect(said.contains("request.path=/iceberg/v1/namespaces"))
            #expect(!said.contains(Self.writing) && !said.contains(Self.reading))
        }
    }

    @Test("Errors have the specified shape, an id, and no body where the method is HEAD")
    func errors() async throws {
        try await ServedProject.with { project in
            let missing = try await ask(project, "GET", "/v1/namespaces/none")
            #expect(missing.status == 404)
            #expect(missing.errorType == "NoSuchNamespaceException")
            #expect(missing.headers["content-type"] == "application/json")
            #expect(missing.headers["x-request-id"]?.isEmpty == false)
            let head = try await ask(project, "HEAD", "/v1/namespaces/none")
            #expect(head.status == 404)
            #expect(head.body.isEmpty)
            let broken = try await ask(project, "POST", "/v1/namespaces", body: "{")
            #expect(broken.status == 400)
            #expect(broken.errorType == "BadRequestException")
            #expect(try await ask(project, "GET", "/v2/config").status == 404)
            #expect(try await ask(project, "PATCH", "/v1/namespaces").status == 405)
            let outside = try await ask(project, "GET", "/../../etc/passwd", root: "")
            #expect(outside.status == 404)
        }
    }

    @Test("Names within names come with an encoded separator, in paths and in queries")
    func separators() async throws {
        try await ServedProject.with { project in
            for body in [#"{"namespace": ["a b"]}"#, #"{"namespace": ["a b", "c+d"]}"#] {
                #expect(try await ask(project, "POST", "/v1/namespaces", body: body).status == 200)
            }
            #expect(try await ask(project, "HEAD", "/v1/namespaces/a%20b%1Fc%2Bd").status == 204)
            let within = try await ask(project, "GET", "/v1/namespaces?parent=a%20b")
            #expect(within.json?["namespaces"] == [["a b", "c+d"]])
            #expect(try await ask(project, "GET", "/v1/namespaces?parent=a+b").json == within.json)
            #expect(try await statusLine(project, "/v1/namespaces/%FF").hasPrefix("HTTP/1.1 400 "))
            #expect(try await ask(project, "GET", "/v1/namespaces?parent=%FF").status == 400)
        }
    }

    @Test("Bodies, headers and paths that are too large are refused, and the server goes on")
    func limits() async throws {
        var limits = CatalogServerConfiguration.Limits()
        limits.bodySizeMax = 2_000
        limits.headerSizeMax = 4_000
        limits.pathSizeMax = 500
        try await ServedProject.with(limits: limits) { project in
            let long = String(repeating: "x", count: 3_000)
            let body = try await ask(project, "POST", "/v1/namespaces", body: #"{"namespace": ["\#(long)"]}"#)
            #expect(body.status == 413)
            let path = try await ask(project, "GET", "/v1/namespaces/" + long.prefix(600))
            #expect(path.status == 400)
            // The connection is closed or answered with 400 or 431, before the request is looked at.
            let header = try? await ask(project, "GET", "/v1/config", authorization: long + long)
            #expect([nil, 400, 431].contains(header?.status))
            #expect(try await ask(project, "GET", "/v1/config").status == 200)
        }
    }

    @Test("Web pages are not answered where there is no token")
    func webPages() async throws {
        try await ServedProject.with { project in
            let page = try await ask(project, "GET", "/v1/config", headers: ["Origin": "https://example.com"])
            #expect(page.status == 403)
            let rebound = try await ask(project, "GET", "/v1/config", headers: ["Host": "example.com:80"])
            #expect(rebound.status == 403)
            let own = try await ask(project, "GET", "/v1/config", headers: ["Host": "localhost:1234"])
            #expect(own.status == 200)
        }
    }

    @Test("Many clients at once create different tables and see all of them")
    func manyClients() async throws {
        try await ServedProject.with { project in
            #expect(try await ask(project, "POST", "/v1/namespaces", body: #"{"namespace": ["n"]}"#).status == 200)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        try await ask(project, "POST", "/v1/namespaces/n/tables", body: Self.table("t\(number)")).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            let names = try await ask(project, "GET", "/v1/namespaces/n/tables").json?["identifiers"]
            #expect(names?.arrayValue?.count == 40)
            #expect(try await ask(project, "POST", "/v1/namespaces/n/tables", body: Self.table("t0")).status == 409)
            let page = try await ask(project, "GET", "/v1/namespaces/n/tables?pageToken=&pageSize=30").json
            #expect(page?["identifiers"]?.arrayValue?.count == 30)
            #expect(page?["next-page-token"]?.stringValue != nil)
        }
    }

    @Test("An address that others can reach needs a token")
    func addresses() throws {
        for host in ["0.0.0.0", "::", "192.168.1.7", "example.com", "127.0.0.1.example.com", "128.0.0.1"] {
            #expect(throws: CatalogServerError.self, "\(host)") { try CatalogServerConfiguration(host: host) }
            let access = AccessPolicy(readOnlyToken: AccessToken(Self.reading))
            #expect(throws: Never.self) { try CatalogServerConfiguration(host: host, access: access) }
        }
        for host in ["127.0.0.1", "127.8.9.1", "localhost", "::1"] {
            #expect(throws: Never.self, "\(host)") { try CatalogServerConfiguration(host: host) }
        }
        #expect(throws: CatalogServerError.self) { try CatalogServerConfiguration(port: 65_536) }
    }

    @Test("Tokens show nowhere, and only texts that a header can hold are tokens")
    func tokenTexts() throws {
        let token = try #require(AccessToken(Self.writing))
        #expect("\(token)" == "<REDACTED>")
        #expect(String(reflecting: token) == "<REDACTED>")
        var dumped = ""
        dump(AccessPolicy(token: token), to: &dumped)
        #expect(!dumped.contains(Self.writing))
        for text in [
            "", "short", "with space in it", "line\nbreak-token", String(repeating: "x", count: 5_000), "tökens-tökens",
        ] {
            #expect(AccessToken(text) == nil)
        }
    }

    private static func table(_ name: String) -> String {
        """
        {"name": "\(name)", "schema": {"type": "struct", "fields": [
            {"id": 1, "name": "id", "type": "long", "required": false}]}}
        """
    }
}

/// An answer of the server.
private struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var json: JSONObject? {
        try? JSON(parsing: body).objectValue
    }

    var errorType: String? {
        json?["error"]?.objectValue?["type"]?.stringValue
    }
}

private func ask(
    _ project: ServedProject,
    _ method: String,
    _ path: String,
    body: String? = nil,
    authorization: String? = nil,
    headers: [String: String] = [:],
    root: String? = nil
) async throws -> Answer {
    let start = root.map { project.uri.replacingOccurrences(of: "/iceberg", with: $0) } ?? project.uri
    var request = HTTPClientRequest(url: start + path)
    request.method = HTTPMethod(rawValue: method)
    request.body = body.map { .bytes(ByteBuffer(string: $0)) }
    if body != nil { request.headers.add(name: "Content-Type", value: "application/json") }
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    let response = try await patientClient.execute(request, timeout: .minutes(10))
    var fields: [String: String] = [:]
    for (name, value) in response.headers { fields[name.lowercased()] = value }
    let content = try await response.body.collect(upTo: 1 << 24)
    return Answer(status: Int(response.status.code), headers: fields, body: Array(content.readableBytesView))
}

/// A client that waits for a connection as long as the machine needs, with as many as the tests have clients.
private let patientClient: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .minutes(10)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    return HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
}()

/// The answer's first line to a path that the client of the other tests does not send as it is.
private func statusLine(_ project: ServedProject, _ path: String) async throws -> String {
    let address = try #require(URL(string: project.uri))
    let (host, port) = (try #require(address.host()), try #require(address.port))
    let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await connection.executeThenClose { answer, request in
        let lines = ["GET \(address.path())\(path) HTTP/1.1", "Host: \(host):\(port)", "Connection: close", "", ""]
        try await request.write(ByteBuffer(string: lines.joined(separator: "\r\n")))
        for try await piece in answer { return String(buffer: piece) }
        return ""
    }
}
