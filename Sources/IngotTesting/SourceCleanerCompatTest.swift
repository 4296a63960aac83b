public import IngotCore
public import Testing

/// What every ``SourceCleaner`` must keep.
///
/// An adapter runs each case over a source and a destination of its own, which are empty.
public struct SourceCleanerCompatTest: Sendable, CustomTestStringConvertible {
    /// A source, and where its files are moved to.
    public struct Place: Sendable {
        /// The folder of the source, resolved.
        public var root: String
        /// The folder that files are moved to, resolved.
        public var destination: String
        /// Puts a file into the source, and gives its version.
        public var write: @Sendable (_ key: String, _ bytes: [UInt8]) async throws -> String
        /// The bytes of what is under a key of the source; `nil` if nothing is.
        public var bytes: @Sendable (_ key: String) async throws -> [UInt8]?
        /// The bytes of what was moved to a location; `nil` if nothing is there.
        public var moved: @Sendable (_ location: String) async throws -> [UInt8]?

        /// Describes a place.
        public init(
            root: String,
            destination: String,
            write: @escaping @Sendable (_ key: String, _ bytes: [UInt8]) async throws -> String,
            bytes: @escaping @Sendable (_ key: String) async throws -> [UInt8]?,
            moved: @escaping @Sendable (_ location: String) async throws -> [UInt8]?
        ) {
            self.root = root
            self.destination = destination
            self.write = write
            self.bytes = bytes
            self.moved = moved
        }

        fileprivate func file(_ id: Int64, _ key: String, _ bytes: [UInt8]) async throws -> LoadedFile {
            LoadedFile(id: id, key: key, version: try await write(key, bytes), entityTag: nil)
        }
    }

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any SourceCleaner, Place) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any SourceCleaner, Place) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case, recording issues with Swift Testing.
    public func run(_ cleaner: some SourceCleaner, in place: Place) async throws {
        try await body(cleaner, place)
    }

    /// What the case shows.
    public var testDescription: String { name }

    private static func clean(
        _ files: [LoadedFile],
        _ cleaner: any SourceCleaner,
        _ place: Place,
        moves: Bool = false
    ) async throws -> [CleanedFile] {
        let destination = moves ? place.destination : nil
        return try await cleaner.clean(files, under: place.root, movingTo: destination).map { try $0.get() }
    }

    /// Every case.
    public static let cases = [
        SourceCleanerCompatTest("What was loaded is deleted, once, and what lies beside it stays") { cleaner, place in
            let file = try await place.file(1, "day=1/sp ace \u{FC}.csv", [1, 2])
            _ = try await place.file(2, "day=1/other.csv", [1, 2])
            #expect(try await clean([file], cleaner, place) == [.deleted])
            #expect(try await place.bytes(file.key) == nil)
            #expect(try await place.bytes("day=1/other.csv") == [1, 2])
            #expect(try await clean([file], cleaner, place) == [.gone])
        },
        SourceCleanerCompatTest("Another version under the same key stays as it is") { cleaner, place in
            let file = try await place.file(1, "a.csv", [1])
            _ = try await place.write("a.csv", [2])
            for moves in [true, false] {
                guard case .kept? = try await clean([file], cleaner, place, moves: moves).first else {
                    Issue.record("it was taken away")
                    return
                }
                #expect(try await place.bytes("a.csv") == [2])
            }
        },
        SourceCleanerCompatTest("A file is moved whole, and replaces none that has its name there") { cleaner, place in
            var locations: Set<String> = []
            for number in UInt8(1)...3 {
                let file = try await place.file(Int64(number), "deep/a.csv", [number])
                guard case .moved(let location)? = try await clean([file], cleaner, place, moves: true).first else {
                    Issue.record("it was not moved")
                    return
                }
                #expect(locations.insert(location).inserted)
                #expect(try await place.moved(location) == [number])
                #expect(try await place.bytes("deep/a.csv") == nil)
            }
            for location in locations { #expect(try await place.moved(location) != nil) }
        },
        SourceCleanerCompatTest("Outcomes come in the order of the files, whatever happens to each") { cleaner, place in
            let gone = LoadedFile(id: 1, key: "gone.csv", version: "0", entityTag: nil)
            let first = try await place.file(2, "a.csv", [1])
            let changed = try await place.file(3, "b.csv", [1])
            _ = try await place.write("b.csv", [1, 2])
            let last = try await place.file(4, "c.csv", [])
            let outcomes = try await clean([gone, first, changed, last], cleaner, place)
            #expect(outcomes.count == 4)
            #expect(outcomes.first == .gone && outcomes[1] == .deleted && outcomes.last == .deleted)
            guard case .kept = outcomes[2] else {
                Issue.record("\(outcomes)")
                return
            }
        },
    ]
}
