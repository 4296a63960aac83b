public import IngotCore
public import Testing

/// What every ``MessageQueue`` must keep.
///
/// An adapter runs each case over queues of its own that are empty.
public struct MessageQueueCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any MessageQueue) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any MessageQueue) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [MessageQueueCompatTest] = sending + receiving + failing + excusing + burying

    /// Runs the case over empty queues, recording issues with Swift Testing.
    public func run(_ queue: some MessageQueue) async throws {
        try await body(queue)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension MessageQueueCompatTest {
    private static let receiver = LeaseOwner(host: "h", process: 1, start: "s")

    private static func request(_ limit: Int = 10, receivesMax: Int = 3) -> ReceiveRequest {
        ReceiveRequest(limit: limit, visibility: 100, receivesMax: receivesMax, receiver: receiver)
    }

    private static func messages(_ names: String...) -> [OutgoingMessage] {
        names.map { OutgoingMessage(group: $0, body: "body of \($0)") }
    }

    private static func groups(_ received: [ReceivedMessage]) -> [String] {
        received.map { "\($0.group) \($0.receipt.receives)" }
    }

    private static let sending: [MessageQueueCompatTest] = [
        MessageQueueCompatTest("messages are received in the order in which they were sent, from their queue alone") {
            queue in
            try await queue.send(messages("a", "b", "c"), to: "q", now: 5)
            try await queue.send(messages("d"), to: "r", now: 6)
            let received = try await queue.receive(from: "q", request(2), now: 7)
            #expect(received.map(\.body) == ["body of a", "body of b"])
            #expect(received.map(\.sent) == [5, 5])
            #expect(groups(try await queue.receive(from: "q", request(2), now: 7)) == ["c 1"])
            #expect(groups(try await queue.receive(from: "r", request(), now: 7)) == ["d 1"])
            #expect(try await queue.receive(from: "none", request(), now: 7).isEmpty)
        },
        MessageQueueCompatTest("a message that waits already is not added again, but one that is held is") { queue in
            #expect(try await queue.send(messages("a", "a"), to: "q", now: 0) == 1)
            #expect(try await queue.send(messages("a"), to: "q", now: 1) == 0)
            try await queue.send([OutgoingMessage(group: "a", body: "other")], to: "q", now: 1)
            #expect(try await queue.depth(of: "q", now: 1) == QueueDepth(waiting: 2, oldest: 0))
            let first = try await queue.receive(from: "q", request(), now: 2)
            #expect(first.map(\.body) == ["body of a"])
            #expect(try await queue.send(messages("a", "b"), to: "q", now: 3) == 1, "nobody says so of b alone")
            #expect(try await queue.depth(of: "q", now: 3) == QueueDepth(waiting: 3, held: 1, oldest: 0))
        },
        MessageQueueCompatTest("a delayed message waits, and those behind it in its group too") { queue in
            try await queue.send([OutgoingMessage(group: "a", body: "1", delay: 50)], to: "q", now: 0)
            try await queue.send([OutgoingMessage(group: "a", body: "2")] + messages("b"), to: "q", now: 0)
            #expect(groups(try await queue.receive(from: "q", request(), now: 49)) == ["b 1"])
            #expect(try await queue.receive(from: "q", request(), now: 50).map(\.body) == ["1"])
        },
        MessageQueueCompatTest("any text without NUL is kept as it is") { queue in
            let texts = ["", "'; DROP TABLE message; --", "é😀\n", String(repeating: "x", count: 100_000)]
            for text in texts {
                try await queue.send([OutgoingMessage(group: text, body: text)], to: "q", now: 0)
            }
            let received = try await queue.receive(from: "q", request(), now: 0)
            #expect(received.map(\.body) == texts)
            #expect(received.map(\.group) == texts)
        },
    ]

    private static let receiving: [MessageQueueCompatTest] = [
        MessageQueueCompatTest("a held message is received again only after its visibility timeout") { queue in
            try await queue.send(messages("a"), to: "q", now: 0)
            let first = try await queue.receive(from: "q", request(), now: 10)
            #expect(try await queue.receive(from: "q", request(), now: 109).isEmpty)
            #expect(groups(try await queue.receive(from: "q", request(), now: 110)) == ["a 2"])
            try await queue.acknowledge(first.map(\.receipt))
            #expect(try await queue.depth(of: "q", now: 111).held == 1, "the first receipt is no longer good")
        },
        MessageQueueCompatTest("what a clock held or put off that was put back since is received at once") { queue in
            try await queue.send(messages("held"), to: "q", now: 10_000)
            _ = try await queue.receive(from: "q", request(), now: 10_000)
            try await queue.send([OutgoingMessage(group: "put off", body: "", delay: 50)], to: "q", now: 10_000)
            var early = request()
            early.delayMax = 1_000
            #expect(try await queue.receive(from: "q", early, now: 9_100).isEmpty)
            #expect(groups(try await queue.receive(from: "q", early, now: 9_000)) == ["held 2", "put off 1"])
            #expect(try await queue.receive(from: "q", early, now: 9_001).isEmpty)
        },
        MessageQueueCompatTest("a holder may acknowledge late, as long as nobody else received the message") { queue in
            try await queue.send(messages("a"), to: "q", now: 0)
            let first = try await queue.receive(from: "q", request(), now: 0)
            try await queue.acknowledge(first.map(\.receipt))
            #expect(try await queue.receive(from: "q", request(), now: 1000).isEmpty)
            #expect(try await queue.depth(of: "q", now: 1000) == QueueDepth())
        },
        MessageQueueCompatTest("a heartbeat extends the hold of those receipts that are still good") { queue in
            try await queue.send(messages("a", "b"), to: "q", now: 0)
            let receipts = try await queue.receive(from: "q", request(), now: 0).map(\.receipt)
            #expect(try await queue.extend(receipts, visibility: 100, now: 90) == Set(receipts))
            #expect(try await queue.receive(from: "q", request(), now: 189).isEmpty)
            let again = try await queue.receive(from: "q", request(1), now: 190)
            #expect(groups(again) == ["a 2"])
            #expect(try await queue.extend(receipts, visibility: 100, now: 191) == Set(receipts.suffix(1)))
        },
        MessageQueueCompatTest("of a group one message is held at a time; the next comes when it is gone") { queue in
            for body in ["1", "2", "3"] {
                try await queue.send([OutgoingMessage(group: "a", body: body)], to: "q", now: 0)
            }
            for body in ["1", "2", "3"] {
                let received = try await queue.receive(from: "q", request(), now: 0)
                #expect(received.map(\.body) == [body])
                #expect(try await queue.receive(from: "q", request(), now: 0).isEmpty)
                try await queue.acknowledge(received.map(\.receipt))
            }
        },
        MessageQueueCompatTest("receivers at once share the messages, each to one of them") { queue in
            try await queue.send((0..<200).map { OutgoingMessage(group: "\($0)", body: "") }, to: "q", now: 0)
            let received = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var own: [String] = []
                        while true {
                            let batch = try await queue.receive(from: "q", request(7), now: 1)
                            guard !batch.isEmpty else { return own }
                            own += batch.map(\.group)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(received.count == 200)
            #expect(Set(received).count == 200)
        },
    ]

    private static let failing: [MessageQueueCompatTest] = [
        MessageQueueCompatTest("a message that is given back comes again after its delay") { queue in
            try await queue.send(messages("a", "b"), to: "q", now: 0)
            let received = try await queue.receive(from: "q", request(), now: 0)
            let failures = received.map { MessageFailure($0.receipt, error: "no", fate: .retry(after: 30)) }
            try await queue.giveBack(Array(failures.prefix(1)), now: 5)
            #expect(try await queue.receive(from: "q", request(), now: 34).isEmpty)
            #expect(groups(try await queue.receive(from: "q", request(), now: 35)) == ["a 2"])
            #expect(groups(try await queue.receive(from: "q", request(), now: 100)) == ["b 2"])
        },
        MessageQueueCompatTest("a receipt is no longer good once the message was given back") { queue in
            try await queue.send(messages("a"), to: "q", now: 0)
            let receipt = try #require(try await queue.receive(from: "q", request(), now: 0).first?.receipt)
            let failure = MessageFailure(receipt, error: "no", fate: .retry(after: 10))
            try await queue.giveBack([failure, failure], now: 0)
            try await queue.acknowledge([receipt])
            #expect(try await queue.extend([receipt], visibility: 100, now: 1).isEmpty)
            #expect(groups(try await queue.receive(from: "q", request(), now: 10)) == ["a 2"])
        },
    ]

    private static let excusing: [MessageQueueCompatTest] = [
        MessageQueueCompatTest("a message that is postponed comes again, and never becomes a dead letter of that") {
            queue in
            try await queue.send(messages("a"), to: "q", now: 0)
            for round in 0..<5 {
                let now = Int64(round * 10)
                let message = try #require(try await queue.receive(from: "q", request(receivesMax: 2), now: now).first)
                #expect(message.attempt == 1 && message.receipt.receives == round + 1)
                let failure = MessageFailure(message.receipt, error: "busy", fate: .postpone(after: 10))
                try await queue.giveBack([failure, failure], now: now)
                #expect(try await queue.receive(from: "q", request(), now: now + 9).isEmpty)
            }
            _ = try await queue.receive(from: "q", request(receivesMax: 2), now: 50)
            let last = try #require(try await queue.receive(from: "q", request(receivesMax: 2), now: 150).first)
            #expect(last.attempt == 2, "the visibility timeout counts")
            #expect(try await queue.receive(from: "q", request(receivesMax: 2), now: 250).isEmpty)
            #expect(try await queue.depth(of: "q", now: 250) == QueueDepth(dead: 1))
        },
        MessageQueueCompatTest("what a receiver held that is gone can be received at once") {
            queue in
            let other = LeaseOwner(host: "h", process: 2, start: "s")
            try await queue.send(messages("a", "b"), to: "q", now: 0)
            let lost = try await queue.receive(from: "q", request(1), now: 0)
            let kept = try await queue.receive(
                from: "q",
                ReceiveRequest(limit: 1, visibility: 100, receivesMax: 3, receiver: other),
                now: 0
            )
            #expect(try await queue.reclaim(from: "r", now: 1) { _ in false } == 0)
            #expect(try await queue.reclaim(from: "q", now: 1) { _ in true } == 0)
            #expect(try await queue.reclaim(from: "q", now: 1) { $0 == other } == 1)
            #expect(try await queue.reclaim(from: "q", now: 1) { $0 == other } == 0)
            try await queue.acknowledge(lost.map(\.receipt))
            #expect(try await queue.extend(kept.map(\.receipt), visibility: 100, now: 1).count == 1)
            let again = try #require(try await queue.receive(from: "q", request(), now: 1).first)
            #expect(again.group == "a" && again.attempt == 2)
            try await queue.giveBack([MessageFailure(again.receipt, error: "bad", fate: .bury)], now: 2)
            let dead = try await queue.deadLetters(of: "q", after: nil, limit: 1)
            #expect(dead.first?.attempts.map(\.error) == [MessageAttempt.goneError, "bad"])
        },
    ]

    private static let burying: [MessageQueueCompatTest] = [
        MessageQueueCompatTest("a message that was received too often becomes a dead letter, with its history") {
            queue in
            try await queue.send(messages("a"), to: "q", now: 7)
            let first = try #require(try await queue.receive(from: "q", request(receivesMax: 2), now: 10).first)
            try await queue.giveBack([MessageFailure(first.receipt, error: "one", fate: .retry(after: 0))], now: 20)
            #expect(groups(try await queue.receive(from: "q", request(receivesMax: 2), now: 30)) == ["a 2"])
            #expect(try await queue.receive(from: "q", request(receivesMax: 2), now: 129).isEmpty)
            #expect(try await queue.deadLetters(of: "q", after: nil, limit: 10).isEmpty)
            #expect(try await queue.receive(from: "q", request(receivesMax: 2), now: 130).isEmpty)
            let dead = try await queue.deadLetters(of: "q", after: nil, limit: 10)
            let attempts = [
                MessageAttempt(ended: 20, error: "one"),
                MessageAttempt(ended: 130, error: MessageAttempt.timeoutError),
            ]
            #expect(
                dead == [
                    DeadLetter(
                        id: first.receipt.id,
                        group: "a",
                        body: "body of a",
                        sent: 7,
                        died: 130,
                        attempts: attempts
                    )
                ]
            )
            #expect(try await queue.depth(of: "q", now: 130) == QueueDepth(dead: 1))
        },
        MessageQueueCompatTest("the last death of each group is told until its dead letter is gone") { queue in
            for (time, names) in [(Int64(10), ["a", "b"]), (20, ["a"])] {
                try await queue.send(names.map { OutgoingMessage(group: $0, body: "") }, to: "q", now: time)
                let failures = try await queue.receive(from: "q", request(), now: time).map {
                    MessageFailure($0.receipt, error: "bad", fate: .bury, version: "\($0.group)\(time)")
                }
                try await queue.giveBack(failures, now: time)
            }
            let (a, b) = (Death(time: 20, version: "a20"), Death(time: 10, version: "b10"))
            #expect(try await queue.lastDeaths(in: "q", groups: nil, saying: "") == ["a": a, "b": b])
            #expect(try await queue.lastDeaths(in: "q", groups: ["a", "c"], saying: "") == ["a": a])
            #expect(try await queue.deadLetters(of: "q", after: nil, limit: 3).map(\.version) == ["a10", "b10", "a20"])
            #expect(try await queue.lastDeaths(in: "q", groups: [], saying: "").isEmpty)
            #expect(try await queue.lastDeaths(in: "q", groups: nil, saying: "else").isEmpty)
            #expect(try await queue.lastDeaths(in: "other", groups: nil, saying: "").isEmpty)
            let last = try await queue.deadLetters(of: "q", after: nil, limit: 10).map(\.id)
            #expect(try await queue.redrive(last, of: "q", now: 30) == 3)
            #expect(try await queue.lastDeaths(in: "q", groups: nil, saying: "").isEmpty)
        },
        MessageQueueCompatTest("a dead letter does not hold back its group") { queue in
            let sent = ["1", "2"].map { OutgoingMessage(group: "a", body: $0) }
            try await queue.send(sent, to: "q", now: 0)
            let first = try #require(try await queue.receive(from: "q", request(), now: 0).first)
            try await queue.giveBack([MessageFailure(first.receipt, error: "bad", fate: .bury)], now: 1)
            #expect(try await queue.deadLetters(of: "q", after: nil, limit: 10).map(\.attempts.last?.error) == ["bad"])
            #expect(try await queue.receive(from: "q", request(), now: 1).map(\.body) == ["2"])
        },
        MessageQueueCompatTest("a redriven letter is a new message that remembers its history") { queue in
            try await queue.send(messages("a", "b"), to: "q", now: 0)
            for message in try await queue.receive(from: "q", request(), now: 0) {
                try await queue.giveBack([MessageFailure(message.receipt, error: "bad", fate: .bury)], now: 1)
            }
            let dead = try await queue.deadLetters(of: "q", after: nil, limit: 10)
            #expect(try await queue.deadLetters(of: "q", after: dead.first?.id, limit: 10).map(\.group) == ["b"])
            #expect(try await queue.redrive(dead.map(\.id), of: "other", now: 5) == 0)
            #expect(try await queue.redrive(dead.prefix(1).map(\.id) + [-1], of: "q", now: 5) == 1)
            #expect(try await queue.depth(of: "q", now: 5) == QueueDepth(waiting: 1, dead: 1, oldest: 5))
            let again = try #require(try await queue.receive(from: "q", request(), now: 6).first)
            #expect(again.group == "a" && again.receipt.receives == 1 && again.sent == 5)
            try await queue.giveBack([MessageFailure(again.receipt, error: "still", fate: .bury)], now: 7)
            let letters = try await queue.deadLetters(of: "q", after: nil, limit: 10).filter { $0.group == "a" }
            #expect(letters.map { $0.attempts.map(\.error) } == [["bad", "still"]])
        },
        MessageQueueCompatTest("old dead letters are forgotten, and a history stays short") { queue in
            try await queue.send(messages("a", "b"), to: "q", now: 0)
            for round in 0..<30 {
                let received = try await queue.receive(from: "q", request(receivesMax: 100), now: Int64(round))
                let fate: MessageFailure.Fate = round < 29 ? .retry(after: 0) : .bury
                let failures = received.map { MessageFailure($0.receipt, error: "\(round)", fate: fate) }
                try await queue.giveBack(failures, now: Int64(round))
            }
            let dead = try await queue.deadLetters(of: "q", after: nil, limit: 1)
            #expect(dead.map { $0.attempts.map(\.error) } == [(10..<30).map(String.init)])
            #expect(try await queue.removeDeadLetters(of: "q", before: 29) == 0)
            #expect(try await queue.removeDeadLetters(of: "q", before: 30) == 2)
            #expect(try await queue.depth(of: "q", now: 30) == QueueDepth())
        },
    ]
}
