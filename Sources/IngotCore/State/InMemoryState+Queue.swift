extension InMemoryState: MessageQueue {
    /// Adds messages.
    public func send(_ messages: [OutgoingMessage], to queue: String, now: Int64) async throws -> Int {
        write { content in
            messages.count { content.queues[queue, default: Queue()].add($0, now: now, &content.messages) }
        }
    }

    /// Receives messages, the oldest first.
    public func receive(
        from queue: String,
        _ request: ReceiveRequest,
        now: Int64
    ) async throws -> [ReceivedMessage] {
        write { $0.queues[queue]?.receive(request, now: now) ?? [] }
    }

    /// Takes messages back from receivers that are gone.
    public func reclaim(
        from queue: String,
        now: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> Int {
        write { $0.queues[queue]?.reclaim(now: now, isAlive: isAlive) ?? 0 }
    }

    /// Holds messages longer.
    public func extend(
        _ receipts: [MessageReceipt],
        visibility: Int64,
        now: Int64
    ) async throws -> Set<MessageReceipt> {
        write { content in
            var good: Set<MessageReceipt> = []
            for receipt in receipts {
                content.change(receipt) { queue in
                    queue.waiting[receipt.id]?.visible = now + visibility
                    good.insert(receipt)
                }
            }
            return good
        }
    }

    /// Removes messages that were dealt with.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws {
        write { $0.acknowledge(receipts) }
    }

    /// Gives messages back that could not be dealt with.
    public func giveBack(_ failures: [MessageFailure], now: Int64) async throws {
        write { $0.giveBack(failures, now: now) }
    }

    /// How full a queue is.
    public func depth(of queue: String, now: Int64) async throws -> QueueDepth {
        read { content in
            guard let queue = content.queues[queue] else { return QueueDepth() }
            let held = queue.waiting.values.count { $0.isHeld && $0.visible > now }
            return QueueDepth(
                waiting: queue.waiting.count - held,
                held: held,
                dead: queue.dead.count,
                oldest: queue.waiting.values.map(\.sent).min()
            )
        }
    }

    /// Dead letters, the oldest first.
    public func deadLetters(of queue: String, after id: Int64?, limit: Int) async throws -> [DeadLetter] {
        read { content in
            let dead = content.queues[queue]?.dead.values.filter { $0.id > id ?? .min } ?? []
            return Array(dead.sorted { $0.id < $1.id }.prefix(max(0, limit)))
        }
    }

    /// How the last dead letter of each group died, of those that say the body.
    public func lastDeaths(in queue: String, groups: [String]?, saying body: String) async throws -> [String: Death] {
        let wanted = groups.map(Set.init)
        return read { content in
            (content.queues[queue]?.dead.values ?? [:].values).reduce(into: [:]) { deaths, letter in
                guard letter.body == body, wanted?.contains(letter.group) ?? true else { return }
                guard letter.died >= deaths[letter.group]?.time ?? .min else { return }
                deaths[letter.group] = Death(time: letter.died, version: letter.version)
            }
        }
    }

    /// Makes dead letters wait again.
    public func redrive(_ ids: [Int64], of queue: String, now: Int64) async throws -> Int {
        write { content in
            var count = 0
            for id in ids {
                guard let letter = content.queues[queue]?.dead.removeValue(forKey: id) else { continue }
                content.messages += 1
                content.queues[queue]?.waiting[content.messages] = Queue.Message(
                    group: letter.group,
                    body: letter.body,
                    sent: now,
                    visible: now,
                    attempts: letter.attempts
                )
                count += 1
            }
            return count
        }
    }

    /// Forgets dead letters that died before a time.
    public func removeDeadLetters(of queue: String, before time: Int64) async throws -> Int {
        write { content in
            let before = content.queues[queue]?.dead ?? [:]
            let after = before.filter { $0.value.died >= time }
            content.queues[queue]?.dead = after
            return before.count - after.count
        }
    }
}

extension InMemoryState {
    /// The messages of a queue, by number.
    struct Queue: Sendable {
        struct Message: Sendable {
            var group: String
            var body: String
            var sent: Int64
            /// From when on it can be received; for one that is held, until when it is.
            var visible: Int64
            var receives = 0
            /// How many of the receives do not count.
            var excused = 0
            var holder: LeaseOwner?
            var attempts: [MessageAttempt] = []
            var version: String?

            var isHeld: Bool { holder != nil }

