import DuckDB
import Testing

@testable import IngotEngine

/// The databases behind the connections of an engine.
struct QueryEngineTests {
    @Test func `After so many connections a new database takes the old one's place, which serves those it has`()
        async throws
    {
        try await TestProject([:]).withEngine { engine in
            let queries = QueryEngine(engine.services, connectionCountMax: 2)
            let first = try await queries.connect()
            try await first.execute("CREATE TABLE old AS SELECT 1 AS number")
            let second = try await queries.connect()
            #expect(try await second.query("SELECT number FROM old").scalar(as: Int.self) == 1)
            await second.close()
            let third = try await queries.connect()
            let tables = try await third.query("SELECT count(*) FROM duckdb_tables()").scalar(as: Int.self)
            #expect(tables == 0)
            #expect(try await first.query("SELECT number FROM old").scalar(as: Int.self) == 1)
            // Threads are set where the connection is.
            try await queries.setParallel(false, first)
            let ofFirst = try await first.query("SELECT current_setting('threads')").scalar(as: Int.self)
            #expect(ofFirst == 1)
            let one = try await third.query("SELECT current_setting('threads')").scalar(as: Int.self)
            try await queries.setParallel(false, third)
            try await queries.setParallel(true, third)
            #expect(try await third.query("SELECT current_setting('threads')").scalar(as: Int.self) == one)
            await first.close()
            await third.close()
            await queries.close()
        }
    }

    @Test func `Connections that are asked for at once get one database`() async throws {
        try await TestProject([:]).withEngine { engine in
            let queries = QueryEngine(engine.services)
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let connection = try await queries.connect()
                        try await connection.execute("CREATE TABLE t\(number) (i INTEGER)")
                        await connection.close()
                        return true
                    }
                }
                return try await group.reduce(into: 0) { count, _ in count += 1 }
            }
            let last = try await queries.connect()
            let tables = try await last.query("SELECT count(*) FROM duckdb_tables()").scalar(as: Int.self)
            #expect(tables == made)
            await last.close()
            await queries.close()
        }
    }
}
