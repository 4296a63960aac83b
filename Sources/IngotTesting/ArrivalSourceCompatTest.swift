public import IngotCore
public import Testing

/// What every ``ArrivalSource`` must keep.
///
/// An adapter runs each case over a root of its own, which does not exist before the case has written to it.
public struct ArrivalSourceCompatTest: Sendable, CustomTestStringConvertible {
    /// Puts a whole file under the root.
    public typealias Write = @Sendable (_ key: String, _ bytes: [UInt8]) async throws -> Void

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any ArrivalSource, String, Write) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any ArrivalSource, String, Write) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case, recording issues with Swift Testing.
    public func run(_ source: some ArrivalSource, root: String, writing write: Write) async throws {
        try await body(source, root, write)
    }

    /// What the case shows.
    public var testDescription: String { name }

    private static func listed(_ source: any ArrivalSource, _ root: String) async throws -> [SourceFile] {
        var files: [SourceFile] = []
        for try await page in source.files(under: root) {
            #expect(page.problems.isEmpty)
            files += page.files
        }
        return files
    }

    /// Every case.
    public static let cases = [
        ArrivalSourceCompatTest("Files are listed at any depth, whatever their names are") { source, root, write in
            let keys = ["a.csv", "day=1/b.csv", "day=1/deep/c.csv", "sp ace/\u{FC} 'q' 100%.csv", "z"]
            for (number, key) in keys.enumerated() {
                try await write(key, [UInt8](repeating: 7, count: number))
            }
            let files = try await listed(source, root)
            #expect(files.map(\.key).sorted() == keys.sorted())
            for file in files {
                #expect(file.size == Int64(keys.firstIndex(of: file.key) ?? -1))
                #expect(try await source.location(of: file.key, under: root) == file.location)
            }
        },
        ArrivalSourceCompatTest("A mark stays while the file does, and changes with it") { source, root, write in
            try await write("a.csv", [1])
            try await write("b.csv", [1])
            let before = try await listed(source, root)
            try await write("b.csv", [2, 3])
            let after = try await listed(source, root)
            let marks = { (files: [SourceFile], key: String) in files.first { $0.key == key }?.entityTag }
            #expect(marks(before, "a.csv") == marks(after, "a.csv"))
            #expect(marks(before, "b.csv") != marks(after, "b.csv"))
        },
        ArrivalSourceCompatTest("A look sees what a listing does") { source, root, write in
            try await write("in/a.csv", [1, 2])
            let listed = try #require(try await listed(source, root).first)
            let looks = try await source.looks(at: ["in/a.csv", "none.csv"], under: root)
            guard case .file(let file)? = looks["in/a.csv"], case .gone? = looks["none.csv"] else {
                Issue.record("\(looks)")
                return
            }
            #expect(file == listed)
        },
        ArrivalSourceCompatTest("More files than a page holds come, each once") { source, root, write in
            for number in 0..<2_500 { try await write("\(number % 7)/\(number).csv", []) }
            var pages = 0
            var keys: [String] = []
            for try await page in source.files(under: root) {
                pages += 1
                keys += page.files.map(\.key)
            }
            #expect(pages > 1)
            #expect(keys.count == 2_500)
            #expect(Set(keys).count == 2_500)
        },
        ArrivalSourceCompatTest("A root that is not there is an error of its own") { source, root, _ in
            do {
                _ = try await listed(source, root)
                Issue.record("there is no such root")
            } catch let error as IngotError {
                #expect(error.code == .objectNotFound)
            }
        },
    ]
}
