extension PartitionSpec {
    /// The folder of a partition, as Hive writes it: `dt=2026-01-31/region=north`; empty without partition fields.
    ///
    /// Names and values are escaped like form data, so that any text is one path component.
    public func path(of values: [Literal?]) -> String {
        zip(fields, values).map { field, value in
            PartitionPath.escape(field.name) + "=" + PartitionPath.escape(field.transform.humanText(value))
        }.joined(separator: "/")
    }
}

enum PartitionPath {
    static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"),
                UInt8(ascii: "_"):
                escaped.append(byte)
            case UInt8(ascii: " "):
                escaped.append(UInt8(ascii: "+"))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped.append(contentsOf: ("%" + (byte < 16 ? "0" : "") + digits).utf8)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
