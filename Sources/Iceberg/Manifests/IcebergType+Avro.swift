import JSONTree

extension IcebergType {
    /// How many bytes Avro needs for a decimal of this precision.
    var avroDecimalSize: Int {
        guard case .decimal(let precision, _) = self else { return 0 }
        let largest = (0..<precision).reduce(Int128(1)) { value, _ in value * 10 } - 1
        return largest.minimalBigEndianBytes.count
    }

    /// The Avro type of a partition value.
    var avroSchema: AvroSchema {
        switch self {
        case .boolean: AvroSchema(.boolean)
        case .int: AvroSchema(.int)
        case .long: AvroSchema(.long)
        case .float: AvroSchema(.float)
        case .double: AvroSchema(.double)
        case .decimal(let precision, let scale):
            AvroSchema(
                .fixed(name: "decimal_\(precision)_\(scale)", size: avroDecimalSize),
                attributes: ["logicalType": "decimal", "precision": JSON(precision), "scale": JSON(scale)]
            )
        case .date: AvroSchema(.int, attributes: ["logicalType": "date"])
        case .time: AvroSchema(.long, attributes: ["logicalType": "time-micros"])
        case .timestamp:
            AvroSchema(.long, attributes: ["logicalType": "timestamp-micros", "adjust-to-utc": false])
        case .timestamptz:
            AvroSchema(.long, attributes: ["logicalType": "timestamp-micros", "adjust-to-utc": true])
        case .string: AvroSchema(.string)
        case .uuid: AvroSchema(.fixed(name: "uuid_fixed", size: 16), attributes: ["logicalType": "uuid"])
        case .fixed(let length): AvroSchema(.fixed(name: "fixed_\(length)", size: length))
        case .binary, .struct, .list, .map: AvroSchema(.bytes)
        }
    }
}

extension AvroSchema {
    /// The Iceberg type that a partition value of this schema has.
    var icebergType: IcebergType {
        let schema = unwrapped
        let logicalType = schema.attributes["logicalType"]?.stringValue
        switch schema.kind {
        case .boolean: return .boolean
        case .int: return logicalType == "date" ? .date : .int
        case .long:
            switch logicalType {
            case "time-micros": return .time
            case "timestamp-micros":
                return schema.attributes["adjust-to-utc"]?.boolValue == true ? .timestamptz : .timestamp
            default: return .long
            }
        case .float: return .float
        case .double: return .double
        case .string: return .string
        case .fixed(_, let size):
            if logicalType == "uuid" { return .uuid }
            if logicalType == "decimal", let precision = schema.attributes["precision"]?.intValue {
                return .decimal(precision: precision, scale: schema.attributes["scale"]?.intValue ?? 0)
            }
            return .fixed(length: size)
        default: return .binary
        }
    }
}

enum AvroNames {
    /// A name that Avro takes: letters, digits and underscores only, other characters by their number.
    static func compatible(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
            let isDigit = ("0"..."9").contains(scalar)
            if isLetter || (isDigit && !result.isEmpty) {
                result.unicodeScalars.append(scalar)
            } else if isDigit {
                result += "_\(scalar)"
            } else {
                result += "_x" + String(scalar.value, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
