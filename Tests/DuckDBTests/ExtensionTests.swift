import DuckDB
import Foundation
import Testing

@Suite(.serialized) struct ExtensionTests {
    @Test(
        "The extensions load from their folder, without a network",
        arguments: ["avro", "httpfs", "iceberg", "aws", "postgres_scanner", "mysql_scanner"]
    )
    func load(_ name: String) async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("LOAD \(name)")
            let sql = "SELECT loaded, install_path FROM duckdb_extensions() WHERE extension_name = ?"
            let row = try #require(try await connection.query(sql, [.varchar(name)]).first)
            #expect(try row.bool("loaded"))
            let folder = try #require(ExtensionDirectory.locate())
            #expect(try row.string("install_path").hasPrefix(folder))
        }
    }

    @Test("The folder is the configured one, else the environment's, else an installed copy's, else a checkout's")
    func places() async throws {
        try await withTemporaryDirectory { folder in
            let root = URL(filePath: folder).resolvingSymlinksInPath()
            let image = root.appending(path: "prefix/.build/debug/ingot").path()
            #expect(ExtensionDirectory.locate(image: image, environment: "/given") == "/given")
            #expect(ExtensionDirectory.locate(image: "/nowhere/bin/ingot", environment: "") == nil)
            let checkout = root.appending(path: "prefix/.native/extensions")
            try FileManager.default.createDirectory(at: checkout, withIntermediateDirectories: true)
            #expect(ExtensionDirectory.locate(image: image, environment: nil) == checkout.path())
            let installed = root.appending(path: "prefix/.build/lib/duckdb/extensions")
            try FileManager.default.createDirectory(at: installed, withIntermediateDirectories: true)
            #expect(ExtensionDirectory.locate(image: image, environment: nil) == installed.path())
        }
    }

    @Test("An extension that is not there is an error, not a download")
    func missing() async throws {
        try await withTemporaryDirectory { folder in
            try await withConnection(Database.Configuration(extensionDirectory: folder)) { (connection) async throws in
                let loading = await duckDBError { try await connection.execute("LOAD iceberg") }
                #expect(loading?.kind == .io)
                let autoloading = await duckDBError { _ = try await connection.query("FROM read_avro('x.avro')") }
                #expect(autoloading?.message.contains("avro") == true)
            }
        }
    }

    @Test("Avro files are written and read back, as Iceberg's manifests need it")
    func avro() async throws {
        try await withTemporaryDirectory { folder in
            try await withConnection { (connection) async throws in
                let path = SQL.literal(folder + "/x.avro")
                let fields = "FIELD_IDS {a: 1, b: {__duckdb_field_id: 2, list: 3}}"
                try await connection.execute("COPY (SELECT 1 AS a, ['x'] AS b) TO \(path) (FORMAT avro, \(fields))")
                let row = try #require(try await connection.query("FROM read_avro(\(path))").first)
                #expect(row.values == [.integer(1), .list(["x"])])
            }
        }
    }
}
