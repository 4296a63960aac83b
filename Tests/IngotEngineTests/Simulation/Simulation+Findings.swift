import IngotCore

@testable import IngotEngine

extension Simulation {
    /// What is left to do.
    func unsettled() async throws -> [String] {
        let depth = try await world.state.depth(of: "p", now: world.now)
        let open = try await world.state.entries(
            matching: LedgerFilter(source: "p", states: [.seen, .leased, .failed])
        )
        let dead = try await world.state.deadLetters(of: "p", after: nil, limit: 100)
        return ["\(depth)", "\(actions)"] + open.map { "\($0)" } + dead.map { "\($0)" }
    }

    private func tables() async throws -> SimulatedTables {
        let (state, table) = (world.state, SimulatedLoader.table)
        return SimulatedTables(
            silver: world.rows(at: try await state.pointer(namespace: SimulatedLoader.silver, table: table)),
            quarantine: world.rows(at: try await state.pointer(namespace: SimulatedLoader.quarantine, table: table))
        )
    }

    /// What is not as it must be when everything is settled.
    func findings() async throws -> [String] {
        let tables = try await self.tables()
        var findings = tables.findings
        let rows = tables.rows
        let entries = try await world.state.entries(matching: LedgerFilter(source: "p"))
        let letters = try await world.state.deadLetters(of: "p", after: nil, limit: 100_000)
        let dead = Set(letters.filter { $0.body == MessageWish.load.rawValue }.map(\.group))
        let deadUndos = Set(letters.filter { $0.body == MessageWish.undo.rawValue }.map(\.group))
        // A clock that is put back makes what is older seem to have come after a death, and then it may die again.
        let deaths = world.wasPutBack ? [:] : Dictionary(grouping: letters, by: \.group)
        for (key, letters) in deaths.sorted(by: { $0.key < $1.key }) {
            let blamed = letters.filter { letter in
                let error = letter.attempts.last?.error ?? ""
                let isBlamed = error.contains("breaks its batch") || error.contains("refused")
                return isBlamed && !letters.contains { $0.died < letter.sent }
            }
            let reloads = entries.filter { $0.object.key == key }.reduce(0) {
                $0 + (world.reloads(of: $1.id)?.count ?? 0)
            }
            if blamed.count > world.badVersions(of: key) + reloads {
                findings.append("\(key) dies more than once: \(blamed)")
            }
        }
        for (key, file) in world.files.sorted(by: { $0.key < $1.key }) {
            let own = rows.filter { $0.key == key }
            if own.count > 1 { findings.append("\(key) has the rows \(own)") }
            let isLoaded = own.contains { $0.content == file.content }
            let isUndone = entries.contains {
                $0.object.key == key && $0.object.version == "\(file.content)" && $0.isUndone
            }
            if !isLoaded, !isUndone, !dead.contains(key) {
                findings.append("\(key) is lost: \(file), \(entries.filter { $0.object.key == key })")
            }
            if isLoaded, SimulatedWorld.nature(of: file.content) != .good { findings.append("\(key) cannot be loaded") }
        }
        // What waits to be loaded again, or failed at that, still has its rows.
        let loaded = entries.filter { $0.published == .loaded }
        if entries.contains(where: { ($0.state == .loaded) && $0.published != .loaded }) {
            findings.append("an object is loaded and has no rows")
        }
        let expected = loaded.map(SimulatedWorld.Row.init)
        if Set(expected) != Set(rows) || expected.count != rows.count {
            findings.append("the ledger has \(expected), the table \(rows)")
        }
        if entries.contains(where: { $0.state == .leased }) { findings.append("an object is still held") }
        for entry in loaded where entry.counts != tables.counts(of: entry) {
            findings.append("the rows of \(entry.object) are miscounted: \(entry.counts)")
        }
        // What a load failed at waits for the next run; what is to be taken out depends on no file.
        for entry in entries where entry.isUndone ? entry.state.isWaiting : entry.state == .seen {
            guard !(entry.isUndone ? deadUndos : dead).contains(entry.object.key) else { continue }
            findings.append("\(entry.object) waits for ever")
        }
        return findings
    }
}
