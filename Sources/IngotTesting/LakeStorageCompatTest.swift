public import IngotCore
public import Testing

/// What every ``LakeStorage`` must keep.
///
/// An adapter runs each case over a lake of its own that is empty.
public struct LakeStorageCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any LakeStorage) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any LakeStorage) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over an empty lake, recording issues with Swift Testing.
    public func run(_ storage: some LakeStorage) async throws {
        try await body(storage)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// Every case.
    public static let cases = [
        LakeStorageCompatTest("A file is read as it was written, and replaced whole") { lake in
            let place = lake.root + "/silver/t/metadata/v1.json"
            let bytes = ObjectStoreCompatTest.pattern(100_000)
            try await lake.write(bytes, to: place)
            #expect(try await lake.read(place).elementsEqual(bytes))
            #expect(try await lake.size(of: place) == 100_000)
            try await lake.write([1, 2], to: place)
            try await lake.sync([place])
            #expect(try await lake.read(place) == [1, 2])
            #expect(try await lake.size(of: place) == 2)
            try await lake.write([], to: place)
            #expect(try await lake.read(place).isEmpty)
            #expect(try await lake.size(of: place) == 0)
        },
        LakeStorageCompatTest("A file that is not there has no size, cannot be read, and may be deleted") { lake in
            let place = lake.root + "/silver/none.parquet"
            #expect(try await lake.size(of: place) == nil)
            await #expect(throws: IngotError.self) { try await lake.read(place) }
            try await lake.delete([place])
            try await lake.write([1], to: place)
            try await lake.delete([place, place])
            #expect(try await lake.size(of: place) == nil)
        },
        LakeStorageCompatTest("Staged files come to their places, and replace what is there") { lake in
            let folder = try await lake.makeStagingFolder("load")
            let (first, second) = (lake.root + "/silver/t/data/day=1/a.parquet", lake.root + "/silver/t/data/b.parquet")
            try await lake.write([9], to: second)
            try await lake.write([1], to: folder + "/x/1")
            try await lake.write([2], to: folder + "/2")
            try await lake.promote([
                StagedMove(from: folder + "/x/1", to: first), StagedMove(from: folder + "/2", to: second),
            ])
            try await lake.sync([first, second])
            #expect(try await lake.read(first) == [1])
            #expect(try await lake.read(second) == [2])
            #expect(try await lake.size(of: folder + "/2") == nil)
        },
        LakeStorageCompatTest("A staging folder is new whenever it is made, and gone with all that is in it") { lake in
            let folder = try await lake.makeStagingFolder("load")
            try await lake.write([1], to: folder + "/deep/a")
            #expect(try await lake.makeStagingFolder("load") == folder)
            #expect(try await lake.content(of: folder) == FolderContent())
            try await lake.write([1], to: folder + "/deep/a")
            try await lake.removeAbandonedStagingFolders()
            #expect(try await lake.size(of: folder + "/deep/a") == 1)
            try await lake.removeStagingFolder("load")
            #expect(try await lake.size(of: folder + "/deep/a") == nil)
            try await lake.removeStagingFolder("load")
        },
        LakeStorageCompatTest("What lies in a folder is told in order, whatever its names are") { lake in
            let folder = lake.root + "/silver/t"
            #expect(try await lake.content(of: folder) == FolderContent())
            let names = ["10", "9", "a b", "a%20b", "a'b\"", "\u{FC}", "\u{1F600}"]
            for name in names.reversed() {
                try await lake.write([1], to: "\(folder)/\(name)")
                try await lake.write([1], to: "\(folder)/in \(name)/file")
            }
            let content = try await lake.content(of: folder)
            #expect(content.files == names)
            #expect(content.folders == names.map { "in \($0)" })
        },
    ]
}
