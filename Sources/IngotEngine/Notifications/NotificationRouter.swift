public import IngotCore

/// Sends notices to notification targets, several at once.
public struct NotificationRouter: Sendable {
    /// How hard it is tried.
    public struct Policy: Sendable {
        /// How often a notice is sent to a target at most.
        public var tryCountMax = 3
        /// How long a try may take.
        public var tryDurationMax = Duration.seconds(10)
        /// How long the first pause between tries is; each further one is four times as long.
        public var pause = Duration.seconds(1)

        /// The usual policy.
        public init() {}
    }

    private let notifiers: [String: any Notifier]
    private let locations: [String: SourceLocation]
    private let policy: Policy

    /// A router over targets.
    ///
    /// - Parameters:
    ///   - notifiers: The targets, by name.
    ///   - locations: Where they stand in the project's files.
    ///   - policy: How hard it is tried.
    public init(
        _ notifiers: [String: any Notifier],
        at locations: [String: SourceLocation] = [:],
        policy: Policy = Policy()
    ) {
        self.notifiers = notifiers
        self.locations = locations
        self.policy = policy
    }

    /// Sends a notice to targets, to each for itself: one that fails holds up no other.
    ///
    /// - Parameters:
    ///   - notice: The notice.
    ///   - names: The targets.
    /// - Returns: What became of it at each target, in the order of the names, none twice.
    public func send(_ notice: Notice, to names: [String]) async -> [NotificationReceipt] {
        let names = names.uniqued()
        return await withTaskGroup(of: NotificationReceipt.self) { group in
            for name in names {
                group.addTask { await send(notice, to: name) }
            }
            var receipts: [String: NotificationReceipt] = [:]
            for await receipt in group { receipts[receipt.target] = receipt }
            return names.compactMap { receipts[$0] }
        }
    }

    private func send(_ notice: Notice, to name: String) async -> NotificationReceipt {
        guard let notifier = notifiers[name] else {
            let known = notifiers.keys.sorted()
            let error = IngotError(
                .unknownName,
                "there is no notification \"\(name)\"; "
                    + (known.isEmpty ? "the project has none" : "notifications: \(known.joined(separator: ", "))"),
                hint: NearestMatch.find(name, among: known)
            )
            return NotificationReceipt(target: name, tryCount: 0, error: error)
        }
        var pause = policy.pause
        var tryCount = 1
        while true {
            guard let error = await failure(of: notice, by: notifier, name) else {
                return NotificationReceipt(target: name, tryCount: tryCount, error: nil)
            }
            let isLast = !error.isRetryable || tryCount >= policy.tryCountMax
            guard !isLast, (try? await Task.sleep(for: pause)) != nil else {
                return NotificationReceipt(target: name, tryCount: tryCount, error: error)
            }
            pause *= 4
            tryCount += 1
        }
    }

    /// Why one try failed; `nil` if it did not.
    private func failure(of notice: Notice, by notifier: any Notifier, _ name: String) async -> IngotError? {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await notifier.send(notice) }
                group.addTask {
                    try await Task.sleep(for: policy.tryDurationMax)
                    throw unsent(name, "it took longer than \(policy.tryDurationMax)", isRetryable: true)
                }
                defer { group.cancelAll() }
                try await group.next()
            }
            return nil
        } catch let error as IngotError {
            return error
        } catch {
            return unsent(name, "it was stopped", isRetryable: false)
        }
    }

    private func unsent(_ name: String, _ cause: String, isRetryable: Bool) -> IngotError {
        IngotError(
            .notificationUnsent,
            "the notification \"\(name)\" was not sent",
            at: locations[name],
            isRetryable: isRetryable,
            cause: cause
        )
    }
}

/// What became of a notice at a target.
public struct NotificationReceipt: Sendable {
    /// The target.
    public var target: String
    /// How often it was tried.
    public var tryCount: Int
    /// Why it was not sent; `nil` if it was.
    public var error: IngotError?

    /// Makes a receipt.
    public init(target: String, tryCount: Int, error: IngotError?) {
        self.target = target
        self.tryCount = tryCount
        self.error = error
    }
}
