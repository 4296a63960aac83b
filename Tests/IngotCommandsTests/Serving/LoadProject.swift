import Foundation
import JSONTree
import Testing

/// A project with one load, `orders`, into a table of its own name in a real database.
struct LoadProject: Sendable {
    let kind: ServingKind
    let project: TemporaryProject
    let probe: ServingProbe
    /// The table; servers are shared by tests, so that each has one of its own.
    let table: String
    let program: Program

    /// Settings are what the load says beside its name, connection and table; the seed is `seeds/orders.csv`.
    init(_ kind: ServingKind, _ settings: String, seed: String = "id,name\n1,a\n2,b\n") throws {
        self.kind = kind
        table = "t\(UUID().uuidString.prefix(8).lowercased())"
        project = try TemporaryProject([
            "ingot.yml": "name: accounts\nconnections:\n  \(kind.connection)\n",
            "seeds/orders.csv": seed,
            "loads/orders.yml": "load: orders\nconnection: serving\ntable: \(table)\n\(settings)\n",
        ])
        probe = ServingProbe(kind: kind, folder: project.folder)
        program = Program(
            folder: project.folder,
            variables: ["INGOT_SECRET_SERVING": ServingServerProcess.password]
        )
    }

    /// Runs the load, and gives what it says of it.
    func load(_ arguments: String...) async throws -> (status: Int32, report: JSON?, messages: String) {
        let program = program
        let outcome = try await apart { try program.run(list: ["load", "-o", "json"] + arguments) }
        return (outcome.status, try? JSON(parsing: outcome.output)[0], outcome.messages)
    }

    /// Expects that a load ends in a way.
    func expect(_ status: String, rows: Int? = nil, _ arguments: String...) async throws {
        let program = program
        let outcome = try await apart { try program.run(list: ["load", "-o", "json"] + arguments) }
        let report = try? JSON(parsing: outcome.output)[0]
        #expect(report?["status"]?.stringValue == status, "\(outcome.messages)")
        if let rows { #expect(report?["rows"]?.intValue == rows) }
    }

    /// The rows of the table.
    func rows(_ columns: String = "id, name") async throws -> [String] {
        try await probe.rows("SELECT \(columns) FROM \(kind.quoted(table)) ORDER BY 1")
    }
}
