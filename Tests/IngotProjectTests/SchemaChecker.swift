import Foundation

/// Says whether a value fits a JSON Schema, as an editor does: the keywords that Ingot's schemas use, and no others.
struct SchemaChecker {
    private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description", "examples"]

    private let root: [String: Any]

    init(_ text: String) throws {
        root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    /// What does not fit, each with its path; empty if everything does.
    func faults(of value: Any) -> [String] {
        faults(of: value, root, "")
    }

    private func faults(of value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        schema.keys.sorted().filter { !Self.annotations.contains($0) }.flatMap { keyword in
            faults(of: value, keyword, schema[keyword] ?? [], schema, path)
        }
    }

    private func faults(
        of value: Any,
        _ keyword: String,
        _ argument: Any,
        _ schema: [String: Any],
        _ path: String
    ) -> [String] {
        let object = value as? [String: Any]
        switch keyword {
        case "$ref": return faults(of: value, definition(argument), path)
        case "anyOf": return counted(value, argument, path) > 0 ? [] : ["\(path): fits none"]
        case "oneOf": return counted(value, argument, path) == 1 ? [] : ["\(path): fits none or several"]
        case "type": return Self.types(argument).contains { Self.isType($0, value) } ? [] : ["\(path): type"]
        case "const": return Self.isSame(value, argument) ? [] : ["\(path): constant"]
        case "enum":
            return (argument as? [Any] ?? []).contains { Self.isSame(value, $0) } ? [] : ["\(path): enumeration"]
        case "items":
            let elements = value as? [Any] ?? []
            return elements.enumerated().flatMap { faults(of: $1, argument as? [String: Any] ?? [:], "\(path)/\($0)") }
        case "properties":
            let properties = argument as? [String: [String: Any]] ?? [:]
            return (object ?? [:]).flatMap { key, member in
                properties[key].map { faults(of: member, $0, "\(path)/\(key)") } ?? []
            }
        case "additionalProperties":
            let known = schema["properties"] as? [String: Any] ?? [:]
            return (object ?? [:]).filter { known[$0.key] == nil }.flatMap { key, member in
                guard let inner = argument as? [String: Any] else { return ["\(path)/\(key): unknown"] }
                return faults(of: member, inner, "\(path)/\(key)")
            }
        case "required":
            guard let object else { return [] }
            return (argument as? [String] ?? []).filter { object[$0] == nil }.map { "\(path)/\($0): missing" }
        case "minProperties":
            return object.map { $0.count >= argument as? Int ?? 0 } ?? true ? [] : ["\(path): too few"]
        case "maxProperties":
            return object.map { $0.count <= argument as? Int ?? 0 } ?? true ? [] : ["\(path): too many"]
        case "pattern":
            guard let text = value as? String, let pattern = argument as? String else { return [] }
            return text.range(of: pattern, options: .regularExpression) == nil ? ["\(path): pattern"] : []
        case "minLength":
            return (value as? String).map { $0.count >= argument as? Int ?? 0 } ?? true ? [] : ["\(path): short"]
        case "maxLength":
            return (value as? String).map { $0.count <= argument as? Int ?? 0 } ?? true ? [] : ["\(path): long"]
        case "minimum", "maximum", "exclusiveMinimum":
            guard let number = Self.number(value), let bound = Self.number(argument) else { return [] }
            let isInside =
                keyword == "minimum" ? number >= bound : keyword == "maximum" ? number <= bound : number > bound
            return isInside ? [] : ["\(path): \(keyword)"]
        default: return ["\(path): the checker does not know the keyword \(keyword)"]
        }
    }

    private func counted(_ value: Any, _ schemas: Any, _ path: String) -> Int {
        (schemas as? [[String: Any]] ?? []).count { faults(of: value, $0, path).isEmpty }
    }

    private func definition(_ reference: Any) -> [String: Any] {
        let name = (reference as? String ?? "").dropFirst("#/$defs/".count)
        return (root["$defs"] as? [String: [String: Any]])?[String(name)] ?? ["unresolved": true]
    }

    private static func types(_ argument: Any) -> [String] {
        argument as? [String] ?? [argument as? String ?? ""]
    }

    private static func isType(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": value is Bool
        case "null": value is NSNull
        case "integer": value is Int
        case "number": value is Int || value is Double
        default: false
        }
    }
    private static func isSame(_ value: Any, _ other: Any) -> Bool {
        value as? String == other as? String && value is String == other is String
    }

    private static func number(_ value: Any) -> Double? {
        value as? Double ?? (value as? Int).map(Double.init)
    }
}
