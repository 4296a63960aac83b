/// A function that SQL can call by its name.
///
/// Its value depends on the arguments only, because DuckDB asks as often as it likes, on any of its threads. A NULL among
/// them gives NULL without a call.
public struct ScalarFunction: Sendable {
    /// What is computed, by the types of the arguments; where nothing else is said, the result is an `INTEGER`.
    public enum Body: Sendable {
        /// Of a `BIGINT`.
        case bigint(@Sendable (Int64) -> Int32?)
        /// Of a `HUGEINT`.
        case hugeint(@Sendable (Int128) -> Int32?)
        /// Of a `BLOB`.
        case blob(@Sendable ([UInt8]) -> Int32?)
        /// Of a `VARCHAR`, in UTF-8.
        case text(@Sendable (Span<UInt8>) -> Int32?)
        /// Of two `VARCHAR`s, in UTF-8; the result is a `TIMESTAMP`, in microseconds since 1970.
        case timestamp(@Sendable (Span<UInt8>, Span<UInt8>) -> Int64?)
    }

    /// The name in SQL.
    public var name: String
    /// What is computed.
    public var body: Body

    /// Makes a function; it has to be registered.
    public init(name: String, body: Body) {
        self.name = name
        self.body = body
    }
}

extension Connection {
    /// Makes a function known to all connections of the database, for as long as it is open.
    ///
    /// - Throws: `DuckDBError` where the name is taken or no name.
    public func register(_ function: ScalarFunction) async throws {
        try await perform { session, _ in try session.register(function) }
    }
}
