/// Holds objects: named, immutable sequences of bytes that are written, read, replaced and removed as wholes.
///
/// What every adapter keeps, and `ObjectStoreCompatTest` tries to break:
/// - **Atomic.** A reader sees an object's old bytes or its new ones, whole, never a mixture or a part. A write that
///   fails or is cancelled leaves what was there.
/// - **Read your writes.** When ``put(_:at:if:)``, ``copy(_:to:if:)`` or ``delete(_:)`` returns, every later read and
///   listing shows it.
/// - **Durable.** When they return, the object survives a loss of power, unless the adapter was told to wait for
///   ``sync(_:)``.
/// - **One winner.** Of several writers with ``PutCondition/ifAbsent``, or with the same
///   ``PutCondition/ifMatches(_:)``, exactly one succeeds.
/// - **Bounded.** Bodies and listings are read piece by piece.
///
/// Errors are ``ObjectStoreError``. Folders are only prefixes of keys: an empty one is not visible.
public protocol ObjectStore: Sendable {
    /// Writes an object.
    ///
    /// - Returns: The object as it is now.
    /// - Throws: ``ObjectStoreError/Kind/preconditionFailed`` where the condition does not hold.
    @discardableResult
    func put(_ body: ObjectBody, at key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata

    /// Opens an object for reading.
    ///
    /// - Parameters:
    ///   - key: The object's name.
    ///   - range: Which of its bytes; `nil` for all.
    ///   - entityTag: The state that it must be in; `nil` for any.
    /// - Returns: The object, with a body that is read when it is asked for.
    /// - Throws: ``ObjectStoreError/Kind/notFound``; ``ObjectStoreError/Kind/preconditionFailed`` where the tag is
    ///   another; ``ObjectStoreError/Kind/invalidRange``. The body throws ``ObjectStoreError/Kind/changedWhileRead``
    ///   where the store cannot keep the opened state.
    func get(_ key: ObjectKey, range: ObjectRange?, ifMatches entityTag: String?) async throws -> ObjectContent

    /// Describes an object.
    ///
    /// - Throws: ``ObjectStoreError/Kind/notFound``.
    func head(_ key: ObjectKey) async throws -> ObjectMetadata

    /// Copies an object inside the store.
    ///
    /// - Returns: The copy.
    /// - Throws: ``ObjectStoreError/Kind/notFound`` for the source; ``ObjectStoreError/Kind/preconditionFailed``.
    @discardableResult
    func copy(_ source: ObjectKey, to key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata

    /// Removes an object; one that is not there is no error, so that a removal can be repeated.
    func delete(_ key: ObjectKey) async throws

    /// Lists objects in the order of their keys' bytes.
    ///
    /// Objects that come or go meanwhile may be in it or not; all others are in it exactly once.
    ///
    /// - Parameters:
    ///   - folder: Where to look, at any depth; `nil` for the whole store. One that does not exist is empty.
    ///   - key: Only later keys are listed; `nil` for all.
    /// - Returns: A listing that is made when it is asked for.
    func list(_ folder: ObjectKey?, after key: ObjectKey?) -> ObjectListing

    /// What a query engine opens to read or write the object: an absolute path or a URL.
    ///
    /// - Throws: ``ObjectStoreError/Kind/invalidKey`` or ``ObjectStoreError/Kind/notAnObject`` where the store cannot
    ///   hold the key.
    func location(of key: ObjectKey) async throws -> String

    /// Returns when the objects survive a loss of power, whoever wrote them: this store or a query engine.
    func sync(_ keys: [ObjectKey]) async throws
}

/// When a write goes ahead.
public enum PutCondition: Hashable, Sendable {
    /// Whatever is there.
    case always
    /// Only where there is no such object.
    case ifAbsent
    /// Only where the object's entity tag is this one.
    case ifMatches(String)
}

/// Which bytes of an object to read.
public enum ObjectRange: Hashable, Sendable {
    /// From one offset up to another, which may lie beyond the end.
    case bytes(Range<Int64>)
    /// From an offset to the end.
    case from(Int64)
    /// The last bytes, or all where there are fewer.
    case last(Int64)

    /// The offsets in an object of the given size; `nil` where the range is negative, empty or starts at or beyond
    /// the end.
    public func resolved(size: Int64) -> Range<Int64>? {
        let start: Int64
        let end: Int64
        switch self {
        case .bytes(let range): (start, end) = (range.lowerBound, min(range.upperBound, size))
        case .from(let offset): (start, end) = (offset, size)
        case .last(let count): (start, end) = (count > 0 ? max(0, size - count) : size, size)
        }
        return start >= 0 && start < end ? start..<end : nil
    }
}

/// An opened object.
public struct ObjectContent: Sendable {
    /// What the store knows of the whole object.
    public var metadata: ObjectMetadata
    /// Which offsets the body covers.
    public var range: Range<Int64>
    /// The bytes.
    public var body: ObjectBody

    /// Describes an opened object.
    public init(metadata: ObjectMetadata, range: Range<Int64>, body: ObjectBody) {
        self.metadata = metadata
        self.range = range
        self.body = body
    }
}

extension ObjectStore {
    /// Writes bytes that lie in memory.
    @discardableResult
    public func put(
        _ bytes: [UInt8],
        at key: ObjectKey,
        if condition: PutCondition = .always
    ) async throws -> ObjectMetadata {
        try await put(ObjectBody(bytes), at: key, if: condition)
    }

    /// Opens an object for reading.
    public func get(_ key: ObjectKey, range: ObjectRange? = nil) async throws -> ObjectContent {
        try await get(key, range: range, ifMatches: nil)
    }

    /// Reads an object whole.
    ///
    /// - Throws: ``ObjectStoreError/Kind/invalidRange`` where it is larger than `sizeMax`.
    public func bytes(of key: ObjectKey, sizeMax: Int = 64 << 20) async throws -> [UInt8] {
        try await get(key).body.collect(sizeMax: sizeMax)
    }

    /// Describes an object, or gives `nil` where there is none.
    public func headIfPresent(_ key: ObjectKey) async throws -> ObjectMetadata? {
        do {
            return try await head(key)
        } catch let error as ObjectStoreError where error.kind == .notFound {
            return nil
        }
    }

    /// Copies an object inside the store, whatever is at the new key.
    @discardableResult
    public func copy(_ source: ObjectKey, to key: ObjectKey) async throws -> ObjectMetadata {
        try await copy(source, to: key, if: .always)
    }

    /// Lists a folder, or the whole store.
    public func list(_ folder: ObjectKey? = nil) -> ObjectListing {
        list(folder, after: nil)
    }

    /// Does nothing: most stores are durable when a write returns.
    public func sync(_ keys: [ObjectKey]) async throws {}
}
