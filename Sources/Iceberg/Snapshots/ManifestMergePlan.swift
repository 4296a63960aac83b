/// Decides which manifests of a new snapshot are merged.
///
/// Manifests are sorted into tiers by the number of their files, each tier a fixed factor above the one below. A full
/// tier is merged into one manifest of the next. So a file's entry is rewritten once a tier and a list has few manifests
/// of each tier: the cost of a commit grows with the logarithm of the table's files.
struct ManifestMergePlan {
    struct Group {
        var specID: Int
        var content: ManifestFile.Content
        var positions: [Int]
    }

    private struct Key: Hashable {
        var specID: Int
        var content: ManifestFile.Content
    }

    private let minCount: Int
    private let sizeTarget: Int64
    private var tiers: [Key: [Int: [Int]]] = [:]
    private var keys: [Key] = []

    init(minCount: Int, sizeTarget: Int64) {
        self.minCount = max(2, minCount)
        self.sizeTarget = sizeTarget
    }

    mutating func add(_ part: SnapshotDraft.Part, at position: Int) {
        let key: Key
        let liveFiles: Int
        switch part {
        case .kept(let manifest):
            // A manifest of half the target size would be rewritten for little.
            guard manifest.length <= sizeTarget / 2 else { return }
            key = Key(specID: manifest.specID, content: manifest.content)
            liveFiles = manifest.liveFiles ?? 1
        case .new(let specID, let content, let entries):
            key = Key(specID: specID, content: content)
            liveFiles = entries.count(where: \.isLive)
        }
        if tiers[key] == nil { keys.append(key) }
        tiers[key, default: [:]][tier(of: liveFiles), default: []].append(position)
    }

    /// The groups to merge: full tiers, and those above that become full by them.
    var groups: [Group] {
        keys.compactMap { key in
            var merging: [Int] = []
            for (_, positions) in (tiers[key] ?? [:]).sorted(by: { $0.key < $1.key }) {
                if positions.count + (merging.isEmpty ? 0 : 1) >= minCount {
                    merging += positions
                } else if !merging.isEmpty {
                    break
                }
            }
            guard merging.count > 1 else { return nil }
            return Group(specID: key.specID, content: key.content, positions: merging.sorted())
        }
    }

    private func tier(of liveFiles: Int) -> Int {
        var tier = 0
        var rest = liveFiles
        while rest >= minCount {
            rest /= minCount
            tier += 1
        }
        return tier
    }
}
