import Synchronization

/// An object store in memory, for tests and for what need not outlive the process.
public final class InMemoryObjectStore: ObjectStore {
    private struct Entry {
        var metadata: ObjectMetadata
        var bytes: [UInt8]
    }

    private struct State {
        var entries: [ObjectKey: Entry] = [:]
        var writes: Int64 = 0

        func entry(at key: ObjectKey) throws -> Entry {
            guard let entry = entries[key] else {
                throw ObjectStoreError(.notFound, at: key.path, "there is no such object")
            }
            return entry
        }

        mutating func store(
            _ bytes: [UInt8],
            at key: ObjectKey,
            if condition: PutCondition,
            now: (@Sendable () -> Int64)?
        ) throws -> ObjectMetadata {
            let present = entries[key]?.metadata.entityTag
            switch condition {
            case .always:
                break
            case .ifAbsent where present != nil:
                throw ObjectStoreError(.preconditionFailed, at: key.path, "the object exists already")
            case .ifMatches(let tag) where present != tag:
                throw ObjectStoreError(.preconditionFailed, at: key.path, "the object was replaced or removed")
            case .ifAbsent, .ifMatches:
                break
            }
            writes += 1
            let metadata = ObjectMetadata(
                key: key,
                size: Int64(bytes.count),
                modified: now?() ?? writes,
                entityTag: "write-\(writes)"
            )
            entries[key] = Entry(metadata: metadata, bytes: bytes)
            return metadata
        }
    }

    private static let chunkSize = 256 * 1024

    private let state = Mutex(State())
    private let now: (@Sendable () -> Int64)?
    private let pageSize: Int

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - now: The time, in nanoseconds since 1970 UTC. Without it, write number n happens at n nanoseconds.
    ///   - pageSize: How many objects a page of a listing has.
    public init(now: (@Sendable () -> Int64)? = nil, pageSize: Int = 1000) {
        self.now = now
        self.pageSize = max(1, pageSize)
    }

    /// Writes an object; see ``ObjectStore/put(_:at:if:)``.
    @discardableResult
    public func put(_ body: ObjectBody, at key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata {
        let bytes = try await body.collect(sizeMax: .max)
        return try state.withLock { try $0.store(bytes, at: key, if: condition, now: now) }
    }

    /// Opens an object; see ``ObjectStore/get(_:range:ifMatches:)``.
    public func get(_ key: ObjectKey, range: ObjectRange?, ifMatches entityTag: String?) async throws -> ObjectContent {
        let entry = try state.withLock { try $0.entry(at: key) }
        guard entityTag == nil || entityTag == entry.metadata.entityTag else {
            throw ObjectStoreError(.preconditionFailed, at: key.path, "the object was replaced")
        }
        let size = Int64(entry.bytes.count)
        guard let range = range.map({ $0.resolved(size: size) }) ?? 0..<size else {
            throw ObjectStoreError(.invalidRange, at: key.path, "the object has \(size) bytes")
        }
        let part = entry.bytes[Int(range.lowerBound)..<Int(range.upperBound)]
        let body = ObjectBody(size: Int64(part.count)) {
            var rest = part
            return {
                let chunk = Array(rest.prefix(Self.chunkSize))
                rest = rest.dropFirst(chunk.count)
                return chunk.isEmpty ? nil : chunk
            }
        }
        return ObjectContent(metadata: entry.metadata, range: range, body: body)
    }

    /// Describes an object; see ``ObjectStore/head(_:)``.
    public func head(_ key: ObjectKey) async throws -> ObjectMetadata {
        try state.withLock { try $0.entry(at: key).metadata }
    }

    /// Copies an object; see ``ObjectStore/copy(_:to:if:)``.
    @discardableResult
    public func copy(_ source: ObjectKey, to key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata
    {
        try state.withLock { state in
            try state.store(state.entry(at: source).bytes, at: key, if: condition, now: now)
        }
    }

    /// Removes an object; see ``ObjectStore/delete(_:)``.
    public func delete(_ key: ObjectKey) async throws {
        state.withLock { _ = $0.entries.removeValue(forKey: key) }
    }

    /// Lists objects; see ``ObjectStore/list(_:after:)``.
    public func list(_ folder: ObjectKey?, after key: ObjectKey?) -> ObjectListing {
        ObjectListing { [self] in
            var rest: ArraySlice<ObjectMetadata>?
            return { [self] in
                let remaining = rest ?? matches(folder, after: key)
                rest = remaining.dropFirst(pageSize)
                return remaining.isEmpty ? nil : ObjectPage(objects: Array(remaining.prefix(pageSize)))
            }
        }
    }

    /// A URL that names the object; no query engine can open it.
    public func location(of key: ObjectKey) async throws -> String {
        "memory:///\(key.path)"
    }

    private func matches(_ folder: ObjectKey?, after key: ObjectKey?) -> ArraySlice<ObjectMetadata> {
        state.withLock { state in
            state.entries.values.lazy.map(\.metadata)
                .filter { metadata in
                    (folder.map { metadata.key.isInside($0) } ?? true) && (key.map { $0 < metadata.key } ?? true)
                }
                .sorted { $0.key < $1.key }[...]
        }
    }
}
