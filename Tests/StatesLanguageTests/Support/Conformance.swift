import Foundation
import JSONTree
import Testing

/// The outside cases beside the project's folder, with results recorded on the real service.
enum Conformance {
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
        FileManager.default.fileExists(atPath: folder)
    }

    /// The cases of a file, one JSON object a line.
    static func cases(_ name: String) throws -> [JSON] {
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            try JSON(parsing: String(line), options: JSONParserOptions(loneSurrogates: .replace))
        }
    }

    /// Holds the differences that were found against the known ones, in both directions.
    static func expect(
        _ found: [String: String],
        matches known: [String: String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (id, difference) in found.sorted(by: { $0.key < $1.key }) where known[id] == nil {
            Issue.record("\(id): \(difference)", sourceLocation: sourceLocation)
        }
        for id in known.keys.sorted() where found[id] == nil {
            Issue.record("\(id) is a known difference, but there is none any more", sourceLocation: sourceLocation)
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the outside cases lie beside the project.
    static var conformance: Self {
        .enabled(if: Conformance.isPresent, "the cases of ../shared/conformance are not there")
    }
}

extension JSON {
    /// The value without what a path such as `$.output[0].Key` names.
    func removing(_ path: String) -> JSON {
        let names = path.split(whereSeparator: { ".[]".contains($0) }).dropFirst().map(String.init)
        return removing(names[...])
    }

    private func removing(_ names: ArraySlice<String>) -> JSON {
        guard let name = names.first else { return .string("<ignored>") }
        switch self {
        case .object(var object):
            // Some keys hold dots themselves.
            let whole = names.joined(separator: ".")
            if object.contains(whole) {
                object[whole] = .string("<ignored>")
            } else if let value = object[name] {
                object[name] = value.removing(names.dropFirst())
            }
            return .object(object)
        case .array(var elements):
            guard let index = Int(name), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].removing(names.dropFirst())
            return .array(elements)
        default: return self
        }
    }

    /// The value that a text holds, where this is the text of one.
    var parsedText: JSON {
        guard let text = stringValue, let value = try? JSON(parsing: text) else { return self }
        return value
    }

    /// The keys with their values, one level deep, for changes.
    func mapping(_ key: String, _ change: (JSON) -> JSON) -> JSON {
        guard case .object(var object) = self, let value = object[key] else { return self }
        object[key] = change(value)
        return .object(object)
    }
}
