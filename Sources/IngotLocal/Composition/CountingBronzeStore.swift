import IngotCore
import Synchronization

/// A bronze store that counts what passes through it, for a progress line.
final class CountingBronzeStore: BronzeStore {
    private let store: any BronzeStore
    private let kept = Atomic(0)

    init(_ store: any BronzeStore) {
        self.store = store
    }

    /// How many objects were kept so far.
    var count: Int {
        kept.load(ordering: .relaxed)
    }

    func keep(
        _ objects: [SourceFile],
        source: String,
        date: String
    ) async throws -> [Result<KeptObject, any Error>] {
        let results = try await store.keep(objects, source: source, date: date)
        kept.add(results.count, ordering: .relaxed)
        return results
    }

    func putBack(_ location: String, at path: String, modified: Int64) async throws -> Bool {
        try await store.putBack(location, at: path, modified: modified)
    }

    func prefix(of location: String, size: Int) async throws -> [UInt8] {
        try await store.prefix(of: location, size: size)
    }

    func copies(of source: String, before date: String?) -> AsyncThrowingStream<[BronzeCopy], any Error> {
        store.copies(of: source, before: date)
    }

    func version(of location: String) async throws -> String {
        try await store.version(of: location)
    }

    func delete(_ locations: [String]) async throws {
        try await store.delete(locations)
    }
}
