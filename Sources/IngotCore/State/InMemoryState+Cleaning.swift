extension InMemoryState: CleaningStore {
    /// Objects whose files wait to be taken away.
    public func cleanings(source: String, due: Int64, retry: Int64, limit: Int) async throws -> [LedgerEntry] {
        let waiting = read { content in
            content.cleanings.compactMap { id, cleaning -> LedgerEntry? in
                guard cleaning.state == .waiting, cleaning.due <= due, cleaning.retry <= retry,
                    var entry = content.objects[id], entry.state.isLive, entry.object.source == source
                else { return nil }
                entry.cleaning = cleaning
                return entry
            }
        }
        let ordered = waiting.sorted { ($0.cleaning?.retry ?? 0, $0.id) < ($1.cleaning?.retry ?? 0, $1.id) }
        return Array(ordered.prefix(max(0, limit)))
    }

    /// Records how cleanings went.
    public func settle(_ cleanings: [Int64: Cleaning]) async throws {
        write { content in
            for (id, cleaning) in cleanings where content.cleanings[id]?.state == .waiting {
                content.cleanings[id] = cleaning
            }
        }
    }
}

extension InMemoryState.Content {
    /// Forgets the wish to take the file of an object away, whose place another version took.
    mutating func dropCleaning(_ id: Int64) {
        if cleanings[id]?.state == .waiting { cleanings[id] = nil }
    }
}
