import Foundation
import IngotCore
import IngotProject

/// The example projects beside this file.
enum Fixtures {
    static let names = ["users", "customer-purchases", "shipments", "agent-activity", "conversations"]

    static func directory(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path()
    }

    static func load(_ name: String, environment: String? = nil) throws -> Project {
        try Project.load(directory: directory(name), environment: environment).project
    }

    /// Every file of an example, by its path.
    static func files(_ name: String) throws -> [String: String] {
        let root = DirectoryProjectFiles(directory(name))
        let paths = try ["", "pipelines", "models", "seeds", "checks"].flatMap { try root.paths(under: $0) }
        return try Dictionary(
            uniqueKeysWithValues: paths.map { path in
                (path, String(decoding: try root.contents(of: path, limit: 1 << 20) ?? [], as: UTF8.self))
            }
        )
    }
}
