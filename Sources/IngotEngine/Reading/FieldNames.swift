/// The names by which a contract finds the fields of delimited text.
package enum FieldNames {
    /// What stands before the number of a repeated name.
    static let duplicateMark = "#"

    /// Names for all fields of a header: empty ones by their position, repeated ones with a number.
    package static func distinct(_ header: [String]) -> [String] {
        var seen: [String: Int] = [:]
        return header.enumerated().map { number, name in
            let base = name.trimmingBlanks().isEmpty ? "column_\(number + 1)" : name
            seen[base, default: 0] += 1
            let count = seen[base] ?? 1
            return count == 1 ? base : "\(base)\(duplicateMark)\(count)"
        }
    }

    /// Whether a name stands for several fields of a header whose names ``distinct(_:)`` made.
    package static func isAmbiguous(_ name: String, among names: [String]) -> Bool {
        // A second field of a name got a suffix; the first has it as it is.
        names.contains(name) && names.contains { $0.hasPrefix(name + duplicateMark) }
    }
}
