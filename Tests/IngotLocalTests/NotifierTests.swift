import Foundation
import Hummingbird
import IngotCore
import IngotTesting
import JSONTree
import Synchronization
import Testing

@testable import IngotLocal
@testable import IngotProject

/// Every way in which notifications travel keeps the contract of its port, over a real receiver.
@Suite("Notifiers", .timeLimit(.minutes(30)))
struct NotifierTests {
    private static func template(_ text: String) throws -> Template {
        Template(parts: try TemplateParser.parse(text).get(), location: SourceLocation(file: "ingot.yml"))
    }

    private static let name = Located("ops", at: SourceLocation(file: "ingot.yml", line: 3, column: 5))

    private static func resolver(_ address: String) -> TemplateResolver {
        TemplateResolver(variables: ["ADDRESS": address]) { ["token": "s3cret", "place": "hidden"][$0] }
    }

    // MARK: The contract

    @Test(arguments: NotifierCompatTest.cases)
    func `A webhook keeps the contract`(_ test: NotifierCompatTest) async throws {
        try await withReceiver { address, requests in
            try await test.run(try Self.webhook(address)) {
                try requests.all.map { request in
                    let notice = try JSON(parsing: request.body)
                    return "\(notice["title"]?.stringValue ?? "")\n\(notice["text"]?.stringValue ?? "")"
                }
            }
        }
    }

    @Test(arguments: NotifierCompatTest.cases)
    func `Slack keeps the contract`(_ test: NotifierCompatTest) async throws {
        try await withReceiver { address, requests in
            try await test.run(try Self.slack(address)) {
                try requests.all.map { request in
                    // As Slack reads it.
                    (try JSON(parsing: request.body)["text"]?.stringValue ?? "")
                        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
                }
            }
        }
    }

    @Test(arguments: NotifierCompatTest.cases)
    func `A command keeps the contract`(_ test: NotifierCompatTest) async throws {
        try await withTemporaryFolder { folder in
            let notifier = try Self.command(["sh", "-c", "f=$(mktemp got.XXXXXX) && cat > $f && mv $f done/"], folder)
            try FileManager.default.createDirectory(atPath: folder + "/done", withIntermediateDirectories: true)
            try await test.run(notifier) {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/done")
                return try names.map { name in
                    try JSON(parsing: String(contentsOfFile: "\(folder)/done/\(name)", encoding: .utf8))
                }.sorted { ($0["id"]?.stringValue ?? "") < ($1["id"]?.stringValue ?? "") }.map { notice in
                    "\(notice["title"]?.stringValue ?? "")\n\(notice["text"]?.stringValue ?? "")"
                }
            }
        }
    }

    @Test(arguments: NotifierCompatTest.cases)
    func `The log keeps the contract`(_ test: NotifierCompatTest) async throws {
        let written = Shared<[String]>([])
        try await test.run(LogNotifier { notice in written.withLock { $0.append("\(notice.title)\n\(notice.text)") } })
        {
            written.withLock(\.self)
        }
    }

    // MARK: What each sends

    @Test func `A webhook gets the notice as JSON, with headers and a token`() async throws {
        try await withReceiver { address, requests in
            try await Self.webhook(address).send(NotifierCompatTest.notice(1))
            let request = try #require(requests.all.first)
            #expect(request.headers["Authorization"] == "Bearer s3cret" && request.headers["X-Place"] == "hidden")
            #expect(request.headers["Content-Type"] == "application/json")
            let expected: JSON = [
                "id": "n1", "time": "2026-03-02T00:00:00.000000Z", "project": "shop", "environment": "dev",
                "source": ["kind": "check", "name": "hours"], "severity": "error", "title": "The check failed 1",
                "text": "a\nb", "details": try JSON(parsing: "{\"missing\": [1, 2.50]}"),
            ]
            #expect(try JSON(parsing: request.body) == expected)
        }
    }

    @Test func `Slack gets one text, which is not longer than it takes`() async throws {
        try await withReceiver { address, requests in
            try await Self.slack(address).send(NotifierCompatTest.notice(1, text: "<b>"))
            let long = String(repeating: "é", count: 9_000)
            try await Self.slack(address).send(NotifierCompatTest.notice(2, text: long))
            let bodies = try requests.all.map { try JSON(parsing: $0.body) }
            #expect(bodies[0] == ["text": ":red_circle: *The check failed 1* (shop, dev)\n&lt;b&gt;"])
            #expect((bodies[1]["text"]?.stringValue?.count ?? 0) < 4_000)
        }
    }

