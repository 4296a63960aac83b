import Foundation
import IngotProject
import Testing

/// Whole histories of a service, with faults; `make simulate SEEDS=n FIRST=m` plays more, or one again.
@Suite struct SimulationTests {
    private static let first = number("INGOT_SIMULATION_FIRST") ?? 1
    private static let count = number("INGOT_SIMULATION_SEEDS") ?? 2_000
    private static let thread = OwnThread()

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    /// Plays a history on a thread of its own.
    private static func play(
        _ seed: UInt64,
        _ project: Project,
        bug: SimulatedWorld.PlantedBug? = nil
    ) async throws -> (findings: [String], time: Int64, draw: Int) {
        try await withTaskExecutorPreference(thread) {
            let simulation = Simulation(seed: seed, bug: bug, project)
            let findings = try await simulation.run()
            return (findings, simulation.world.now, simulation.world.random(0..<1_000_000))
        }
    }

    @Test("Whatever fails, no object is lost, none is doubled, and every message ends", .timeLimit(.minutes(30)))
    func histories() async throws {
        let project = try Simulation.makeProject()
        for seed in Self.first..<(Self.first + Self.count) {
            let findings = try await Self.play(seed, project).findings
            #expect(findings.isEmpty, "make simulate FIRST=\(seed) SEEDS=1")
            if !findings.isEmpty { break }
        }
    }

    @Test("A history is the same each time")
    func repetition() async throws {
        let project = try Simulation.makeProject()
        for seed in UInt64(1)...20 {
            #expect(try await Self.play(seed, project) == Self.play(seed, project))
        }
    }

    @Test("A planted bug is found", .timeLimit(.minutes(30)), arguments: SimulatedWorld.PlantedBug.allCases)
    func plantedBugs(_ bug: SimulatedWorld.PlantedBug) async throws {
        let project = try Simulation.makeProject()
        for seed in UInt64(1)...2_000 {
            if try await !Self.play(seed, project, bug: bug).findings.isEmpty { return }
        }
        Issue.record("no history shows it")
    }
}
