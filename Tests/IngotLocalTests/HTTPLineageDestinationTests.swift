import Hummingbird
import IngotCore
import IngotTesting
import Synchronization
import Testing

@testable import IngotLocal
@testable import IngotProject

/// An address that events of lineage go to keeps the contract of its port.
@Suite(.timeLimit(.minutes(30)))
struct HTTPLineageDestinationTests {
    @Test(arguments: LineageDestinationCompatTest.cases)
    func `An address keeps the contract`(_ test: LineageDestinationCompatTest) async throws {
        try await withTemporaryFolder { folder in
            try await withReceiver { address, received in
                try await test.run(Self.destination(at: address, in: folder)) { received() }
            }
        }
    }

    private static func destination(at address: String, in folder: String) -> HTTPLineageDestination {
        HTTPLineageDestination(
            url: Template(parts: [.literal(address)], location: SourceLocation(file: "ingot.yml")),
            token: nil,
            resolver: TemplateResolver(variables: [:]),
            lock: folder + "/lock",
            // Where hundreds of tests share two cores, an answer may take long.
            timeout: .seconds(1800)
        )
    }

    /// Does something while a server takes events, and says which it has taken.
    private func withReceiver(
        _ body:
            @Sendable @escaping (_ address: String, _ received: @Sendable @escaping () -> [String]) async throws -> Void
    ) async throws {
        let texts = Received()
        let router = Router()
        router.post("lineage") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            texts.add(String(buffer: body))
            return HTTPResponse.Status.created
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
                try await body("http://127.0.0.1:\(port)/lineage") { texts.all }
                break
            }
            group.cancelAll()
        }
    }

    /// What a server has taken.
    private final class Received: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock(\.self) }

        func add(_ text: String) {
            texts.withLock { $0.append(text) }
        }
    }
}
