import Foundation
import JSONTree
import Testing

/// The cases of the JSONata project's own suite, which lie beside the package.
enum ConformanceSuite {
    /// The folder beside the package, or beside the folder of a second work tree of it.
    static let folder: String = {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        let places = ["../shared/conformance", "../../shared/conformance"].map {
            package.appendingPathComponent($0).standardizedFileURL.path
        }
        return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }()

    static var isPresent: Bool {
        FileManager.default.fileExists(atPath: "\(folder)/jsonata.jsonl")
    }

    static func cases() throws -> [JSON] {
        let options = JSONParserOptions(duplicateKeys: .keepLast, loneSurrogates: .replace)
        return try text("jsonata.jsonl").split(separator: "\n").map { line in
            try JSON(parsing: String(line), options: options)
        }
    }

    static func datasets() throws -> JSON {
        try JSON(parsing: text("jsonata_datasets.json"))
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the suite lies beside the package.
    static var conformanceSuite: Self {
        .enabled(if: ConformanceSuite.isPresent, "../shared/conformance is not there: its cases are not tried")
    }
}

extension JSON {
    /// Whether two values are the same, with numbers compared by what they are worth: 1 and 1.0 are equal.
    func isSame(as other: JSON) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { right[$0.key].map($0.value.isSame) ?? false }
        default:
            if let left = doubleValue, let right = other.doubleValue { left == right } else { self == other }
        }
    }
}
