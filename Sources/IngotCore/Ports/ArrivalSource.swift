/// Tells which files exist under a source.
public protocol ArrivalSource: Sendable {
    /// Lists the files, page by page, so that a folder of any size fits in memory.
    ///
    /// - Parameter root: The folder or file that the source names, resolved.
    /// - Returns: The pages; they end with an `IngotError` if the root cannot be listed at all.
    func files(under root: String) -> AsyncThrowingStream<ArrivalPage, any Error>

    /// Looks at single files, by key.
    ///
    /// - Parameters:
    ///   - keys: The keys, as ``files(under:)`` lists them.
    ///   - root: The folder or file that the source names, resolved.
    /// - Returns: What is there, for every key.
    /// - Throws: `IngotError` if nothing can be looked at.
    func looks(at keys: [String], under root: String) async throws -> [String: ArrivalLook]

    /// Where the file of a key belongs, whether it is there or not.
    func location(of key: String, under root: String) async throws -> String
}

/// What is found under a key.
public enum ArrivalLook: Sendable {
    /// A file that can be read.
    case file(SourceFile)
    /// A file that somebody is still writing.
    case unfinished
    /// Nothing.
    case gone
    /// Something that cannot be looked at, or is no file.
    case unreadable(IngotError)
}

/// A piece of a listing.
public struct ArrivalPage: Sendable {
    /// Files that can be read.
    public var files: [SourceFile]
    /// What cannot be listed, each with its reason; the listing goes on without it.
    public var problems: [IngotError]
    /// What is there and can be no object, as a link that leads nowhere, until somebody changes it; by key, which shows
    /// what is no text as well as it can be shown.
    public var passedOver: [(key: String, reason: IngotError)]

    /// Makes a page.
    public init(
        files: [SourceFile] = [],
        problems: [IngotError] = [],
        passedOver: [(key: String, reason: IngotError)] = []
    ) {
        self.files = files
        self.problems = problems
        self.passedOver = passedOver
    }
}
