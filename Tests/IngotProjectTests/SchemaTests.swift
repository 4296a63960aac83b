import Foundation
import IngotProject
import Testing

@Suite("JSON Schemas and reference")
struct SchemaTests {
    @Test("There is a schema for every kind of file, well formed, with every reference resolved")
    func wellFormed() throws {
        let schemas = Project.jsonSchemas()
        #expect(
            schemas.map(\.fileName) == [
                "ingot.schema.json", "pipeline.schema.json", "model.schema.json", "seed.schema.json",
                "check.schema.json", "load.schema.json",
            ]
        )
        for schema in schemas {
            let root = try #require(JSONSerialization.jsonObject(with: Data(schema.text.utf8)) as? [String: Any])
            #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            let definitions = try #require(root["$defs"] as? [String: Any])
            for reference in Self.references(in: root) {
                #expect(definitions[String(reference.dropFirst("#/$defs/".count))] != nil, "\(reference)")
            }
        }
    }

    @Test("Every key of every fixture is in the schema, at its place", arguments: Fixtures.names)
    func fixtures(_ name: String) throws {
        let schema = try Self.schema("pipeline")
        for pipeline in try Fixtures.files(name).filter({ $0.key.hasPrefix("pipelines/") }).values {
            let keys = pipeline.split(separator: "\n").filter { $0.first?.isLetter == true }
                .compactMap { $0.split(separator: ":").first.map(String.init) }
            let properties = try #require(schema["properties"] as? [String: Any])
            #expect(Set(keys).isSubset(of: properties.keys))
            let required = try #require(schema["required"] as? [String])
            #expect(Set(required).isSubset(of: keys))
        }
    }

    @Test("A key that the schema does not know, the reader does not know either")
    func sameKeys() throws {
        let schema = try Self.schema("pipeline")
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(schema["additionalProperties"] as? Bool == false)
        let finding = Diagnosing.pipeline(Diagnosing.pipeline + "zzz: 1\n")
        let listed = try #require(finding.split(separator: "known keys: ").last).split(separator: ", ").map(String.init)
        #expect(Set(listed) == Set(properties.keys))
    }

    @Test("The words of a choice are the schema's constants")
    func choices() throws {
        let schema = try Self.schema("pipeline")
        let properties = try #require(schema["properties"] as? [String: Any])
        let text = try String(
            decoding: JSONSerialization.data(withJSONObject: try #require(properties["schema_evolution_mode"])),
            as: UTF8.self
        )
        for word in Pipeline.SchemaEvolution.allCases.map(\.rawValue) {
            #expect(text.contains("\"const\":\"\(word)\""))
        }
    }

    @Test("The reference names every key of every file, and its links lead somewhere")
    func reference() throws {
        let reference = Project.referenceDocumentation()
        for schema in Project.jsonSchemas() {
            let root = try #require(JSONSerialization.jsonObject(with: Data(schema.text.utf8)) as? [String: Any])
            for key in Self.propertyNames(in: root) {
                #expect(reference.contains("| `\(key)` |"), "\(key)")
            }
        }
        for link in reference.split(separator: "](#").dropFirst() {
            let anchor = try #require(link.split(separator: ")").first)
            let heading = "### " + anchor.split(separator: "-").joined(separator: " ") + "\n"
            #expect(reference.contains(heading), "\(anchor)")
        }
        #expect(!reference.contains("||"))
    }

    @Test("Every file of every example fits its schema, and no longer with one key misspelled or one value nested")
    func examples() throws {
        var misspelled = 0
        for file in try ProjectDocument.all() {
            let text = try #require(Project.jsonSchemas().first { $0.fileName == "\(file.kind).schema.json" }).text
            let checker = try SchemaChecker(text)
            #expect(checker.faults(of: file.value) == [], "\(file.path)")
            for (place, value) in file.misspellings() {
                misspelled += 1
                #expect(checker.faults(of: value) != [], "\(file.path): \(place) is not known")
            }
            for (place, value) in file.nestings() {
                #expect(checker.faults(of: value) != [], "\(file.path): \(place) is no list of lists")
            }
        }
        #expect(misspelled > 500)
    }

    private static func schema(_ name: String) throws -> [String: Any] {
        let text = try #require(Project.jsonSchemas().first { $0.fileName == "\(name).schema.json" }).text
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func references(in value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            (object["$ref"] as? String).map { [$0] } ?? object.values.flatMap(references)
        case let array as [Any]: array.flatMap(references)
        default: []
        }
    }

    private static func propertyNames(in value: Any) -> Set<String> {
        guard let object = value as? [String: Any] else { return [] }
        let own = (object["properties"] as? [String: Any])?.keys.map { $0 } ?? []
        let definitions = (object["$defs"] as? [String: Any])?.values.flatMap(propertyNames) ?? []
        return Set(own + definitions)
    }
}