            /// The message without a holder, of whom the error is recorded if there is one.
            func ended(now: Int64, _ error: String = MessageAttempt.timeoutError) -> Message {
                guard isHeld else { return self }
                var message = self
                message.holder = nil
                message.attempts.append(MessageAttempt(ended: now, error: error))
                return message
            }
        }

        var waiting: [Int64: Message] = [:]
        var dead: [Int64: DeadLetter] = [:]

        /// Adds a message unless it waits already, and says whether no other one says the same.
        mutating func add(_ message: OutgoingMessage, now: Int64, _ lastID: inout Int64) -> Bool {
            let alike = waiting.values.filter { $0.group == message.group && $0.body == message.body }
            guard alike.allSatisfy(\.isHeld) else { return false }
            lastID += 1
            waiting[lastID] = Message(
                group: message.group,
                body: message.body,
                sent: now,
                visible: now + message.delay
            )
            return alike.isEmpty
        }

        mutating func receive(_ request: ReceiveRequest, now: Int64) -> [ReceivedMessage] {
            for (id, message) in waiting
            where request.isDue(message.visible, now: now)
                && message.receives - message.excused >= max(1, request.receivesMax)
            {
                bury(id, message.ended(now: now), now: now)
            }
            var received: [ReceivedMessage] = []
            var groups: Set<String> = []
            for (id, message) in waiting.sorted(by: { $0.key < $1.key }) {
                guard received.count < request.limit else { break }
                guard groups.insert(message.group).inserted, request.isDue(message.visible, now: now) else { continue }
                var message = message.ended(now: now)
                message.receives += 1
                message.holder = request.receiver
                message.visible = now + request.visibility
                waiting[id] = message
                let receipt = MessageReceipt(id: id, receives: message.receives)
                received.append(
                    ReceivedMessage(
                        receipt: receipt,
                        group: message.group,
                        body: message.body,
                        sent: message.sent,
                        attempt: message.receives - message.excused
                    )
                )
            }
            return received
        }

        mutating func reclaim(now: Int64, isAlive: (LeaseOwner) -> Bool) -> Int {
            var count = 0
            for (id, message) in waiting {
                guard let holder = message.holder, !isAlive(holder) else { continue }
                var message = message.ended(now: now, MessageAttempt.goneError)
                message.visible = now
                waiting[id] = message
                count += 1
            }
            return count
        }

        mutating func giveBack(_ failure: MessageFailure, now: Int64) {
            let id = failure.receipt.id
            guard var message = waiting[id] else { return }
            message.holder = nil
            message.attempts.append(MessageAttempt(ended: now, error: failure.error))
            message.version = failure.version ?? message.version
            switch failure.fate {
            case .bury: return bury(id, message, now: now)
            case .retry(let delay): message.visible = now + delay
            case .postpone(let delay):
                message.visible = now + delay
                message.excused += 1
            }
            waiting[id] = message
        }

        private mutating func bury(_ id: Int64, _ message: Message, now: Int64) {
            waiting[id] = nil
            dead[id] = DeadLetter(
                id: id,
                group: message.group,
                body: message.body,
                sent: message.sent,
                died: now,
                attempts: message.attempts.suffix(DeadLetter.attemptsMax),
                version: message.version
            )
        }
    }
}

extension InMemoryState.Content {
    /// Changes the queue that holds a message, if the receipt is good.
    mutating func change(_ receipt: MessageReceipt, _ body: (inout InMemoryState.Queue) -> Void) {
        for (name, queue) in queues {
            guard let message = queue.waiting[receipt.id] else { continue }
            guard message.isHeld, message.receives == receipt.receives, var changed = queues[name] else { return }
            body(&changed)
            queues[name] = changed
        }
    }

    mutating func giveBack(_ failures: [MessageFailure], now: Int64) {
        for failure in failures {
            change(failure.receipt) { $0.giveBack(failure, now: now) }
        }
    }

    mutating func forget(_ letters: [VoidLetters]) {
        for item in letters {
            let groups = Set(item.groups)
            let rest = queues[item.queue]?.dead.filter { $1.body != item.body || !groups.contains($1.group) }
            if let rest { queues[item.queue]?.dead = rest }
        }
    }

    mutating func acknowledge(_ receipts: [MessageReceipt]) {
        for receipt in receipts {
            change(receipt) { $0.waiting[receipt.id] = nil }
        }
    }
}
