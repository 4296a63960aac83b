import IngotEngine
import IngotServer
import Testing

/// pyiceberg, the Python implementation of Iceberg, as a client in a process of its own.
@Suite("pyiceberg as a client", .peers, .timeLimit(.minutes(30)))
struct PyIcebergTests {
    @Test("creates, appends, evolves, travels in time, renames, drops and registers tables")
    func lifecycle() async throws {
        try await ServedProject.with { project in
            try await Peer.run("pyiceberg_lifecycle.py", [project.uri, project.lake])
        }
    }

    @Test("Appends of two processes at once are both there")
    func concurrentAppends() async throws {
        try await ServedProject.with { project in
            try await Peer.run("pyiceberg_append.py", [project.uri, "prepare", "0"])
            async let first = Peer.run("pyiceberg_append.py", [project.uri, "first", "12"])
            async let second = Peer.run("pyiceberg_append.py", [project.uri, "second", "12"])
            _ = try await (first, second)
            try await Peer.run("pyiceberg_append.py", [project.uri, "check", "12"])
        }
    }
}
