import IngotCore

extension Literal {
    /// Whether the value can be one of that type, as far as its text tells.
    func fits(_ type: DataType) -> Bool {
        switch type {
        case .boolean: kind == .boolean || text.lowercased() == "true" || text.lowercased() == "false"
        case .integer: Int32(text) != nil
        case .bigint: Int64(text) != nil
        case .float, .double, .decimal: Numbers.isNumber(text)
        case .date: Self.isDate(text[...])
        case .timestamp, .timestamptz: Self.isDate(text.prefix(10)) && (text.count == 10 || text.count >= 16)
        case .time: text.contains(":")
        default: true
        }
    }

    /// `YYYY-MM-DD`, with a month and a day that can be.
    static func isDate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy(Numbers.isInteger),
            let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// Reports a value that cannot be one of the column's type.
    func check(fits type: DataType, key: String, in reading: Reading) {
        guard !fits(type) else { return }
        reading.error(
            .invalidValue,
            "\(key): \"\(text.abbreviated)\" is not a value of the type \(type)",
            at: location
        )
    }
}
