/// What a column of SQLite's prefers to keep, which follows from the words of its type.
///
/// https://www.sqlite.org/datatype3.html#determination_of_column_affinity
enum SQLiteAffinity: String, Sendable {
    case integer = "INTEGER"
    case text = "TEXT"
    case blob = "BLOB"
    case real = "REAL"
    case numeric = "NUMERIC"

    init(type: String) {
        let words = type.uppercased()
        if words.contains("INT") {
            self = .integer
        } else if ["CHAR", "CLOB", "TEXT"].contains(where: words.contains) {
            self = .text
        } else if words.isEmpty || words.contains("BLOB") {
            self = .blob
        } else if ["REAL", "FLOA", "DOUB"].contains(where: words.contains) {
            self = .real
        } else {
            self = .numeric
        }
    }
}
