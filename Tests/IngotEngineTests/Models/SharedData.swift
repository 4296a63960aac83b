import Foundation

/// Real data beside the package, for the tests that need it.
enum SharedData {
    /// The folder; beside the package, or beside the folder of a second work tree of it.
    static let folder: String? = {
        var root = URL(fileURLWithPath: #filePath)
        while root.path != "/", !FileManager.default.fileExists(atPath: root.path + "/Package.swift") {
            root.deleteLastPathComponent()
        }
        return ["/../shared/data", "/../../shared/data"].map { root.path + $0 }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    static let isThere = folder != nil

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(path)")), as: UTF8.self)
    }

    static func files(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder ?? "")/\(path)").sorted()
    }

    /// A file of the package itself.
    static func packageFile(_ path: String) throws -> String {
        var root = URL(fileURLWithPath: #filePath)
        while root.path != "/", !FileManager.default.fileExists(atPath: root.path + "/Package.swift") {
            root.deleteLastPathComponent()
        }
        return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }
}
