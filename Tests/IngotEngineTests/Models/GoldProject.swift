import DuckDB
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// A project in a temporary folder, with everything that the embedded default has.
final class GoldProject: Sendable {
    let folder: String

    init(_ files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.path + "/ingot-gold-\(UInt64.random(in: .min ... .max))"
        try write("ingot.yml", "name: shop\n")
        for (path, text) in files { try write(path, text) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url, options: .atomic)
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder)/\(path)")
    }

    func engine() throws -> Engine {
        let (project, _) = try Project.load(directory: folder)
        return Engine(
            EngineServices(
                project: project,
                state: try SQLiteState(path: "\(folder)/.ingot/state.db"),
                storage: FileLakeStorage(root: "\(folder)/lake"),
                bronze: FileBronzeStore(root: "\(folder)/bronze"),
                arrivals: FileArrivalSource(),
                resolve: { $0.description },
                scratch: "\(folder)/.ingot/tmp",
                owner: LeaseOwner(host: "test", process: ProcessInfo.processInfo.processIdentifier, start: ""),
                isAlive: { _ in true }
            )
        )
    }

    func state() throws -> SQLiteState {
        try SQLiteState(path: "\(folder)/.ingot/state.db")
    }

    /// Runs everything, and gives the models' reports by name.
    @discardableResult
    func run(isFullRefresh: Bool = false) async throws -> [String: ModelReport] {
        let engine = try engine()
        for report in await engine.ingest() {
            if let error = report.error { throw error }
            if let problem = report.problems.first { throw problem }
        }
        let reports = try await engine.runModels(isFullRefresh: isFullRefresh)
        await engine.close()
        return Dictionary(uniqueKeysWithValues: reports.map { ($0.model, $0) })
    }

    /// The rows of a query, each value as text.
    func query(_ sql: String) async throws -> [[String]] {
        try await query([sql])[0]
    }

    /// The rows of queries, each value as text.
    func query(_ texts: [String]) async throws -> [[[String]]] {
        let engine = try engine()
        let session = try await engine.openQuerySession()
        do {
            var results: [[[String]]] = []
            for text in texts {
                let parsed = try await session.show(QueryText(text)).parsed
                let result = try await session.connection.query(parsed.sql)
                results.append(result.map { row in row.values.map(\.description) })
            }
            await session.close()
            await engine.close()
            return results
        } catch {
            await session.close()
            await engine.close()
            throw error
        }
    }

    /// How many live data files lie below a table's folder, by the table's own metadata.
    func liveFiles(_ table: String) async throws -> Int {
        let engine = try engine()
        let count = try await engine.dataFileCount(table)
        await engine.close()
        return count
    }
}

extension GoldProject {
    /// A file of the package itself.
    static func packageFile(_ path: String) throws -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// A pipeline of orders: one CSV a file, with the columns `id,at,country,amount`.
    static let orders = """
        pipeline: orders
        source: {path: landing/orders/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: at, data_type: timestamp, not_null: true}
          - {name: country, data_type: varchar}
          - {name: amount, data_type: "decimal(18,2)"}
        silver: {table: silver.orders, event_time: at, partition_by: [day(at)]}
        """
}
