/// One piece of a listing.
public struct ObjectPage: Sendable {
    /// Objects, in the order of their keys.
    public var objects: [ObjectMetadata]
    /// What stands in the store but cannot be listed as an object, each named.
    ///
    /// A folder without permission, a name that is not UTF-8, a link that leaves the store. The listing goes on
    /// without it; the caller says so to the user.
    public var problems: [ObjectStoreError]

    /// Makes a page.
    public init(objects: [ObjectMetadata] = [], problems: [ObjectStoreError] = []) {
        self.objects = objects
        self.problems = problems
    }
}

/// The objects of a store or folder, page by page, in the order of their keys' bytes.
///
/// Read it once, in one task. A page is made only when asked for.
public struct ObjectListing: AsyncSequence, Sendable {
    /// A piece of the listing.
    public typealias Element = ObjectPage

    /// Gives the next page, or `nil` after the last.
    public typealias Next = () async throws -> ObjectPage?

    /// Walks over the pages.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let nextPage: Next

        fileprivate init(_ next: @escaping Next) {
            nextPage = next
        }

        /// The next page, or `nil` after the last.
        public mutating func next() async throws -> ObjectPage? {
            try await nextPage()
        }
    }

    private let makeNext: @Sendable () -> Next

    /// A listing that is made page by page; the closure starts it.
    public init(_ makeNext: @escaping @Sendable () -> Next) {
        self.makeNext = makeNext
    }

    /// Starts at the first page.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(makeNext())
    }

    /// All pages as one.
    ///
    /// For folders that are known to be small: a listing may have millions of entries.
    public func collect() async throws -> ObjectPage {
        var all = ObjectPage()
        for try await page in self {
            all.objects += page.objects
            all.problems += page.problems
        }
        return all
    }
}

@available(*, unavailable)
extension ObjectListing.AsyncIterator: Sendable {}
