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
    /// How long an answer may take.
    var timeout = Duration.seconds(5)

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

        let destination: HTTPLineageDestination
        let request: HTTPRequest
        let file: OpenFile

        func send(
            _ events: [LineageEvent],
            until deadline: ContinuousClock.Instant,
            while goesOn: @Sendable () -> Bool
        ) async -> LineageReceipt {
            var receipt = LineageReceipt()
            do {
                // A request that is sent elsewhere loses its event, and may tell its token.
                try await HTTPSender.with(redirections: false) { sender in
                    for event in events where goesOn() {
                        try await send(event, until: deadline, by: sender, &receipt)
                    }
                }
            } catch let error as IngotError {
                receipt.error = error
            } catch is HTTPSilence where ContinuousClock.now >= deadline {
                return receipt
            } catch let silence as HTTPSilence {
                receipt.error = destination.unsent("it does not answer (\(silence.reason))")
            } catch {
                receipt.error = IngotError(.lineageUnsent, "the delivery was stopped", isRetryable: true)
            }
            return receipt
        }

        private func send(
            _ event: LineageEvent,
            until deadline: ContinuousClock.Instant,
            by sender: HTTPSender,
            _ receipt: inout LineageReceipt
        ) async throws {
            var request = request
            request.body = event.text
            let end = min(deadline, .now + destination.timeout)
            let answer = try await sender.answer(to: request, sizeMax: Self.reasonSizeMax, until: end)
            switch answer.status {
            case 200..<300: receipt.taken.append(event.id)
            case let status where Self.refusals.contains(status):
                let said = answer.body.isEmpty ? "" : ": \(answer.text)"
                receipt.refused.append((event.id, "\(destination.url) answered \(status)\(said)"))
            default: throw destination.unsent("it answered \(answer.status)")
            }
        }
    }
}
