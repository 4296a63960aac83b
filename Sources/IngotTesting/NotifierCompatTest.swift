public import IngotCore
public import Testing

/// What every ``Notifier`` must keep.
///
/// An adapter runs each case over a receiver of its own, which has received nothing.
public struct NotifierCompatTest: Sendable, CustomTestStringConvertible {
    /// What has arrived, in its order, as text in which title and text of each notice stand as they are.
    public typealias Received = @Sendable () async throws -> [String]

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Notifier, Received) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Notifier, Received) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case, recording issues with Swift Testing.
    public func run(_ notifier: some Notifier, received: Received) async throws {
        try await body(notifier, received)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// A notice with a number.
    public static func notice(_ number: Int, title: String = "The check failed", text: String = "a\nb") -> Notice {
        Notice(
            id: "n\(number)",
            project: "shop",
            environment: "dev",
            source: Notice.Source(.check, "hours"),
            severity: .error,
            title: "\(title) \(number)",
            text: text,
            details: "{\"missing\": [1, 2.50]}",
            time: 1_772_409_600_000_000_000
        )
    }

    /// Every case.
    public static let cases = [
        NotifierCompatTest("A notice arrives before the call returns") { notifier, received in
            for number in 1...3 {
                try await notifier.send(notice(number))
                let arrived = try await received()
                #expect(arrived.count == number)
                #expect(arrived.last?.contains("The check failed \(number)") == true)
            }
        },
        NotifierCompatTest("Signs that mean something to somebody arrive as they are") { notifier, received in
            let title = #"50 % of "x" & 'y' <z> $(rm) \ é 日本 👩‍👧"#
            let text = "first: {\"a\": 1}\n\tsecond\n`third`"
            try await notifier.send(notice(7, title: title, text: text))
            let arrived = try #require(try await received().first)
            #expect(arrived.contains("\(title) 7") && arrived.contains(text), "\(arrived)")
        },
        NotifierCompatTest("Notices that are sent at once all arrive, each once") { notifier, received in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 10..<30 { group.addTask { try await notifier.send(notice(number)) } }
                try await group.waitForAll()
            }
            let arrived = try await received()
            #expect(arrived.count == 20)
            for number in 10..<30 {
                #expect(arrived.count { $0.contains("The check failed \(number)") } == 1)
            }
        },
    ]
}
