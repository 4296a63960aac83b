import Foundation
import Iceberg
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import IngotServer
import Logging
import ServiceLifecycle

/// A project in a folder of its own, whose catalog is served on loopback while a test runs.
struct ServedProject: Sendable {
    /// The project's folder.
    let directory: String
    /// What clients connect to.
    let uri: String
    /// The engine whose catalog it is.
    let engine: Engine
    /// What the server has logged.
    let log: CollectedLog

    /// The folder of the tables.
    var lake: String { "\(directory)/lake" }

    /// Runs a test with a project of these files that is served, and removes it.
    @discardableResult
    static func with<Value: Sendable>(
        _ files: [String: String] = [:],
        access: AccessPolicy = AccessPolicy(),
        limits: CatalogServerConfiguration.Limits = CatalogServerConfiguration.Limits(),
        _ body: @escaping @Sendable (ServedProject) async throws -> Value
    ) async throws -> Value {
        let directory = NSTemporaryDirectory() + "ingot-served-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write(["ingot.yml": "name: served\n"].merging(files) { $1 }, to: directory)
        let state = try SQLiteState(path: "\(directory)/.ingot/state.db")
        let engine = Engine(try services(directory, state))
        let log = CollectedLog()
        let (ready, continuation) = AsyncStream.makeStream(of: String.self)
        let server = CatalogServer(
            engine.catalogService(),
            configuration: try CatalogServerConfiguration(access: access, limits: limits),
            logger: log.logger
        ) { uri in
            continuation.yield(uri)
        }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: log.logger))
        let outcome = await withTaskGroup(of: Result<Value, any Error>?.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch {
                    continuation.finish()
                    return .failure(error)
                }
                return nil
            }
            tasks.addTask {
                for await uri in ready {
                    let project = ServedProject(directory: directory, uri: uri, engine: engine, log: log)
                    do {
                        return .success(try await body(project))
                    } catch {
                        return .failure(error)
                    }
                }
                return nil
            }
            var outcome: Result<Value, any Error>?
            for await result in tasks {
                if let result { outcome = result }
                await group.triggerGracefulShutdown()
            }
            return outcome
        }
        await engine.close()
        try state.close()
        guard let outcome else { throw CancellationError() }
        return try outcome.get()
    }

    private static func write(_ files: [String: String], to directory: String) throws {
        for (path, text) in files {
            let url = URL(fileURLWithPath: "\(directory)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
    }

    private static func services(_ directory: String, _ state: SQLiteState) throws -> EngineServices {
        let (project, _) = try Project.load(directory: directory)
        return EngineServices(
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
    }
}
