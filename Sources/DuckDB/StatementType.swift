/// What a statement does.
public struct StatementType: RawRepresentable, Sendable, Hashable {
    /// DuckDB's number for it.
    public let rawValue: UInt32

    /// Makes a type of DuckDB's number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// SELECT, FROM, VALUES, DESCRIBE, SHOW and the like: reads only.
    public static let select = StatementType(rawValue: 1)
    /// INSERT.
    public static let insert = StatementType(rawValue: 2)
    /// UPDATE.
    public static let update = StatementType(rawValue: 3)
    /// EXPLAIN; with ANALYZE it runs what it explains.
    public static let explain = StatementType(rawValue: 4)
    /// DELETE.
    public static let delete = StatementType(rawValue: 5)
    /// PREPARE.
    public static let prepare = StatementType(rawValue: 6)
    /// CREATE.
    public static let create = StatementType(rawValue: 7)
    /// EXECUTE.
    public static let execute = StatementType(rawValue: 8)
    /// ALTER.
    public static let alter = StatementType(rawValue: 9)
    /// BEGIN, COMMIT and ROLLBACK.
    public static let transaction = StatementType(rawValue: 10)
    /// COPY.
    public static let copy = StatementType(rawValue: 11)
    /// DROP.
    public static let drop = StatementType(rawValue: 15)
    /// PRAGMA.
    public static let pragma = StatementType(rawValue: 17)
    /// CALL, CHECKPOINT.
    public static let call = StatementType(rawValue: 19)
    /// SET, USE.
    public static let set = StatementType(rawValue: 20)
    /// LOAD and INSTALL.
    public static let load = StatementType(rawValue: 21)
    /// ATTACH.
    public static let attach = StatementType(rawValue: 25)
    /// DETACH.
    public static let detach = StatementType(rawValue: 26)
    /// MERGE INTO.
    public static let mergeInto = StatementType(rawValue: 30)
}
