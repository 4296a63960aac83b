import IngotCore

/// Reports names that are given twice.
enum Duplicates {
    /// Reports every name that stands twice; upper and lower case are the same name, as they are in SQL.
    static func report(_ names: [Located<String>], what: String, in reading: Reading) {
        var first: [String: Located<String>] = [:]
        for name in names {
            if let other = first[name.value.lowercased()] {
                reading.error(
                    .duplicateName,
                    "the \(what) \"\(name.value.abbreviated)\" is given twice, first on line "
                        + "\(other.location.line ?? 1)"
                        + (other.value == name.value ? "" : " as \"\(other.value.abbreviated)\""),
                    at: name.location
                )
            } else {
                first[name.value.lowercased()] = name
            }
        }
    }
}
