public import IngotCore
public import Testing

/// What every ``ObjectStore`` must keep.
///
/// An adapter runs each case over a store of its own that is empty:
///
/// ```swift
/// @Test(arguments: ObjectStoreCompatTest.cases)
/// func `The S3 store keeps the contract`(_ test: ObjectStoreCompatTest) async throws {
///     try await withBucket { try await test.run(S3ObjectStore($0)) }
/// }
/// ```
public struct ObjectStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any ObjectStore) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any ObjectStore) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [ObjectStoreCompatTest] = writing + conditions + reading + listing

    /// Runs the case over an empty store, recording issues with Swift Testing.
    public func run(_ store: some ObjectStore) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension ObjectStoreCompatTest {
    /// Expects a call to fail with an error of the kind.
    static func expect(
        _ kind: ObjectStoreError.Kind,
        _ comment: Comment? = nil,
        sourceLocation: Testing.SourceLocation = #_sourceLocation,
        _ call: () async throws -> some Any
    ) async {
        do {
            _ = try await call()
            Issue.record("no error; expected: \(kind). \(comment ?? "")", sourceLocation: sourceLocation)
        } catch let error as ObjectStoreError {
            #expect(error.kind == kind, comment, sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(error) is no ObjectStoreError", sourceLocation: sourceLocation)
        }
    }

    /// Bytes that differ from one offset to the next, so that a wrong range shows.
    static func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
        // A block of prime length, so that no power of two of an adapter's chunks is a multiple of it.
        let block = (0..<4_093).map { UInt8(truncatingIfNeeded: ($0 + seed) &* 2_654_435_761 >> 7) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// A body of several chunks whose size is not known.
    static func stream(_ chunks: [[UInt8]], thenFails: Bool = false) -> ObjectBody {
        ObjectBody(size: nil) {
            var rest = chunks[...]
            return {
                if rest.isEmpty, thenFails { throw CancellationError() }
                return rest.popFirst()
            }
        }
    }

    /// The keys of a listing.
    static func keys(_ listing: ObjectListing) async throws -> [String] {
        try await listing.collect().objects.map(\.key.path)
    }
}
