/// A record of a text, as values of its own.
public struct TextRecord: Hashable, Sendable {
    /// Its number, counted from 1; the header has none.
    public var number: Int
    /// Its fields; empty where there is a fault.
    public var fields: [String]
    /// Why it has no fields.
    public var fault: RecordFault?
    /// Its text without the line break at its end.
    public var raw: String

    /// Makes a record.
    public init(number: Int, fields: [String], fault: RecordFault? = nil, raw: String) {
        self.number = number
        self.fields = fields
        self.fault = fault
        self.raw = raw
    }
}
