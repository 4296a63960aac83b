import IngotCore

/// Reads a partition transform: `country`, `day(created_at)`, `bucket(16, id)`.
enum PartitionFieldParser {
    struct Problem: Error {
        var message: String
        var hint: String?
    }

    private static let known =
        "column, year(column), month(column), day(column), hour(column), "
        + "bucket(n, column), truncate(width, column)"
    private static let plurals = [
        "years": "year", "months": "month", "days": "day", "hours": "hour", "date": "day", "date_hour": "hour",
        "buckets": "bucket", "trunc": "truncate",
    ]

    static func parse(_ text: String) -> Result<(PartitionField.Transform, String), Problem> {
        let trimmed = trim(text[...])
        guard trimmed.hasSuffix(")"), let open = trimmed.firstIndex(of: "(") else {
            return .success((.identity, unquoted(trimmed)))
        }
        let name = trim(trimmed[..<open]).lowercased()
        let inside = trimmed[trimmed.index(after: open)...].dropLast()
        if let simple = simple[name] {
            let column = unquoted(trim(inside))
            return column.isEmpty
                ? .failure(Problem(message: "\"\(text.abbreviated)\" names no column", hint: "\(name)(column)"))
                : .success((simple, column))
        }
        if name == "bucket" || name == "truncate" {
            return counted(name, inside, of: text)
        }
        return .failure(
            Problem(
                message: "\"\(name.abbreviated)\" is not a partition transform; transforms: \(known)",
                hint: (plurals[name] ?? NearestMatch.find(name, among: simple.keys.sorted() + ["bucket", "truncate"]))
                    .map { "\($0)(\(inside))" }
            )
        )
    }

    private static let simple: [String: PartitionField.Transform] = [
        "identity": .identity, "year": .year, "month": .month, "day": .day, "hour": .hour,
    ]

    private static func counted(
        _ name: String,
        _ inside: Substring,
        of text: String
    ) -> Result<(PartitionField.Transform, String), Problem> {
        let comma = inside.firstIndex(of: ",") ?? inside.endIndex
        let count = Int(trim(inside[..<comma]))
        let column = unquoted(trim(inside[comma...].dropFirst()))
        guard let count, (1...Int(Int32.max)).contains(count), !column.isEmpty else {
            return .failure(
                Problem(
                    message: "\"\(text.abbreviated)\" is not \(name)(number, column) with a number of 1 or more",
                    hint: "\(name)(16, column)"
                )
            )
        }
        return .success((name == "bucket" ? .bucket(count) : .truncate(count), column))
    }

    private static func trim(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        return start.prefix(
            upTo: start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex
        )
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count > 2, text.first == "\"", text.last == "\"" else { return String(text) }
        return text.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false)
            .joined(separator: "\"")
    }
}
