import Iceberg
import Testing

@Suite("Files of this machine")
struct LocalFileIOTests {
    @Test(
        "Every form of a local location means its path",
        arguments: ["/a/b%20c", "file:/a/b%20c", "file:///a/b%20c", "file://localhost/a/b%20c", "FILE:///a/b%20c"]
    )
    func forms(location: String) {
        #expect(FileLocation.path(of: location) == "/a/b%20c")
    }

    @Test("Other locations have no local path", arguments: ["s3://b/k", "a/b", "file:a", "file://host/a", ""])
    func others(location: String) {
        #expect(FileLocation.path(of: location) == nil)
    }

    @Test("A file is created once, read, measured and removed")
    func files() async throws {
        let io = LocalFileIO()
        let root = "/tmp/ingot-iceberg-\(IcebergUUID.random())"
        let path = "file://\(root)/deep/er/file"
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try await io.create(path, bytes)
        #expect(try await io.read("\(root)/deep/er/file") == bytes)
        #expect(try await io.size(of: path) == 100_000)
        let again = try await #require(throws: IcebergError.self) { try await io.create(path, [1]) }
        #expect(again.code == .fileAlreadyExists)
        #expect(try await io.read(path) == bytes)
        try await io.delete(path)
        try await io.delete(path)
        #expect(try await io.size(of: path) == nil)
        let missing = try await #require(throws: IcebergError.self) { try await io.read(path) }
        #expect(missing.code == .fileNotFound)
        await #expect(throws: IcebergError.self) { try await io.read(root) }
        await #expect(throws: IcebergError.self) { try await io.read("s3://b/k") }
    }
}
