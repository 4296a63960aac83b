import Iceberg
import IngotCore
import IngotProject

/// A metadata file that lies in a table's folder.
package struct FoundMetadata: Sendable, Hashable {
    /// Where it is.
    package var location: String
    /// The number in its name, which each commit raises by one.
    package var number: Int
    /// When it was made, in milliseconds since 1970.
    package var updated: Int64
    /// The batch that made its newest snapshot; `nil` if Ingot did not.
    package var loadID: String?
    /// The names of the files that were the table's metadata before it.
    package var previous: Set<String>

    package init(location: String, number: Int, updated: Int64, loadID: String?, previous: Set<String>) {
        self.location = location
        self.number = number
        self.updated = updated
        self.loadID = loadID
        self.previous = previous
    }

    /// The name of the file.
    package var name: String { FileLocation.name(of: location) }

    /// Whether it is of a batch that brought no object, so that the history of objects knows nothing of it.
    var isOfUpkeep: Bool {
        [RetentionSweep.loadIDPrefix, Compaction.loadIDPrefix].contains { loadID?.hasPrefix($0) == true }
    }
}

extension FoundMetadata {
    /// The files of a table, the likeliest current one first, and whether each was certainly the current one once.
    ///
    /// A commit writes its file before the state knows of it, so a file that no other one was made from may be of a commit
    /// that never happened. One that another one names was the table's metadata. Of two with one number, that of a batch
    /// is asked for first whether it happened, since of upkeep nothing can tell.
    package static func candidates(_ files: [FoundMetadata]) -> [(file: FoundMetadata, wasCurrent: Bool)] {
        let previous = files.reduce(into: Set<String>()) { $0.formUnion($1.previous) }
        // What stayed behind when another commit took its number is of no commit.
        let last = files.filter { previous.contains($0.name) }.map(\.number).max() ?? .min
        let possible = files.filter { $0.number > last || previous.contains($0.name) }
        let ordered = possible.sorted {
            ($0.number, $0.isOfUpkeep ? 0 : 1, $0.updated, $0.location)
                > ($1.number, $1.isOfUpkeep ? 0 : 1, $1.updated, $1.location)
        }
        return ordered.map { ($0, previous.contains($0.name)) }
    }
}

/// Finds the tables in the folder of a lake.
struct TableSearch {
    /// How deep namespaces lie in each other.
    private static let depthMax = 16
    private static let tablesMax = 100_000
    /// How many of a table's newest metadata files are read.
    private static let filesMax = 40

    /// A table's folder.
    struct Found: Sendable {
        /// The namespaces around it, the outermost first.
        var namespace: [String]
        var name: String
        var folder: String
        var metadata: [FoundMetadata]
        /// The batches whose snapshots any of the metadata has.
        var loads: Set<String>

        var tableName: TableName { TableName(namespace: namespace.joined(separator: "."), name: name) }
    }

    let lake: Lake

    /// The tables, and what looks like one and cannot be used.
    func tables() async throws -> (tables: [Found], problems: [String]) {
        var tables: [Found] = []
        var problems: [String] = []
        var folders: [[String]] = [[]]
        while let path = folders.popLast() {
            try Task.checkCancellation()
            let folder = ([lake.storage.root] + path).joined(separator: "/")
            let content = try await lake.storage.content(of: folder)
            let hasMetadata = content.folders.contains("metadata")
            let (metadata, loads) = hasMetadata ? try await self.metadata(in: folder, &problems) : ([], [])
            guard metadata.isEmpty else {
                guard path.count > 1 else {
                    problems.append("\(folder) holds a table, and nothing tells its name; register it again by hand")
                    continue
                }
                guard tables.count < Self.tablesMax else {
                    throw IngotError(.runFailed, "the lake holds more than \(Self.tablesMax) tables")
                }
                tables.append(
                    Found(
                        namespace: Array(path.dropLast()),
                        name: path[path.count - 1],
                        folder: folder,
                        metadata: metadata,
                        loads: loads
                    )
                )
                continue
            }
            guard path.count < Self.depthMax else { continue }
            // The staging folder is hidden.
            folders += content.folders.filter { !$0.hasPrefix(".") }.reversed().map { path + [$0] }
        }
        return (tables, problems)
    }

    /// The newest metadata files of a table's folder that can be read.
    private func metadata(
        in folder: String,
        _ problems: inout [String]
    ) async throws -> (files: [FoundMetadata], loads: Set<String>) {
        let names = try await lake.storage.content(of: "\(folder)/metadata").files
            .filter { $0.hasSuffix(".metadata.json") || $0.hasSuffix(".metadata.json.gz") }
        let newest = names.map { (number: TableMetadata.version(of: $0), name: $0) }
            .sorted { ($0.number, $0.name) > ($1.number, $1.name) }
        var found: [FoundMetadata] = []
        var loads: Set<String> = []
        for (number, name) in newest.prefix(Self.filesMax) {
            let location = "\(folder)/metadata/\(name)"
            do {
                let metadata = try await lake.files.metadata(at: location)
                guard FileLocation.path(of: metadata.location) ?? metadata.location == folder else {
                    problems.append(
                        "\(location) is of a table at \(metadata.location); a lake that was moved cannot be read"
                    )
                    continue
                }
                loads.formUnion(metadata.snapshots.compactMap { $0.summary["ingot.load-id"] })
                found.append(
                    FoundMetadata(
                        location: location,
                        number: number,
                        updated: metadata.lastUpdated,
                        loadID: metadata.currentSnapshot?.summary["ingot.load-id"],
                        previous: Set(metadata.metadataLog.map { FileLocation.name(of: $0.metadataFile) })
                    )
                )
            } catch let error as IcebergError {
                // What was being written when the power failed.
                problems.append("\(location) cannot be read: \(error.message)")
            }
        }
        return (found, loads)
    }
}
