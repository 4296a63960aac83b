import Iceberg
import IngotCore
import IngotProject

/// Turns changes of tables into metadata files that wait for their pointers.
struct TableCommit {
    /// A table's next state, written.
    struct Prepared: Sendable {
        var swap: PointerSwap
        /// Files that no snapshot names any more once the pointer has moved.
        var unreachable: [String]
        /// Files that were written for this state and are useless if the pointer does not move.
        var written: [String]
        /// The new metadata.
        var metadata: TableMetadata
    }

    let lake: Lake
    /// Names the batch, in file names and in the snapshots' summaries.
    let loadID: String
    /// How many snapshots are kept, and how long.
    let retention: SnapshotRetention
}

/// How long a table's earlier states can be read.
struct SnapshotRetention: Sendable {
    var maxAge: Duration
    var minCount: Int
    var maxCount: Int
}
