import Foundation
import IngotCore
import IngotProject

/// An address that takes one event a request, as OpenLineage's HTTP transport sends them.
struct HTTPLineageDestination: LineageDestination {
    let url: Template
    let token: Template?
    let resolver: TemplateResolver
    /// The file that is locked by whoever sends.
    let lock: String

    func open() async throws -> (any LineageChannel)? {
        let address = try await resolver.secret(of: url).reveal()
        guard let target = URL(string: address), ["http", "https"].contains(target.scheme?.lowercased() ?? "") else {
            throw unsent("it is not an address of HTTP")
        }
        var request = HTTPRequest(url: target.absoluteString)
        request["Content-Type"] = "application/json"
        if let token {
            let secret = try await resolver.secret(of: token).reveal()
            request["Authorization"] = "Bearer \(secret)"
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
        /// How long an answer may take.
        private static let timeout = Duration.seconds(5)

        let destination: HTTPLineageDestination
        let request: HTTPRequest
        let file: OpenFile

        func send(_ events: [LineageEvent]) async -> LineageReceipt {
            var receipt = LineageReceipt()
            do {
                // A request that is sent elsewhere loses its event, and may tell its token.
                try await HTTPSender.with(redirections: false) { sender in
                    for event in events { try await send(event, by: sender, &receipt) }
                }
            } catch let error as IngotError {
                receipt.error = error
            } catch let silence as HTTPSilence {
                receipt.error = destination.unsent("it does not answer (\(silence.reason))")
            } catch {
                receipt.error = IngotError(.lineageUnsent, "the delivery was stopped", isRetryable: true)
            }
            return receipt
        }

        private func send(_ event: LineageEvent, by sender: HTTPSender, _ receipt: inout LineageReceipt) async throws {
            var request = request
            request.body = event.text
            let answer = try await sender.answer(to: request, sizeMax: Self.reasonSizeMax, until: .now + Self.timeout)
            switch answer.status {
            case 200..<300: receipt.taken.append(event.id)
            case let status where Self.refusals.contains(status):
                receipt.refused.append((event.id, "\(destination.url) answered \(status): \(answer.text)"))
            default: throw destination.unsent("it answered \(answer.status)")
            }
        }
    }
}
