import DuckDB
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import Testing

/// A copy of one of the projects under `examples/`, removed when the test ends.
final class ExampleProject: Sendable {
    static let examples: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("examples").path
    }()

    let directory: String
    private let environment: String?

    init(_ name: String, environment: String? = nil) throws {
        directory = NSTemporaryDirectory() + "ingot-example-\(UUID().uuidString)"
        self.environment = environment
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // Only the project itself: a lake that the demo left there must not be copied.
        for part in try FileManager.default.contentsOfDirectory(atPath: "\(Self.examples)/\(name)")
        where !["lake", "bronze", ".ingot"].contains(part) {
            try FileManager.default.copyItem(atPath: "\(Self.examples)/\(name)/\(part)", toPath: "\(directory)/\(part)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Runs with an engine of its own, as a process does.
    func withEngine<Value: Sendable>(_ body: (Engine) async throws -> Value) async throws -> Value {
        let (project, _) = try Project.load(directory: directory, environment: environment)
        let state = try SQLiteState(path: "\(directory)/.ingot/state.db")
        let engine = Engine(
            EngineServices(
                project: project,
                state: state,
                storage: FileLakeStorage(root: "\(directory)/lake"),
                bronze: FileBronzeStore(root: "\(directory)/bronze"),
                arrivals: FileArrivalSource(),
                resolve: { $0.description },
                scratch: "\(directory)/.ingot/tmp",
                owner: LeaseOwner(host: "test", process: ProcessInfo.processInfo.processIdentifier, start: "0"),
                isAlive: { _ in true }
            )
        )
        let value: Value
        do {
            value = try await body(engine)
        } catch {
            await engine.close()
            throw error
        }
        await engine.close()
        try state.close()
        return value
    }

    /// Takes in what waits, computes the models, and expects that nothing fails.
    @discardableResult
    func run(
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> (pipelines: [PipelineReport], models: [ModelReport]) {
        let reports = try await withEngine { try await $0.run() }
        for pipeline in reports.pipelines {
            #expect(pipeline.error == nil, sourceLocation: sourceLocation)
            #expect(pipeline.problems.isEmpty, sourceLocation: sourceLocation)
        }
        for model in reports.models {
            #expect(model.error == nil, "\(model.model)", sourceLocation: sourceLocation)
        }
        return reports
    }

    /// The rows of a user's query.
    func query(_ sql: String) async throws -> [[String]] {
        try await withEngine { engine in
            var rows: [[String]] = []
            try await ReadOnlyQuery(engine).run(sql) { _ in
            } _: { batch in
                rows += batch.map { row in row.values.map(\.description) }
            }
            return rows
        }
    }
}
