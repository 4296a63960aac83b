import DuckDB
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import Testing

/// A project in a folder of its own, which is removed when the test ends.
final class TestProject: Sendable {
    let directory: String
    private let largeReadSize: Int64?
    private let rejectedSizeMax: Int?
    private let stretchSize: Int64?

    init(
        _ files: [String: String],
        largeReadSize: Int64? = nil,
        rejectedSizeMax: Int? = nil,
        stretchSize: Int64? = nil
    ) throws {
        self.largeReadSize = largeReadSize
        self.rejectedSizeMax = rejectedSizeMax
        self.stretchSize = stretchSize
        directory = NSTemporaryDirectory() + "ingot-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try write("name: test\n", to: "ingot.yml")
        for (path, text) in files { try write(text, to: path) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Writes a file of the project.
    func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    /// Writes a file of the project.
    func write(_ bytes: [UInt8], to path: String) throws {
        let full = "\(directory)/\(path)"
        let folder = (full as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: full))
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: "\(directory)/\(path)")
    }

    /// Runs with an engine of its own, as a process does.
    func withEngine<Value: Sendable>(
        clock: IngotClock = .system,
        _ body: (Engine) async throws -> Value
    ) async throws -> Value {
        let (project, _) = try Project.load(directory: directory)
        let state = try SQLiteState(path: "\(directory)/.ingot/state.db")
        var services = EngineServices(
            project: project,
            state: state,
            executions: state,
            storage: FileLakeStorage(root: "\(directory)/lake"),
            bronze: FileBronzeStore(root: "\(directory)/bronze"),
            arrivals: FileArrivalSource(),
            cleaner: FileSourceCleaner(),
            resolve: { $0.description },
            scratch: "\(directory)/.ingot/tmp",
            owner: LeaseOwner(host: "test", process: ProcessInfo.processInfo.processIdentifier, start: "0"),
            isAlive: { _ in true },
            clock: clock
        )
        if let largeReadSize { services.largeReadSize = largeReadSize }
        if let rejectedSizeMax { services.rejectedSizeMax = rejectedSizeMax }
        if let stretchSize { services.stretchSize = stretchSize }
        let engine = Engine(services)
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

    /// Takes in what waits, and expects that nothing stops.
    @discardableResult
    func ingest(sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws -> [PipelineReport] {
        let reports = try await withEngine { await $0.ingest() }
        for report in reports {
            #expect(report.error == nil, sourceLocation: sourceLocation)
            #expect(report.problems.isEmpty, sourceLocation: sourceLocation)
        }
        return reports
    }

    /// The rows that a query gives over a table, which it calls `t`; each as its values' text.
    func rows(_ table: String, _ select: String = "SELECT * FROM t ORDER BY ALL") async throws -> [[String]] {
        try await withEngine { engine in
            let parts = table.split(separator: ".").map(String.init)
            let name = TableName(namespace: parts[0], name: parts[1])
            guard let relation = try await engine.relation(of: name) else { return [] }
            let connection = try await engine.connect()
            let result = try await connection.query("WITH t AS (\(relation)) \(select)")
            let rows = result.map { row in row.values.map(\.description) }
            await connection.close()
            return rows
        }
    }
}
