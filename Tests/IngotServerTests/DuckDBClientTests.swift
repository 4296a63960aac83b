import Foundation
import IngotEngine
import IngotServer
import Testing

/// DuckDB with its iceberg extension as a client in a process of its own.
@Suite("DuckDB as a client", .peers, .timeLimit(.minutes(30)))
struct DuckDBClientTests {
    @Test("creates, inserts, updates, deletes, merges, alters, travels in time, and commits several tables at once")
    func statements() async throws {
        try await ServedProject.with { project in
            try await Peer.run("duckdb_client.py", [project.uri, Peer.extensions])
        }
    }

    @Test("is let in with its token")
    func token() async throws {
        let token = "only-for-this-test"
        try await ServedProject.with(access: AccessPolicy(token: AccessToken(token))) { project in
            try await Peer.run("duckdb_client.py", [project.uri, Peer.extensions, token])
            #expect(!project.log.lines.contains { $0.contains(token) })
        }
    }
}
