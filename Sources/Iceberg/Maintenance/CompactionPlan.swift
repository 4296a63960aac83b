/// Decides which data files of a table become one file.
///
/// The files of each partition are looked at in the order in which their rows came, and files that follow each other become
/// one, so that this order stays. They are sorted into tiers by the number of their rows, each tier a fixed factor above
/// the one below, and what they become is of a higher tier than each of them: a row is written anew at most once a tier, so
/// the cost of a row grows with the logarithm of the table's rows.
public struct CompactionPlan: Sendable {
    /// Files that become one.
    public struct Group: Sendable, Hashable {
        /// The files, in the order of their rows.
        public var files: [DataFile]
        /// The sequence number of what they become: the newest of theirs.
        public var sequenceNumber: Int64
    }

    private struct Partition: Hashable {
        var specID: Int
        var values: [Literal?]
    }

    /// How many files a group has at most: to read one takes some memory, however small it is.
    public static let fileCountMax = 1_000

    private let minCount: Int
    private let sizeMax: Int64
    private let isWhole: Bool

    /// A plan.
    ///
    /// - Parameters:
    ///   - minCount: How many files have to follow each other to become one, and the factor between two tiers.
    ///   - sizeMax: How many bytes the files of a group have together at most; a file of more than half of it stays.
    ///   - isWhole: Whether tiers are ignored, so that plan after plan as few files as possible are left.
    public init(minCount: Int, sizeMax: Int64, isWhole: Bool = false) {
        self.minCount = max(2, minCount)
        self.sizeMax = sizeMax
        self.isWhole = isWhole
    }

    /// The groups of a table's live data files.
    ///
    /// - Parameters:
    ///   - entries: The files, in any order, with their sequence numbers.
    ///   - staying: The locations of files that have to stay.
    /// - Returns: The groups, each of at least two files of one partition; a later plan goes on from what they become.
    public func groups(of entries: [ManifestEntry], staying: Set<String> = []) -> [Group] {
        var partitions: [Partition: [ManifestEntry]] = [:]
        for entry in entries where entry.isLive && entry.file.content == .data {
            let partition = Partition(specID: entry.file.specID, values: entry.file.partition)
            partitions[partition, default: []].append(entry)
        }
        return partitions.values.filter { $0.count >= minCount }
            .map { $0.sorted { ($0.sequenceNumber ?? 0, $0.file.path) < ($1.sequenceNumber ?? 0, $1.file.path) } }
            .sorted { $0[0].file.path < $1[0].file.path }
            .flatMap { groups(ofOrdered: $0, staying) }
    }

    /// The groups of one partition's files, which are in order.
    private func groups(ofOrdered entries: [ManifestEntry], _ staying: Set<String>) -> [Group] {
        // What is large enough stays too, and rows on both sides of what stays cannot come together.
        entries.split { $0.file.fileSize > sizeMax / 2 || staying.contains($0.file.path) }.flatMap { stretch in
            isWhole ? chunks(of: stretch) : lowestFull(of: stretch).flatMap(chunks)
        }
    }

    /// The runs of files of the lowest tiers that make up a file of a higher one.
    private func lowestFull(of stretch: ArraySlice<ManifestEntry>) -> [ArraySlice<ManifestEntry>] {
        var (tierEnd, overflows) = (Int64(minCount), false)
        while !overflows {
            let runs = stretch.split { $0.file.recordCount >= tierEnd }.filter { run in
                run.count >= minCount && run.reduce(0) { $0 + $1.file.recordCount } >= tierEnd
            }
            if !runs.isEmpty { return runs }
            if stretch.allSatisfy({ $0.file.recordCount < tierEnd }) { return [] }
            (tierEnd, overflows) = tierEnd.multipliedReportingOverflow(by: Int64(minCount))
        }
        return []
    }

    /// Divides a run into groups that are not too large; a file that is left alone at the end stays.
    private func chunks(of run: ArraySlice<ManifestEntry>) -> [Group] {
        var groups: [Group] = []
        var (files, size): ([DataFile], Int64) = ([], 0)
        var newest: Int64 = 0
        func end() {
            if files.count > 1 { groups.append(Group(files: files, sequenceNumber: newest)) }
            (files, size) = ([], 0)
        }
        for entry in run {
            if size + entry.file.fileSize > sizeMax || files.count == Self.fileCountMax { end() }
            files.append(entry.file)
            size += entry.file.fileSize
            newest = entry.sequenceNumber ?? 0
        }
        end()
        return groups
    }
}
