import IngotCore
import IngotProject
import Testing

@Suite("Loads of a project")
struct LoadTests {
    private static let configuration = "name: test\nconnections: {serving: {type: sqlite, path: s.db}}\n"
    private static let right = "load: a\nfrom: silver.users\nconnection: serving\ntable: users\n"

    private static func findings(_ load: String, _ more: [String: String] = [:]) -> String {
        Diagnosing.findings(
            ["ingot.yml": configuration, "pipelines/users.yml": Diagnosing.pipeline, "loads/a.yml": load]
                .merging(more) { $1 }
        )
    }

    @Test func `Rows are merged where there is a key, and else take the place of all`() throws {
        let project = try Diagnosing.project([
            "ingot.yml": Self.configuration, "pipelines/users.yml": Diagnosing.pipeline,
            "loads/a.yml": Self.right,
            "loads/b.yml": """
            load: b
            query: SELECT 1 AS id
            connection: serving
            table: app.users
            primary_key: id
            hard_delete: gone
            create: true
            """,
        ])
        let (first, second) = (try #require(project.load(named: "a")), try #require(project.load(named: "b")))
        #expect(first.writeDisposition == .replace && !first.creates && first.primaryKey.isEmpty)
        #expect(first.table.value == ServingTable(schema: nil, name: "users"))
        #expect(second.writeDisposition == .merge && second.creates && second.hardDelete?.value == "gone")
        #expect(second.table.value == ServingTable(schema: "app", name: "users"))
        #expect(project.loadNodes.map(\.name) == ["a", "b"])
    }

    @Test func `A load names a connection and a table that there are`() {
        #expect(Self.findings(Self.right).isEmpty)
        let connection = Self.findings(Self.right.replacing("connection: serving", with: "connection: servin"))
        #expect(connection.contains("loads/a.yml:3:13: error[ING0110]: there is no connection \"servin\""))
        #expect(connection.contains("try: serving"), "\(connection)")
        let table = Self.findings(Self.right.replacing("silver.users", with: "silver.user"))
        #expect(table.contains("loads/a.yml:2:7: error[ING0110]: there is no table \"silver.user\""), "\(table)")
        #expect(table.contains("try: silver.users"), "\(table)")
        let twice = Self.findings(Self.right, ["loads/b.yml": Self.right])
        #expect(twice.contains("the load \"a\" is declared twice"), "\(twice)")
    }

    @Test func `A load has one source, a key where it merges, and no deletions where it only adds`() {
        #expect(Self.findings(Self.right + "query: SELECT 1\n").contains("a load needs exactly one of from, query"))
        #expect(Self.findings(Self.right + "write_disposition: merge\n").contains("merge needs to know which columns"))
        let deletions = Self.findings(Self.right + "write_disposition: append\nhard_delete: gone\n")
        #expect(deletions.contains("loads/a.yml:6:1: error[ING0112]: append deletes no rows"), "\(deletions)")
        let word = Self.findings(Self.right + "write_disposition: upsert\n")
        #expect(word.contains("\"upsert\" is not one of: append, replace, merge"), "\(word)")
        let key = Self.findings(Self.right + "primary_key: id\ncolumns: [ids, name]\n")
        #expect(key.contains("primary_key: \"id\" is not among the columns that are loaded: ids, name"), "\(key)")
        let mark = Self.findings(Self.right + "primary_key: id\ncolumns: [id, gone]\nhard_delete: gone\n")
        #expect(mark.contains("the column of hard_delete is not loaded"), "\(mark)")
        let name = Self.findings(Self.right.replacing("table: users", with: "table: a.b.c"))
        #expect(name.contains("\"a.b.c\" is no name of a table here"), "\(name)")
    }

    @Test func `A task is bound to loads that there are`() {
        func bound(_ names: String) -> String {
            let workflows = "workflows: {bindings: {\"glue:job\": {load: \(names)}}}\n"
            return Self.findings(Self.right, ["ingot.yml": Self.configuration + workflows])
        }
        #expect(bound("a").isEmpty)
        #expect(bound("[a]").isEmpty)
        let unknown = bound("aa")
        #expect(unknown.contains("there is no load \"aa\"; loads: a") && unknown.contains("try: a"), "\(unknown)")
    }
}
