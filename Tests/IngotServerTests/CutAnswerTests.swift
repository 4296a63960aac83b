import IngotServer
import Testing

/// Clients append while a proxy cuts connections before, within and after requests and answers.
@Suite("Connections that are cut", .peers, .timeLimit(.minutes(30)))
struct CutAnswerTests {
    @Test("leave the rows of a client there once, or an error and none", arguments: ["pyiceberg", "duckdb"])
    func appends(client: String) async throws {
        try await ServedProject.with { project in
            try await Peer.run("cut_answers.py", [client, project.uri, Peer.extensions])
        }
    }
}
