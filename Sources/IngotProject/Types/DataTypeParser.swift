import IngotCore

/// Reads a type's name as DuckDB's SQL writes it.
struct DataTypeParser {
    /// Why a text is no type.
    struct Problem: Error {
        var message: String
        var hint: String?
    }

    /// The names of the types, for messages.
    static let names = [
        "boolean", "integer", "bigint", "float", "double", "decimal(p,s)", "varchar", "date", "time", "timestamp",
        "timestamptz", "uuid", "blob", "json",
    ]

    private static let scalars: [String: DataType] = [
        "boolean": .boolean, "bool": .boolean, "logical": .boolean,
        "integer": .integer, "int": .integer, "int4": .integer, "int32": .integer, "signed": .integer,
        "bigint": .bigint, "long": .bigint, "int8": .bigint, "int64": .bigint,
        "float": .float, "real": .float, "float4": .float,
        "double": .double, "float8": .double, "double precision": .double,
        "varchar": .varchar, "text": .varchar, "string": .varchar, "char": .varchar, "bpchar": .varchar,
        "date": .date, "time": .time,
        "timestamp": .timestamp, "datetime": .timestamp, "timestamp without time zone": .timestamp,
        "timestamptz": .timestamptz, "timestamp with time zone": .timestamptz,
        "uuid": .uuid, "blob": .blob, "bytea": .blob, "binary": .blob, "varbinary": .blob, "json": .json,
    ]

    /// Types of DuckDB and others that Iceberg v2 does not have, with what to use instead.
    private static let substitutes: [String: String] = [
        "tinyint": "integer", "smallint": "integer", "int1": "integer", "int2": "integer", "short": "integer",
        "utinyint": "integer", "usmallint": "integer", "uinteger": "bigint", "ubigint": "decimal(20,0)",
        "hugeint": "decimal(38,0)", "uhugeint": "decimal(38,0)", "number": "decimal(p,s)", "money": "decimal(18,2)",
        "interval": "bigint", "enum": "varchar", "bit": "varchar", "timetz": "time",
        "timestamp_s": "timestamp", "timestamp_ms": "timestamp", "timestamp_ns": "timestamp", "variant": "json",
    ]

    private static let depthMax = 16

    private var rest: Substring
    private let whole: String

    /// The type that `text` names.
    static func parse(_ text: String) -> Result<DataType, Problem> {
        var parser = DataTypeParser(text)
        do throws(Problem) {
            let type = try parser.type(depth: 0)
            parser.skipBlanks()
            guard parser.rest.isEmpty else {
                throw Problem(message: "\"\(text.abbreviated)\" is not a data type: nothing can follow \(type)")
            }
            return .success(type)
        } catch {
            return .failure(error)
        }
    }

    private init(_ text: String) {
        whole = text
        rest = text[...]
    }

    private mutating func type(depth: Int) throws(Problem) -> DataType {
        guard depth < Self.depthMax else {
            throw Problem(message: "the data type lies more than \(Self.depthMax) deep in itself")
        }
        var type = try base(depth: depth)
        skipBlanks()
        while take("[") {
            guard take("]") else {
                throw Problem(message: "\"\(whole.abbreviated)\" is not a data type: a list is written type[]")
            }
            type = .list(type)
            skipBlanks()
        }
        return type
    }

    private mutating func base(depth: Int) throws(Problem) -> DataType {
        let name = words()
        switch name {
        case "decimal", "numeric", "dec": return try decimal()
        case "struct", "row": return try structure(depth: depth)
        case "map":
            let types = try arguments(of: name, depth: depth)
            guard types.count == 2, types[0].isScalar else {
                throw Problem(message: "a map takes a key type and a value type", hint: "map(varchar, bigint)")
            }
            return .map(key: types[0], value: types[1])
        case "list", "array":
            let types = try arguments(of: name, depth: depth)
            guard types.count == 1 else {
                throw Problem(message: "a list takes one type", hint: "varchar[]")
            }
            return .list(types[0])
        default: break
        }
        guard let type = Self.scalars[name] else { throw unknown(name) }
        skipLength(of: type)
        return type
    }

