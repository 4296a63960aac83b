import Foundation
import JSONTree
import Testing

/// Loads whose process is killed at any moment.
@Suite("Killed loads", .timeLimit(.minutes(30)))
struct LoadKillTests {
    private static let count = 30_000
    private static let rounds = 25

    @Test(arguments: ServingKind.present)
    func `A load that is killed leaves all of its rows or none, and ends right when it is run again`(
        kind: ServingKind
    ) async throws {
        // Half the rows change their version, and the others are deleted and come back.
        let load = try LoadProject(
            kind,
            """
            query: |
              SELECT i AS id, v.id AS version, i % 2 = 1 AND v.id % 2 = 0 AS gone
              FROM range(\(Self.count)) t(i), seeds.orders v
            primary_key: id
            hard_delete: gone
            create: true
            """,
            seed: "id,name\n1,x\n"
        )
        try await load.expect("succeeded", rows: Self.count)
        let state = "SELECT count(*) AS n, min(version) AS a, max(version) AS b FROM \(load.table)"
        func expected(_ version: Int) -> String {
            "\(version % 2 == 0 ? Self.count / 2 : Self.count)|\(version)|\(version)"
        }
        var last = 1
        var (killed, kept) = (0, 0)
        for version in 2..<(2 + Self.rounds) {
            try load.project.write("id,name\n\(version),x\n", to: "seeds/orders.csv")
            let program = load.program
            let time = Duration.milliseconds(100 + (version * 53) % 900)
            let wasKilled = try await apart { try program.runAndKill(after: time, "load") }
            let found = try await load.probe.rows(state)
            #expect(found == [expected(last)] || found == [expected(version)], "\(found) after \(last), \(version)")
            if wasKilled { killed += 1 }
            if found == [expected(version)] {
                last = version
                // The record became true with the rows.
                try await load.expect("up_to_date")
            } else {
                #expect(wasKilled)
                kept += 1
            }
        }
        #expect(killed > 3 && kept > 3, "\(killed) were killed, \(kept) of them before they committed")
        let outcome = try await load.load()
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(try await load.probe.rows(state) == [expected(1 + Self.rounds)])
    }
}
