/// Which snapshots a table keeps.
public struct SnapshotRetention: Sendable {
    private let isProtected: @Sendable (Snapshot) -> Bool
    private let onlyWhereAsked: Bool

    /// The retention that a table's properties describe, `history.expire.*`.
    ///
    /// - Parameters:
    ///   - onlyWhereAsked: Whether a table without any of these properties keeps everything.
    ///   - isProtected: Which snapshots are kept whatever the properties say.
    public init(onlyWhereAsked: Bool = true, isProtected: @escaping @Sendable (Snapshot) -> Bool = { _ in false }) {
        self.onlyWhereAsked = onlyWhereAsked
        self.isProtected = isProtected
    }

    /// The updates that remove what a table does not keep; none if it keeps everything.
    public func updates(for metadata: TableMetadata, now: Int64) -> [TableUpdate] {
        let keys = [
            TableProperties.Key.maxSnapshotAge, TableProperties.Key.minSnapshotsToKeep,
            TableProperties.Key.maxSnapshotsToKeep, TableProperties.Key.maxReferenceAge,
        ]
        if onlyWhereAsked, !keys.contains(where: { metadata.properties[$0] != nil }) { return [] }
        let properties = metadata.propertyValues
        let byID = Dictionary(metadata.snapshots.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let expiredReferences = metadata.references.filter { name, reference in
            guard name != SnapshotReference.main, let snapshot = byID[reference.snapshotID] else { return false }
            return now - snapshot.timestamp > reference.maxReferenceAge ?? properties.maxReferenceAge
        }
        var kept: Set<Int64> = []
        var referenced: Set<Int64> = []
        for (name, reference) in metadata.references where expiredReferences[name] == nil {
            keep(reference, byID, properties, now: now, kept: &kept, referenced: &referenced)
        }
        for snapshot in metadata.snapshots {
            // What no branch leads to may be about to be given a name; it is kept until it is old.
            let isYoung = !referenced.contains(snapshot.id) && now - snapshot.timestamp <= properties.maxSnapshotAge
            if isYoung || isProtected(snapshot) { kept.insert(snapshot.id) }
        }
        let expired = metadata.snapshots.map(\.id).filter { !kept.contains($0) }
        return expiredReferences.keys.sorted().map(TableUpdate.removeSnapshotReference)
            + (expired.isEmpty ? [] : [.removeSnapshots(expired)])
    }

    /// Walks from a reference back through its history and keeps what is young or among the last few.
    private func keep(
        _ reference: SnapshotReference,
        _ byID: [Int64: Snapshot],
        _ properties: TableProperties,
        now: Int64,
        kept: inout Set<Int64>,
        referenced: inout Set<Int64>
    ) {
        let minCount = reference.minSnapshotsToKeep ?? properties.minSnapshotsToKeep
        let maxCount = max(minCount, properties.maxSnapshotsToKeep ?? .max)
        let maxAge = reference.maxSnapshotAge ?? properties.maxSnapshotAge
        var count = 0
        var next: Int64? = reference.snapshotID
        var walked: Set<Int64> = []
        while let id = next, let snapshot = byID[id], walked.insert(id).inserted {
            referenced.insert(id)
            let isKept = count < minCount || (count < maxCount && now - snapshot.timestamp <= maxAge)
            // The snapshot that a reference points to is what readers of the reference see.
            if count == 0 || (isKept && reference.kind == .branch) { kept.insert(id) }
            count += 1
            next = snapshot.parentID
        }
    }
}