    private func unknown(_ name: String) -> Problem {
        let known = Self.names.joined(separator: ", ") + ", type[], struct(name type, ...), map(key, value)"
        if let substitute = Self.substitutes[name] {
            return Problem(message: "Iceberg tables have no type \"\(name)\"; types: \(known)", hint: substitute)
        }
        return Problem(
            message: "\"\(whole.abbreviated)\" is not a data type; types: \(known)",
            hint: NearestMatch.find(name, among: Self.scalars.keys.sorted())
        )
    }

    private mutating func decimal() throws(Problem) -> DataType {
        let hint = "decimal(18,2)"
        guard take("(") else {
            throw Problem(message: "a decimal needs its digits and those after the point", hint: hint)
        }
        let precision = integer()
        var scale: Int? = 0
        if take(",") { scale = integer() }
        guard let precision, let scale, take(")"), (1...38).contains(precision), (0...precision).contains(scale) else {
            throw Problem(
                message: "\"\(whole.abbreviated)\" is not a decimal(p,s) with p from 1 to 38 and s from 0 to p",
                hint: hint
            )
        }
        return .decimal(precision: precision, scale: scale)
    }

    private mutating func structure(depth: Int) throws(Problem) -> DataType {
        let problem = Problem(
            message: "\"\(whole.abbreviated)\" is not a struct: fields are written name type",
            hint: "struct(name varchar, age integer)"
        )
        guard take("(") || take("<") else { throw problem }
        var fields: [DataType.Field] = []
        repeat {
            guard let name = fieldName() else { throw problem }
            guard !fields.contains(where: { $0.name == name }) else {
                throw Problem(message: "the struct has two fields \"\(name.abbreviated)\"")
            }
            fields.append(DataType.Field(name: name, type: try type(depth: depth + 1)))
        } while take(",")
        guard take(")") || take(">") else { throw problem }
        return .structure(fields)
    }

    private mutating func arguments(of name: String, depth: Int) throws(Problem) -> [DataType] {
        guard take("(") || take("<") else {
            throw Problem(message: "a \(name) needs its types in brackets", hint: "\(name)(varchar)")
        }
        var types = [try type(depth: depth + 1)]
        while take(",") { types.append(try type(depth: depth + 1)) }
        guard take(")") || take(">") else {
            throw Problem(message: "\"\(whole.abbreviated)\" is not a data type: a bracket is missing")
        }
        return types
    }

    // MARK: Tokens

    private mutating func skipBlanks() {
        rest = rest.drop { $0.isWhitespace }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard rest.first == character else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func word() -> String {
        skipBlanks()
        let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest = rest.dropFirst(word.count)
        return word.lowercased()
    }

    /// A type's name, which may be several words: `double precision`, `timestamp with time zone`.
    private mutating func words() -> String {
        let first = word()
        for name in Self.scalars.keys.sorted() where name.hasPrefix(first + " ") {
            let before = rest
            let others = name.split(separator: " ").dropFirst()
            if others.allSatisfy({ word() == $0 }) { return name }
            rest = before
        }
        return first
    }

    private mutating func integer() -> Int? {
        Int(word())
    }

    private mutating func fieldName() -> String? {
        skipBlanks()
        guard rest.first == "\"" else {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest.dropFirst(name.count)
            if rest.first == ":" { rest = rest.dropFirst() }
            return name.isEmpty ? nil : String(name)
        }
        rest = rest.dropFirst()
        var name = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                name.append(character)
            } else if rest.first == "\"" {
                name.append("\"")
                rest = rest.dropFirst()
            } else {
                return name.isEmpty ? nil : name
            }
        }
        return nil
    }

    /// `varchar(20)`: the length says nothing in DuckDB and Iceberg, and is allowed there.
    private mutating func skipLength(of type: DataType) {
        guard type == .varchar || type == .blob else { return }
        let before = rest
        if take("("), integer() != nil, take(")") { return }
        rest = before
    }
}
