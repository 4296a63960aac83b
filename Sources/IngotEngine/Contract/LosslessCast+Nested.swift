import DuckDB
import IngotProject

extension LosslessCast {
    /// The condition that a JSON text is one of the nested type's values: that every value in it is lossless.
    ///
    /// Members of an object that the type does not name are left out, like fields that no column reads.
    func nested(_ text: String) -> String {
        "coalesce(\(accepts("CAST(\(text) AS JSON)", depth: 0)), FALSE)"
    }

    /// The condition that an expression of JSON, not SQL's NULL, is a value of the type.
    private func accepts(_ json: String, depth: Int) -> String {
        let variable = "value\(depth)"
        let isNull = "json_type(\(json)) = 'NULL'"
        switch type {
        case .list(let element):
            let inner = LosslessCast(type: element).accepts(variable, depth: depth + 1)
            return "(\(isNull) OR json_type(\(json)) = 'ARRAY'"
                + " AND \(Self.isEvery("json_extract(\(json), '$[*]')", variable, inner)))"
        case .structure(let fields):
            let inner = fields.map { field in
                let member = "json_extract(\(json), \(SQL.literal(ScannedRecords.jsonMember(field.name))))"
                return "(\(member) IS NULL OR \(LosslessCast(type: field.type).accepts(member, depth: depth)))"
            }
            return "(\(isNull) OR json_type(\(json)) = 'OBJECT' AND \(inner.joined(separator: " AND ")))"
        case .map(let key, let value):
            let pointer = "concat('/', replace(replace(\(variable), '~', '~0'), '/', '~1'))"
            let inner =
                LosslessCast(type: key).acceptsText(variable) + " AND "
                + LosslessCast(type: value).accepts("json_extract(\(json), \(pointer))", depth: depth + 1)
            return "(\(isNull) OR json_type(\(json)) = 'OBJECT'"
                + " AND \(Self.isEvery("json_keys(\(json))", variable, inner)))"
        case .varchar, .json:
            return "TRUE"
        default:
            return "(\(isNull) OR json_type(\(json)) NOT IN ('ARRAY', 'OBJECT')"
                + " AND \(acceptsText("json_extract_string(\(json), '$')")))"
        }
    }

    /// The condition that a text, not NULL, is a value of the type, which is not nested.
    private func acceptsText(_ text: String) -> String {
        let value = value(of: text)
        let isLossless = isLossless(text: text, value: value)?.joined(separator: " OR ") ?? "TRUE"
        return "(\(value) IS NOT NULL AND (\(isLossless)))"
    }

    private static func isEvery(_ list: String, _ variable: String, _ condition: String) -> String {
        "len(list_filter(\(list), \(variable) -> NOT coalesce(\(condition), FALSE))) = 0"
    }
}
