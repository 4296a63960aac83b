import IngotCore
import Synchronization
import Testing

@testable import IngotEngine

/// Which tries a router makes, and that targets do not depend on each other.
@Suite("Routing of notifications", .timeLimit(.minutes(30)))
struct NotificationRouterTests {
    /// A target that fails as often as it is told, and counts.
    private final class Target: Notifier {
        private let calls = Mutex(0)
        private let failures: Int
        private let isRetryable: Bool
        private let duration: Duration

        init(failures: Int = 0, isRetryable: Bool = true, duration: Duration = .zero) {
            self.failures = failures
            self.isRetryable = isRetryable
            self.duration = duration
        }

        var count: Int { calls.withLock(\.self) }

        func send(_ notice: Notice) async throws {
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            try await Task.sleep(for: duration)
            if number <= failures {
                throw IngotError(.notificationUnsent, "try \(number) failed", isRetryable: isRetryable)
            }
        }
    }

    private static let notice = Notice(
        id: "1",
        project: "p",
        environment: "dev",
        source: Notice.Source(.check, "c"),
        severity: .error,
        title: "t",
        text: "x",
        details: "{}",
        time: 0
    )

    private static var policy: NotificationRouter.Policy {
        var policy = NotificationRouter.Policy()
        policy.pause = .milliseconds(1)
        return policy
    }

    @Test("A target that fails is tried three times, and others are told")
    func tries() async {
        let (good, shaky, bad, refusing) = (
            Target(), Target(failures: 2), Target(failures: 99), Target(failures: 99, isRetryable: false)
        )
        let targets: [String: any Notifier] = ["good": good, "shaky": shaky, "bad": bad, "refusing": refusing]
        let router = NotificationRouter(targets, policy: Self.policy)
        let names = ["bad", "good", "refusing", "shaky", "good", "god"]
        let receipts = await router.send(Self.notice, to: names)
        #expect(receipts.map(\.target) == ["bad", "good", "refusing", "shaky", "god"])
        #expect(receipts.map(\.tryCount) == [3, 1, 1, 3, 0])
        #expect([bad, good, refusing, shaky].map(\.count) == [3, 1, 1, 3])
        let errors = receipts.map { $0.error?.message }
        #expect(errors[0] == "try 3 failed" && errors[1] == nil && errors[2] == "try 1 failed" && errors[3] == nil)
        #expect(receipts[4].error?.hint == "good")
    }

    @Test("A target that does not end is given up, and holds up no other")
    func slowness() async {
        var policy = Self.policy
        policy.tryCountMax = 1
        policy.tryDurationMax = .milliseconds(50)
        let (slow, good) = (Target(duration: .seconds(600)), Target())
        let location = SourceLocation(file: "ingot.yml", line: 3, column: 5)
        let router = NotificationRouter(["slow": slow, "good": good], at: ["slow": location], policy: policy)
        let receipts = await router.send(Self.notice, to: ["slow", "good"])
        #expect(receipts[0].error?.code == .notificationUnsent)
        #expect(receipts[0].error?.cause?.contains("longer than") == true)
        #expect(receipts[0].error?.location == location)
        #expect(receipts[1].error == nil)
    }
}
