/// Tells which manifests may hold the files that a change removes.
struct RemovalSearch {
    private struct Target {
        var partition: [Literal?]
        var content: ManifestFile.Content
    }

    private let targets: [Int: [Target]]
    private let types: [Int: [IcebergType]]
    private let isBlind: Bool

    init(change: SnapshotChange, metadata: TableMetadata) {
        isBlind = !change.removedPaths.isEmpty
        var targets: [Int: [Target]] = [:]
        var seen: Set<[Literal?]> = []
        for file in change.removed {
            let content: ManifestFile.Content = file.content == .data ? .data : .deletes
            // Files of one partition are found by one look.
            guard seen.insert(file.partition + [.int(Int32(content.rawValue)), .long(Int64(file.specID))]).inserted
            else { continue }
            targets[file.specID, default: []].append(Target(partition: file.partition, content: content))
        }
        self.targets = targets
        types = Dictionary(
            metadata.partitionSpecs.map { ($0.id, metadata.partitionTypes(of: $0)) },
            uniquingKeysWith: { $1 }
        )
    }

    func mayHold(_ manifest: ManifestFile) -> Bool {
        if isBlind { return true }
        guard let targets = targets[manifest.specID] else { return false }
        guard let summaries = manifest.partitions, let types = types[manifest.specID] else { return true }
        return targets.contains { target in
            target.content == manifest.content
                && zip(zip(target.partition, summaries), types).allSatisfy { pair, type in
                    Self.mayContain(pair.1, pair.0, type)
                }
        }
    }

    private static func mayContain(
        _ summary: ManifestFile.FieldSummary,
        _ value: Literal?,
        _ type: IcebergType
    ) -> Bool {
        guard let value else { return summary.containsNull }
        if value.isNaN { return summary.containsNaN != false }
        guard let lower = summary.lowerBound, let upper = summary.upperBound else { return false }
        if let lower = Literal(singleValueBytes: lower, type: type), value.isLess(than: lower) == true { return false }
        if let upper = Literal(singleValueBytes: upper, type: type), upper.isLess(than: value) == true { return false }
        return true
    }
}
