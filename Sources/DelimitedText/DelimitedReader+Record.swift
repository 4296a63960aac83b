extension DelimitedReader {
    /// How many fields the current record has; 0 where it has a fault.
    public var fieldCount: Int {
        fault == nil ? min(scanner.fields.count, expectedFields ?? .max) : 0
    }

    /// A field of the current record, without quotes and escapes.
    ///
    /// - Parameter index: From 0 to below ``fieldCount``.
    /// - Returns: Its bytes.
    public func field(_ index: Int) -> [UInt8] {
        let field = scanner.fields[index]
        let bytes = buffer[scanner.start + field.start..<scanner.start + field.end]
        return field.hasEscapes ? Self.unescaped(bytes, dialect.escape) : Array(bytes)
    }

    /// The exact text of the current record in UTF-8, without the line break at its end.
    ///
    /// Bytes that are nothing in the encoding are in it: as they are, or as `0xFF` where another encoding than UTF-8
    /// was declared. Of a record that is too long it is the beginning.
    public var raw: ArraySlice<UInt8> {
        scanner.fault == .lineTooLong ? longRaw.prefix(scanner.size) : buffer[scanner.start..<scanner.end]
    }

    /// The current record as values; bytes that are no text show as `U+FFFD`.
    public func record() -> TextRecord {
        TextRecord(
            number: number,
            fields: (0..<fieldCount).map { String(decoding: field($0), as: UTF8.self) },
            fault: fault,
            raw: String(decoding: raw, as: UTF8.self)
        )
    }

    /// The rest of the records as values, for texts that are known to be small.
    ///
    /// - Throws: What the source throws.
    public mutating func collect() throws -> [TextRecord] {
        var records: [TextRecord] = []
        while try next() { records.append(record()) }
        return records
    }

    /// Drops the escape before each escaped character.
    static func unescaped(_ bytes: ArraySlice<UInt8>, _ escape: UInt8?) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isEscaped = false
        for byte in bytes {
            if byte == escape, !isEscaped {
                isEscaped = true
            } else {
                result.append(byte)
                isEscaped = false
            }
        }
        return result
    }
}
