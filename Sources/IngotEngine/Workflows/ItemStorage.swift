public import StatesLanguage

/// Where Map states read items and write results.
///
/// An adapter passes `ItemStorageCompatTest`.
public protocol ItemStorage: Sendable {
    /// Reads a page of items: the first one, or the one that a continuation stands for, as often as it is asked for.
    ///
    /// - Throws: `ItemReadingError` where what is there are no items; what the store of the files throws.
    func items(_ request: ItemRequest) async throws -> ItemPage

    /// Writes files; writing one again replaces it.
    func write(_ request: ResultRequest) async throws
}

/// Some of the items of a Map state.
public struct ItemPage: Sendable, Hashable {
    /// The items.
    public var items: [MapItem]
    /// Where to go on; nil after the last page.
    public var continuation: String?

    /// Makes a page.
    public init(items: [MapItem], continuation: String?) {
        self.items = items
        self.continuation = continuation
    }
}
