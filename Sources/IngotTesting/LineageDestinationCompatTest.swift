public import IngotCore
public import Testing

/// What every ``LineageDestination`` must keep.
///
/// An adapter runs each case over a destination of its own, which has received nothing.
public struct LineageDestinationCompatTest: Sendable, CustomTestStringConvertible {
    /// What has arrived, in its order.
    public typealias Received = @Sendable () async throws -> [String]

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any LineageDestination, Received) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any LineageDestination, Received) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case, recording issues with Swift Testing.
    public func run(_ destination: some LineageDestination, received: Received) async throws {
        try await body(destination, received)
    }

    /// What the case shows.
    public var testDescription: String { name }

    private static func events(_ numbers: ClosedRange<Int64>) -> [LineageEvent] {
        numbers.map { LineageEvent(id: $0, text: "{\"n\":\($0),\"t\":\"\u{FC}\"}") }
    }

    private static var deadline: ContinuousClock.Instant { .now + .seconds(1800) }

    /// Every case.
    public static let cases = [
        LineageDestinationCompatTest("Events arrive whole, once each, in their order") { destination, received in
            let all = events(1...30)
            for part in [all.prefix(10), all[10..<10], all.dropFirst(10)] {
                let channel = try #require(try await destination.open())
                let receipt = await channel.send(Array(part), until: deadline) { true }
                #expect(receipt.taken == part.map(\.id))
                #expect(receipt.refused.isEmpty && receipt.error == nil)
            }
            #expect(try await received() == all.map(\.text))
        },
        LineageDestinationCompatTest("One has the right to send, until it lets go") { destination, received in
            var channel = try await destination.open()
            #expect(channel != nil)
            #expect(try await destination.open() == nil)
            let receipt = await channel?.send(events(1...1), until: deadline) { true }
            #expect(receipt?.taken == [1])
            channel = nil
            channel = try await destination.open()
            #expect(channel != nil)
            #expect(try await received().count == 1)
        },
    ]
}
