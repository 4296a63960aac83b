import Foundation
import Testing

/// Whole histories of a service, with faults; `make simulate SEEDS=n FIRST=m` plays more, or one again.
@Suite struct SimulationTests {
    private static let first = number("INGOT_SIMULATION_FIRST") ?? 1
    private static let count = number("INGOT_SIMULATION_SEEDS") ?? 300

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    @Test("Whatever fails, no object is lost, none is doubled, and every message ends", .timeLimit(.minutes(30)))
    func histories() async throws {
        for seed in Self.first..<(Self.first + Self.count) {
            let findings = try await Simulation(seed: seed).run()
            #expect(findings.isEmpty, "make simulate FIRST=\(seed) SEEDS=1")
            if !findings.isEmpty { break }
        }
    }

    @Test("A history is the same each time")
    func repetition() async throws {
        for seed in UInt64(1)...20 {
            let (one, two) = (try Simulation(seed: seed), try Simulation(seed: seed))
            #expect(try await one.run() == two.run())
            #expect(one.world.now == two.world.now && one.world.files.count == two.world.files.count)
            #expect(one.world.random(0..<1_000_000) == two.world.random(0..<1_000_000), "as many draws")
        }
    }

    @Test("A planted bug is found", .timeLimit(.minutes(30)), arguments: SimulatedWorld.PlantedBug.allCases)
    func plantedBugs(_ bug: SimulatedWorld.PlantedBug) async throws {
        for seed in UInt64(1)...20_000 {
            if try await !Simulation(seed: seed, bug: bug).run().isEmpty { return }
        }
        Issue.record("no history shows it")
    }
}