    @Test(
        arguments: [
            (400, false, "it answered 400"), (404, false, "it answered 404"), (302, false, "it answered 302"),
            (429, true, "it answered 429"), (503, true, "it answered 503"),
        ]
    )
    func `An answer that is no success is told without secrets`(status: Int, again: Bool, cause: String) async throws {
        try await withReceiver(status, "invalid_payload") { address, _ in
            let error = try await #require(throws: IngotError.self) {
                try await Self.webhook(address).send(NotifierCompatTest.notice(1))
            }
            #expect(error.code == .notificationUnsent && error.isRetryable == again && error.cause == cause)
            #expect(!"\(error)".contains("s3cret") && !"\(error)".contains("hidden"))
            let slack = try await #require(throws: IngotError.self) {
                try await Self.slack(address).send(NotifierCompatTest.notice(1))
            }
            #expect(slack.cause == "\(cause): invalid_payload" && slack.isRetryable == again)
        }
        try await withReceiver(status, "no token s3cret at hidden") { address, _ in
            let error = try await #require(throws: IngotError.self) {
                try await Self.slack(address).send(NotifierCompatTest.notice(1))
            }
            #expect(error.cause == cause)
        }
    }

    @Test func `An answer of Slack that is no word of its own is not shown`() async throws {
        try await withReceiver(404, "hook") { address, _ in
            // It is a part of the address.
            let error = try await #require(throws: IngotError.self) {
                try await Self.slack(address).send(NotifierCompatTest.notice(1))
            }
            #expect(error.cause == "it answered 404")
        }
    }

    @Test func `Settings with which nothing can be sent are not tried again`() async throws {
        let address = try await #require(throws: IngotError.self) {
            try await Self.webhook("127.0.0.1/x").send(NotifierCompatTest.notice(1))
        }
        #expect(!address.isRetryable && address.cause == "its settings give an address without http:// or https://")
        let header = try await #require(throws: IngotError.self) {
            try await WebhookNotifier(
                name: Self.name,
                url: try Self.template("http://127.0.0.1:1/x"),
                headers: ["X-Place": try Self.template("${ADDRESS}")],
                token: nil,
                resolver: Self.resolver("a\nb")
            ).send(NotifierCompatTest.notice(1))
        }
        #expect(!header.isRetryable)
        #expect(header.cause == "its settings give a control character in the header X-Place")
    }

    @Test func `A receiver that is not there may be there later`() async throws {
        // Port 1 is one that nobody listens at.
        let error = try await #require(throws: IngotError.self) {
            try await Self.webhook("http://127.0.0.1:1/x").send(NotifierCompatTest.notice(1))
        }
        #expect(error.code == .notificationUnsent && error.isRetryable)
        #expect(error.location?.line == 3)
    }

    @Test func `A program that fails is told with what it says, without secrets`() async throws {
        try await withTemporaryFolder { folder in
            let notifier = try Self.command(["sh", "-c", "echo bad key $KEY >&2; exit 3"], folder)
            let error = try await #require(throws: IngotError.self) {
                try await notifier.send(NotifierCompatTest.notice(1))
            }
            #expect(error.cause == "sh ended with the status 3: bad key <REDACTED>" && error.isRetryable)
        }
    }

    // MARK: Adapters and a receiver

    private static func webhook(_ address: String) throws -> WebhookNotifier {
        WebhookNotifier(
            name: name,
            url: try template("${ADDRESS}"),
            headers: ["X-Place": try template("${secret:place}")],
            token: try template("${secret:token}"),
            resolver: resolver(address)
        )
    }

    private static func slack(_ address: String) throws -> SlackNotifier {
        SlackNotifier(name: name, url: try template("${ADDRESS}"), resolver: resolver(address))
    }

    private static func command(_ words: [String], _ folder: String) throws -> CommandNotifier {
        CommandNotifier(
            name: name,
            program: ExternalProgram(
                arguments: words.map { Template(parts: [.literal($0)], location: SourceLocation(file: "ingot.yml")) },
                variables: ["KEY": try template("${secret:token}")],
                directory: folder,
                scratch: folder + "/scratch",
                resolver: resolver("")
            )
        )
    }

    private struct Received: Sendable {
        var headers: [String: String]
        var body: String
    }

    private final class Requests: Sendable {
        private let list = Mutex<[Received]>([])

        var all: [Received] { list.withLock(\.self) }

        func add(_ request: Received) {
            list.withLock { $0.append(request) }
        }
    }

    /// Does something while a server takes requests, all of which it answers alike.
    private func withReceiver(
        _ status: Int = 200,
        _ text: String = "ok",
        _ body: @Sendable @escaping (_ address: String, _ requests: Requests) async throws -> Void
    ) async throws {
        let requests = Requests()
        let router = Router()
        router.post("**") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
            let named = Dictionary(headers.map { (Self.titled($0.0), $0.1) }) { $1 }
            requests.add(Received(headers: named, body: String(buffer: body)))
            return Response(
                status: .init(code: status),
                headers: [.location: "http://127.0.0.1:1/"],
                body: .init(byteBuffer: ByteBuffer(string: text))
            )
        }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)/hook", requests)
                break
            }
            group.cancelAll()
        }
    }

    /// `Content-Type` for `content-type`.
    private static func titled(_ name: String) -> String {
        name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    }
}
