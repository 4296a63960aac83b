import IngotCore

/// Silver and quarantine, with one row for each object; of rows with the same unique key the newest has its place in
/// silver, and the others are in quarantine.
struct SimulatedTables: Hashable {
    /// A row.
    struct Row: Sendable, Hashable {
        /// The object's key.
        var key: String
        /// Stands for the object's bytes; a newer file has a higher one.
        var content: Int

        init(_ entry: LedgerEntry) {
            key = entry.object.key
            content = Int(entry.object.version) ?? 0
        }

        /// The unique key; rows of several files, and of versions of one file, rival for it.
        var place: Int { content % 7 }
    }

    var silver: [Row]
    var quarantine: [Row]

    /// All rows.
    var rows: [Row] { silver + quarantine }

    /// The tables after a batch, which decides only the places that it touches.
    ///
    /// - Parameters:
    ///   - gone: The rows that it removes.
    ///   - added: The rows that it brings.
    ///   - lastWins: A defect: whether what it brings gets its place whatever is there, as a plain upsert would do it.
    /// - Returns: The tables.
    func changed(removing gone: Set<Row>, adding added: [Row], lastWins: Bool = false) -> SimulatedTables {
        let touched = Set(gone.map(\.place) + added.map(\.place))
        var changed = SimulatedTables(
            silver: silver.filter { !touched.contains($0.place) },
            quarantine: quarantine.filter { !touched.contains($0.place) }
        )
        let rivals = Dictionary(
            grouping: rows.filter { touched.contains($0.place) && !gone.contains($0) } + added,
            by: \.place
        )
        for (place, rows) in rivals.sorted(by: { $0.key < $1.key }) {
            let newest =
                (lastWins ? added.filter { $0.place == place } : []).max { $0.content < $1.content }
                ?? rows.max { $0.content < $1.content }
            changed.silver += rows.filter { $0 == newest }
            changed.quarantine += rows.filter { $0 != newest }
        }
        return changed
    }

    /// What became of an object's row.
    func counts(of entry: LedgerEntry) -> RowCounts {
        let isInSilver = silver.contains(Row(entry))
        return RowCounts(read: 1, silver: isInSilver ? 1 : 0, quarantined: isInSilver ? 0 : 1)
    }

    /// What is not as it must be.
    var findings: [String] {
        var findings: [String] = []
        for (place, rivals) in Dictionary(grouping: rows, by: \.place).sorted(by: { $0.key < $1.key }) {
            let winners = silver.filter { $0.place == place }
            if winners.map(\.content) != [rivals.map(\.content).max()] {
                findings.append("the place \(place) has \(winners) of \(rivals)")
            }
        }
        return findings
    }
}
