import Foundation
import IngotCore
import IngotProject

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// An address that takes one event a request, as OpenLineage's HTTP transport sends them.
final class HTTPLineageDestination: LineageDestination {
    /// How long an answer may take.
    private static let timeout = 5.0

    private let url: Template
    private let token: Template?
    private let resolver: TemplateResolver
    /// The file that is locked by whoever sends.
    private let lock: String
    private let session: URLSession

    init(_ url: Template, token: Template?, resolver: TemplateResolver, lock: String) {
        self.url = url
        self.token = token
        self.resolver = resolver
        self.lock = lock
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Self.timeout
        configuration.timeoutIntervalForResource = Self.timeout
        session = URLSession(configuration: configuration, delegate: StaysThere(), delegateQueue: nil)
    }

    deinit {
        session.invalidateAndCancel()
    }

    func open() async throws -> (any LineageChannel)? {
        let address = try await resolver.secret(of: url).reveal()
        guard let target = URL(string: address), ["http", "https"].contains(target.scheme?.lowercased() ?? "") else {
            throw unsent("it is not an address of HTTP")
        }
        var request = URLRequest(url: target)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let token {
            let secret = try await resolver.secret(of: token).reveal()
            request.setValue("Bearer \(secret)", forHTTPHeaderField: "Authorization")
        }
        let file: OpenFile
        do {
            file = try OpenFile(lock, flags: FileSystem.appendFlags)
        } catch {
            throw unsent(error.cause ?? error.message)
        }
        return file.lockIfFree() == false ? nil : Channel(destination: self, request: request, file: file)
    }

    /// The address may hold a secret, so it is shown as it was written.
    private func unsent(_ cause: String) -> IngotError {
        IngotError(
            .lineageUnsent,
            "events of lineage cannot be sent to \(url); they wait",
            at: url.location,
            hint: "see to the receiver: the next run sends them",
            isRetryable: true,
            cause: cause
        )
    }

    /// Sends, while the lock is held.
    private struct Channel: LineageChannel {
        /// Answers to an event that no repetition changes.
        private static let refusals: Set<Int> = [400, 413, 422]
        private static let reasonSizeMax = 500

        let destination: HTTPLineageDestination
        let request: URLRequest
        let file: OpenFile

        func send(_ events: [LineageEvent]) async -> LineageReceipt {
            var receipt = LineageReceipt()
            for event in events {
                var request = request
                request.httpBody = Data(event.text.utf8)
                do {
                    let (body, response) = try await destination.session.data(for: request)
                    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                    let text = String(decoding: body.prefix(Self.reasonSizeMax), as: UTF8.self)
                    switch status {
                    case 200..<300: receipt.taken.append(event.id)
                    case let status where Self.refusals.contains(status):
                        receipt.refused.append((event.id, "\(destination.url) answered \(status): \(text)"))
                    default:
                        receipt.error = destination.unsent("it answered \(status)")
                        return receipt
                    }
                } catch {
                    // The error's own text would name the address.
                    let code = (error as? URLError)?.code.rawValue
                    receipt.error = destination.unsent("it does not answer" + (code.map { " (\($0))" } ?? ""))
                    return receipt
                }
            }
            return receipt
        }
    }
}

/// Takes a redirection for the answer: a request that is sent elsewhere loses its event, and may tell its token.
private final class StaysThere: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
