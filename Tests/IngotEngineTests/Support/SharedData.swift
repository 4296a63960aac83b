import Foundation
import Testing

/// The real data beside the project's folder.
enum SharedData {
    /// The folder, from the place of this file.
    static let folder: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.deletingLastPathComponent().appendingPathComponent("shared/data").path
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
