/// Project files that lie in memory.
public struct InMemoryProjectFiles: ProjectFiles {
    private let files: [String: [UInt8]]

    /// Takes files as texts, by path.
    public init(_ files: [String: String]) {
        self.files = files.mapValues { Array($0.utf8) }
    }

    /// Takes files as bytes, by path.
    public init(bytes files: [String: [UInt8]]) {
        self.files = files
    }

    /// The paths under a folder.
    public func paths(under folder: String) -> [String] {
        files.keys.filter { folder.isEmpty ? !$0.contains("/") : $0.hasPrefix(folder + "/") }.sorted()
    }

    /// The bytes of a file.
    public func contents(of path: String, limit: Int) -> [UInt8]? {
        files[path].map { Array($0.prefix(limit + 1)) }
    }
}
