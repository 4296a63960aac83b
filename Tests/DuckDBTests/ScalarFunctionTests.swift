import DuckDB
import Testing

@Suite("Functions that SQL calls") struct ScalarFunctionTests {
    @Test("Each type of argument arrives whole, NULL stays NULL, in constants and over many chunks")
    func types() async throws {
        try await withConnection { (connection) async throws in
            try await connection.register(
                ScalarFunction(name: "low", body: .bigint { Int32(truncatingIfNeeded: $0 % 1000) })
            )
            try await connection.register(ScalarFunction(name: "sign_of", body: .hugeint { Int32($0.signum()) }))
            try await connection.register(
                ScalarFunction(name: "bytes_of", body: .blob { $0.isEmpty ? nil : Int32($0.count) })
            )
            let row = try await connection.query(
                """
                SELECT low(-9223372036854775808) = -808, low(NULL) IS NULL,
                  sign_of('-170141183460469231731687303715884105728'::HUGEINT) = -1, sign_of(0::HUGEINT) = 0,
                  bytes_of(encode(repeat('x', 13))) = 13, bytes_of(encode('')) IS NULL
                """
            )
            #expect(row.map { $0.values } == [[Value](repeating: .boolean(true), count: 6)])
            let counts = try await connection.query(
                """
                SELECT count(*) FILTER (low(n) = i % 1000), count(*) FILTER (low(n) IS NULL AND n IS NULL)
                FROM (SELECT i, CASE WHEN i % 3 > 0 THEN i END AS n FROM range(300000) AS t(i))
                """
            )
            #expect(counts.map { $0.values } == [[.bigint(200_000), .bigint(100_000)]])
        }
    }

    @Test("Texts arrive as their bytes, short and long ones, one or two at a time")
    func texts() async throws {
        try await withConnection { (connection) async throws in
            try await connection.register(
                ScalarFunction(name: "size_of", body: .text { $0.isEmpty ? nil : Int32($0.count) })
            )
            try await connection.register(
                ScalarFunction(
                    name: "meets",
                    body: .timestamp { one, other in
                        one.count == other.count ? Int64(one[one.count - 1]) * 1_000_000 : nil
                    }
                )
            )
            let row = try await connection.query(
                """
                SELECT size_of('é') = 2, size_of(repeat('x', 100000)) = 100000, size_of('') IS NULL,
                  size_of(NULL) IS NULL, meets('ab', 'cd') = TIMESTAMP '1970-01-01 00:01:38', meets('ab', 'c') IS NULL,
                  meets('ab', NULL) IS NULL, meets(NULL, 'ab') IS NULL
                """
            )
            #expect(row.map { $0.values } == [[Value](repeating: .boolean(true), count: 8)])
            let counts = try await connection.query(
                """
                SELECT count(*) FILTER (size_of(t) = i % 30 + 1), count(*) FILTER (size_of(t) IS NULL),
                  count(meets(t, repeat('y', 5)))
                FROM (SELECT i, CASE WHEN i % 3 > 0 THEN repeat('x', i % 30 + 1) END AS t FROM range(300000) AS t(i))
                """
            )
            #expect(counts.map { $0.values } == [[.bigint(200_000), .bigint(100_000), .bigint(10_000)]])
        }
    }

    @Test("A function is there on every connection of its database, and ends with it")
    func everywhere() async throws {
        final class Witness: Sendable {
            let answer: Int32 = 7
        }
        weak var seen: Witness?
        do {
            let witness = Witness()
            seen = witness
            let database = try await Database()
            let first = try await database.connect()
            try await first.register(
                ScalarFunction(name: "kept", body: .bigint { $0 == 1 ? witness.answer : 8 })
            )
            await first.close()
            let second = try await database.connect()
            #expect(try await second.query("SELECT kept(1)").scalar(as: Int.self) == 7)
            await second.close()
            await database.close()
        }
        #expect(seen == nil)
    }

    @Test("A name with a NUL is refused")
    func badName() async throws {
        try await withConnection { (connection) async throws in
            let error = await duckDBError {
                try await connection.register(ScalarFunction(name: "a\0b", body: .bigint { _ in nil }))
            }
            #expect(error != nil)
        }
    }
}
