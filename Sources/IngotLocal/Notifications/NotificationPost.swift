import IngotCore
import IngotProject

/// A request that brings a notice.
struct NotificationPost {
    /// How much of an answer is looked at.
    private static let answerSizeMax = 1024
    /// Whoever sends has a shorter time for it.
    private static let timeout = Duration.seconds(60)
    /// Answers of receivers that may be different soon.
    private static let passing: Set<Int> = [408, 425, 429]

    /// The target's name.
    let name: Located<String>
    let request: HTTPRequest
    /// What is shown of an answer that is no success; it may repeat what it was sent, so by default nothing.
    var shown: (_ answer: String) -> String? = { _ in nil }

    /// Sends it.
    ///
    /// - Throws: `IngotError` with `notificationUnsent`, `CancellationError`.
    func send() async throws {
        let answer: HTTPAnswer
        do {
            // A request that is sent elsewhere may tell its token.
            answer = try await HTTPSender.with(redirections: false) { sender in
                // A receiver that takes it need not say anything else.
                try await sender.answer(
                    to: request,
                    sizeMax: Self.answerSizeMax,
                    until: .now + Self.timeout,
                    readingBody: { !Self.isTaken($0) }
                )
            }
        } catch let silence as HTTPSilence where silence.isLasting {
            throw IngotError.unsent(name, "its settings give \(silence.reason)", isRetryable: false)
        } catch let silence as HTTPSilence {
            throw IngotError.unsent(name, "it does not answer (\(silence.reason))", isRetryable: true)
        }
        guard !Self.isTaken(answer.status) else { return }
        let isPassing = Self.passing.contains(answer.status) || answer.status >= 500
        let said = shown(answer.text).map { ": \($0)" } ?? ""
        throw IngotError.unsent(name, "it answered \(answer.status)\(said)", isRetryable: isPassing)
    }

    private static func isTaken(_ status: Int) -> Bool {
        (200..<300).contains(status)
    }
}

extension IngotError {
    /// A notice did not arrive; the cause holds no secret.
    static func unsent(_ target: Located<String>, _ cause: String, isRetryable: Bool) -> IngotError {
        IngotError(
            .notificationUnsent,
            "the notification \"\(target)\" was not sent",
            at: target.location,
            isRetryable: isRetryable,
            cause: cause
        )
    }
}
