import DuckDB
import Testing

/// A statement that would run for minutes.
private let endless = "SELECT count(*) FROM range(100000000000) AS a(x) WHERE hash(x) % 7 = 3"

@Suite(.serialized, .timeLimit(.minutes(30))) struct ConcurrencyTests {
    @Test("Four statements that run at once leave Swift's own threads free")
    func poolIsFree() async throws {
        let database = try await Database(configuration: Database.Configuration(threads: 2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                let connection = try await database.connect()
                group.addTask {
                    await #expect(throws: CancellationError.self) { _ = try await connection.query(endless) }
                    await connection.close()
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            // All four run; the pool still turns over many small tasks.
            var turns = 0
            for _ in 0..<200 {
                turns += await Task.detached { 1 }.value
                await Task.yield()
            }
            #expect(turns == 200)
            group.cancelAll()
            try await group.waitForAll()
        }
        await database.close()
    }

    @Test("Cancelling interrupts a statement without end, and the connection goes on working")
    func cancelDuring() async throws {
        try await withConnection { (connection) async throws in
            for delay in [0, 1, 5, 50] {
                let task = Task { try await connection.query(endless) }
                try await Task.sleep(for: .milliseconds(delay))
                task.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                #expect(try await connection.query("SELECT 42").scalar(as: Int.self) == 42)
            }
        }
    }

    @Test("Cancelling at any moment of the start of a statement without end interrupts it")
    func cancelWhileStarting() async throws {
        try await withConnection { (connection) async throws in
            for round in 0..<300 {
                let task = Task { try await connection.query(endless) }
                for _ in 0..<(round * 40) { _ = ContinuousClock.now }
                task.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                #expect(try await connection.query("SELECT 42").scalar(as: Int.self) == 42)
            }
        }
    }

    @Test("A task that is cancelled before its statement starts never runs it")
    func cancelBefore() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t (i INTEGER)")
            // The first statement keeps the thread busy while the second waits, and is cancelled there.
            let first = Task { try await connection.query(endless) }
            try await Task.sleep(for: .milliseconds(50))
            let second = Task { try await connection.execute("INSERT INTO t VALUES (1)") }
            try await Task.sleep(for: .milliseconds(20))
            second.cancel()
            first.cancel()
            await #expect(throws: CancellationError.self) { _ = try await second.value }
            await #expect(throws: CancellationError.self) { _ = try await first.value }
            #expect(try await connection.query("SELECT count(*) FROM t").scalar(as: Int.self) == 0)
        }
    }

    @Test("Cancelling at any moment of a short statement gives its result or a cancellation, never another error")
    func cancelRaces() async throws {
        try await withConnection { (connection) async throws in
            var (cancelled, finished) = (0, 0)
            var spins = 0
            for round in 0..<300 {
                let task = Task { try await connection.query("SELECT sum(range) FROM range(100000)") }
                // Later and later, until the busiest machine gets to the end of one.
                spins = finished == 0 ? spins + spins / 8 + 200 : round * 200
                for _ in 0..<spins { _ = ContinuousClock.now }
                task.cancel()
                do {
                    let sum = try await task.value.scalar(as: Int.self)
                    #expect(sum == 4_999_950_000)
                    finished += 1
                } catch is CancellationError {
                    cancelled += 1
                }
                // Whatever came of it, an interrupt never reaches the next statement.
                let answer = try await connection.query("SELECT 42").scalar(as: Int.self)
                #expect(answer == 42)
            }
            #expect(cancelled > 0 && finished > 0)
        }
    }

    @Test("Interrupting from outside is an error that says so")
    func interrupt() async throws {
        try await withConnection { (connection) async throws in
            connection.interrupt()
            let task = Task { try await connection.query(endless) }
            try await Task.sleep(for: .milliseconds(100))
            connection.interrupt()
            let error = await duckDBError { _ = try await task.value }
            #expect(error?.isInterrupted == true)
            #expect(try await connection.query("SELECT 42").scalar(as: Int.self) == 42)
        }
    }

    @Test("Progress can be read while a statement runs")
    func progress() async throws {
        try await withConnection { (connection) async throws in
            #expect(connection.progress == nil)
            try await connection.execute("CREATE TABLE t AS SELECT range AS x FROM range(3000000)")
            let task = Task {
                try await connection.query("SELECT count(*) FROM t AS a, t AS b WHERE hash(a.x, b.x) % 7 = 3")
            }
            var seen: Progress?
            for _ in 0..<400 where seen == nil {
                try await Task.sleep(for: .milliseconds(5))
                seen = connection.progress
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            let progress = try #require(seen)
            #expect((0...100).contains(progress.percentage))
            #expect(connection.progress == nil)
        }
    }

    @Test("Statements of one connection run in order; connections do not wait for each other")
    func order() async throws {
        let database = try await Database()
        let busy = try await database.connect()
        let free = try await database.connect()
        let task = Task { try await busy.query(endless) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(try await free.query("SELECT 42").scalar(as: Int.self) == 42)
        task.cancel()
        _ = try? await task.value
        await busy.close()
        await free.close()
        await database.close()
    }

    @Test("A closed connection, or database, says so")
    func closed() async throws {
        let database = try await Database()
        let connection = try await database.connect()
        await database.close()
        await database.close()
        // The connection holds the database open.
        #expect(try await connection.query("SELECT 42").scalar(as: Int.self) == 42)
        #expect(await duckDBError { _ = try await database.connect() }?.kind == .connection)
        await connection.close()
        await connection.close()
        #expect(await duckDBError { _ = try await connection.query("SELECT 1") }?.kind == .connection)
    }

    @Test("A file can be opened again as soon as it is closed, and by letting go of it")
    func reopen() async throws {
        try await withTemporaryDirectory { folder in
            let configuration = Database.Configuration(path: folder + "/test.db")
            for round in 0..<3 {
                let database = try await Database(configuration: configuration)
                let connection = try await database.connect()
                try await connection.execute("CREATE TABLE t\(round) (i INTEGER)")
                await connection.close()
                if round < 2 {
                    await database.close()
                }
            }
            try await withConnection(Database.Configuration(path: folder + "/test.db", isReadOnly: true)) {
                (connection) async throws in
                let tables = try await connection.query("FROM duckdb_tables()")
                #expect(tables.count == 3)
                #expect(await duckDBError { try await connection.execute("DROP TABLE t0") }?.kind == .invalidInput)
            }
        }
    }

    @Test("Threads end with their connections", .enabled(if: threadCount() != nil))
    func threads() async throws {
        let database = try await Database()
        let before = try #require(threadCount())
        for _ in 0..<100 {
            let connection = try await database.connect()
            _ = try await connection.query("SELECT 1")
            // Half of them are let go of without a close.
            if Bool.random() {
                await connection.close()
            }
        }
        try await Task.sleep(for: .milliseconds(200))
        let after = try #require(threadCount())
        #expect(after < before + 20)
        await database.close()
    }
}
