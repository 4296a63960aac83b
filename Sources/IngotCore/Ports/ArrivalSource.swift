/// Tells which files exist under a source.
public protocol ArrivalSource: Sendable {
    /// Lists the files, page by page, so that a folder of any size fits in memory.
    ///
    /// - Parameter root: The folder or file that the source names, resolved.
    /// - Returns: The pages; they end with an `IngotError` if the root cannot be listed at all.
    func files(under root: String) -> AsyncThrowingStream<ArrivalPage, any Error>
}

/// A piece of a listing.
public struct ArrivalPage: Sendable {
    /// Files that can be read.
    public var files: [SourceFile]
    /// What cannot be listed, each with its reason; the listing goes on without it.
    public var problems: [IngotError]

    /// Makes a page.
    public init(files: [SourceFile] = [], problems: [IngotError] = []) {
        self.files = files
        self.problems = problems
    }
}
