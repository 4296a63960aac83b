import Iceberg
import JSONTree
import Testing

/// A table written by another program, and what that program says of it (see Fixtures/make_fixtures.py).
struct Fixture {
    let files: TableFiles
    let metadata: TableMetadata
    let facts: JSON

    private static let folder = String(#filePath.dropLast("Support/Fixture.swift".count)) + "Fixtures/"

    static func bytes(_ name: String) async throws -> [UInt8] {
        try await LocalFileIO().read(folder + name)
    }

    init(_ name: String) async throws {
        facts = try JSON(parsing: try await Self.bytes("\(name)/facts.json"))
        let metadataName = try #require(facts["metadata"]?.stringValue)
        metadata = try TableMetadata(bytes: try await Self.bytes("\(name)/\(metadataName)"))
        let io = MemoryFileIO()
        files = TableFiles(io: io)
        // The files are asked for by the locations that are written in them.
        var wanted = metadata.snapshots.compactMap(\.manifestList)
        while let location = wanted.popLast() {
            let bytes = try await Self.bytes("\(name)/\(FileLocation.name(of: location))")
            if try await io.exists(location) { continue }
            try await io.create(location, bytes)
            if FileLocation.name(of: location).hasPrefix("snap-") {
                wanted += try ManifestReader.manifestList(bytes).map(\.path)
            }
        }
    }
}
