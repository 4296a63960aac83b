/// Finds the delete files that apply to a data file.
struct DeleteIndex {
    private struct Partition: Hashable {
        var specID: Int
        var values: [Literal?]
    }

    /// The column of position delete files that names the data file.
    private static let pathFieldID = 2_147_483_546

    private var byPartition: [Partition: [ManifestEntry]] = [:]
    private var byPath: [String: [ManifestEntry]] = [:]
    private var global: [ManifestEntry] = []

    mutating func add(_ entry: ManifestEntry, isGlobal: Bool) {
        let file = entry.file
        if file.content == .positionDeletes, let path = Self.onlyDataFile(of: file) {
            byPath[path, default: []].append(entry)
        } else if file.content == .equalityDeletes, isGlobal {
            global.append(entry)
        } else {
            byPartition[Partition(specID: file.specID, values: file.partition), default: []].append(entry)
        }
    }

    func deletes(for entry: ManifestEntry) -> [DataFile] {
        let partition = Partition(specID: entry.file.specID, values: entry.file.partition)
        let candidates = (byPartition[partition] ?? []) + (byPath[entry.file.path] ?? []) + global
        let sequenceNumber = entry.sequenceNumber ?? 0
        return candidates.filter { delete in
            // An equality delete does not concern rows that came with it; a position delete may.
            let deleteNumber = delete.sequenceNumber ?? .max
            return delete.file.content == .equalityDeletes
                ? deleteNumber > sequenceNumber : deleteNumber >= sequenceNumber
        }.map(\.file)
    }

    private static func onlyDataFile(of file: DataFile) -> String? {
        if let path = file.referencedDataFile { return path }
        guard let lower = file.lowerBounds[pathFieldID], lower == file.upperBounds[pathFieldID] else { return nil }
        return String(validating: lower, as: UTF8.self)
    }
}
