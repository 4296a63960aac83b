import Foundation
import Yams

/// A project file as an editor sees it, for its JSON Schema: YAML 1.2, in which `off` is a word and a day a text.
struct ProjectDocument {
    /// Mappings whose keys the user chooses.
    private static let freeMappings: Set<String> = [
        "bindings", "buckets", "headers", "starts",
        "environments", "variables", "connections", "notifications", "properties", "inputs", "to",
    ]

    /// A value that may be anything.
    private static let freeValue = "input"

    /// The file, for messages.
    var path: String
    /// Which schema is its own: `pipeline`.
    var kind: String
    /// What it says.
    var value: Any

    /// The files of the examples and of the fixtures.
    static func all() throws -> [ProjectDocument] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let folders = [tests.appending(path: "../../examples"), tests.appending(path: "Fixtures")]
        return try folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().compactMap { path in
                try ProjectDocument(path, in: folder)
            }
        }
    }

    private init?(_ path: String, in folder: URL) throws {
        let parts = path.split(separator: "/")
        guard parts.count > 1, ["yml", "sql"].contains(path.split(separator: ".").last) else { return nil }
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        switch parts[1] {
        case "ingot.yml": self.init(path, "ingot", text)
        case "pipelines": self.init(path, "pipeline", text)
        case "seeds": self.init(path, "seed", text)
        case "checks": self.init(path, "check", text)
        case "loads": self.init(path, "load", text)
        case "models":
            guard let settings = text.firstMatch(of: /(?s)\/\* @ingot(.*?)\*\//)?.1 else { return nil }
            self.init(path, "model", String(settings))
        default: return nil
        }
    }

    private init?(_ path: String, _ kind: String, _ text: String) {
        let booleans = try? Resolver.Rule(.bool, "^(?:true|True|TRUE|false|False|FALSE)$")
        let resolver = booleans.map { Resolver.default.removing(.timestamp).replacing($0) }
        guard let value = try? Yams.load(yaml: text, resolver ?? .default) else { return nil }
        (self.path, self.kind, self.value) = (path, kind, Self.plain(value))
    }

    /// The value with the types of JSON.
    private static func plain(_ value: Any) -> Any {
        switch value {
        case let object as [AnyHashable: Any]:
            Dictionary(uniqueKeysWithValues: object.map { ("\($0.key)", plain($0.value)) })
        case let list as [Any]: list.map(plain)
        default: value
        }
    }

    // MARK: Mistakes

    /// The file with one key misspelled, for each key that is not the user's choice.
    func misspellings() -> [(place: String, value: Any)] {
        changes(value, "") { object, key, place in
            let parents = place.split(separator: "/").suffix(2).map(String.init)
            guard !Self.freeMappings.contains(parents.last ?? "") else { return nil }
            var changed = object
            changed["\(key)_"] = changed.removeValue(forKey: key)
            return changed
        }
    }

    /// The file with one value as a list of lists, which no key takes.
    func nestings() -> [(place: String, value: Any)] {
        changes(value, "") { object, key, _ in
            guard key != Self.freeValue else { return nil }
            var changed = object
            changed[key] = [["nested"]]
            return changed
        }
    }

    private typealias Change = (_ object: [String: Any], _ key: String, _ place: String) -> [String: Any]?

    /// A value with one of its mappings changed, once for each of their keys.
    private func changes(_ value: Any, _ place: String, _ change: Change) -> [(place: String, value: Any)] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { key, member in
                let own = change(object, key, place).map { [(place: "\(place)/\(key)", value: $0 as Any)] } ?? []
                guard key != Self.freeValue else { return own }
                let inner = changes(member, "\(place)/\(key)", change).map { found in
                    (place: found.place, value: object.merging([key: found.value]) { _, new in new } as Any)
                }
                return own + inner
            }
        case let list as [Any]:
            list.enumerated().flatMap { index, element in
                changes(element, place, change).map { found in
                    var changed = list
                    changed[index] = found.value
                    return (place: found.place, value: changed as Any)
                }
            }
        default: []
        }
    }
}
