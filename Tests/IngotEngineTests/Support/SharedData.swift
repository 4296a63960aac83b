import Foundation
import Testing

/// The real data beside the project's folder.
enum SharedData {
    /// The folder beside the package, or beside the folder of a second work tree of it.
    static let folder: String = {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        let places = ["../shared/data", "../../shared/data"].map {
            package.appendingPathComponent($0).standardizedFileURL.path
        }
        return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }()

    static var isPresent: Bool {
        FileManager.default.fileExists(atPath: folder)
    }

    static func path(_ name: String) -> String {
        "\(folder)/\(name)"
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the real data lies beside the project.
    static var sharedData: Self {
        .enabled(if: SharedData.isPresent, "the real data of ../shared/data is not there")
    }
}
