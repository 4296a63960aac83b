extension InMemoryState: LineageStore {
    /// The oldest events.
    public func lineageEvents(limit: Int) async throws -> [LineageEvent] {
        read { Array($0.lineageEvents.prefix(max(0, limit))) }
    }

    /// Forgets events.
    public func removeLineageEvents(_ ids: [Int64]) async throws {
        let ids = Set(ids)
        write { content in content.lineageEvents.removeAll { ids.contains($0.id) } }
    }

    /// Forgets the oldest events beyond a number of them.
    public func trimLineageEvents(to count: Int) async throws -> Int {
        write { content in
            let excess = max(0, content.lineageEvents.count - max(0, count))
            content.lineageEvents.removeFirst(excess)
            return excess
        }
    }

    /// The runs that have begun and not ended.
    public func openLineage() async throws -> [LineageStart] {
        read { $0.openLineage.values.sorted { $0.runID < $1.runID } }
    }

    /// Ends a run with an event, unless it has ended already.
    public func endLineage(of runID: String, with text: String) async throws {
        write { $0.endLineage(of: runID, with: text) }
    }
}

extension InMemoryState.Content {
    mutating func beginLineage(_ start: LineageStart) {
        openLineage[start.runID] = start
        tell(start.text)
    }

    mutating func endLineage(of runID: String, with text: String) {
        guard openLineage.removeValue(forKey: runID) != nil else { return }
        tell(text)
    }

    private mutating func tell(_ text: String) {
        lineageCount += 1
        lineageEvents.append(LineageEvent(id: lineageCount, text: text))
    }
}
