import DuckDB
package import IngotCore

/// An object of a batch while it is being staged.
package struct BatchObject: Sendable {
    /// Why a whole object is not taken in.
    package struct Fault: Sendable, Hashable {
        /// The rule, as reasons in quarantine carry it.
        package var rule: RejectionRule
        /// What is wrong, in words for the user.
        package var message: String

        package init(_ rule: RejectionRule, _ message: String) {
            self.rule = rule
            self.message = message
        }

        /// SQL of a row's reasons with this one added to those that it has.
        func added(to reasons: String) -> String {
            let others = rule.isAboutFields ? "[]" : "coalesce(\(reasons), [])"
            let (rule, message) = (SQL.literal(rule.rawValue), SQL.literal(message))
            return "list_append(\(others), {'rule': \(rule), 'column': NULL, 'message': \(message)})"
        }

        /// Fields that the contract does not know, where it says that there must be none.
        static func newColumns(_ names: [String]) -> Self {
            Self(.newColumns, "unknown fields: \(names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))")
        }
    }

    /// What the ledger knows of it.
    package var entry: LedgerEntry
    /// Its position in the batch.
    package var index: Int
    /// How it is to be read; `nil` if it has a fault.
    package var signature: ReadSignature?
    /// How many bytes it has when it is decompressed, as far as that is known.
    var textSize: Int64
    /// A copy to read in place of the object, if it had to be repaired.
    package var repairedCopy: String?
    /// How many records that copy has.
    var recordCount: Int?
    /// Why all of it goes to quarantine.
    package var fault: Fault?
    /// Why nothing of it is committed.
    package var failure: String?
    /// What is worth saying of it although it is loaded.
    package var warnings: [String] = []
    /// Whether its rows are to be held as a whole, however many they are.
    var isHeldWhole = false
    /// How many of its rows are accepted and not in the batch's temporary table.
    var acceptedApart = 0
    /// How many of its rows are rejected and not in the batch's temporary table.
    var rejectedApart = 0
    /// Whether those rows say its fault.
    var saysFaultApart = false
    /// What became of its rows.
    package var counts = RowCounts()

    package init(entry: LedgerEntry, index: Int) {
        self.entry = entry
        self.index = index
        textSize = entry.size
    }

    /// Where the engine reads it.
    var path: String { repairedCopy ?? entry.bronze }

    /// Whether rows of it are written that may not be committed as they are.
    var isSpoiled: Bool {
        guard acceptedApart + rejectedApart > 0 else { return false }
        return failure != nil || fault != nil && !saysFaultApart
    }

    /// Makes it an object of which nothing was read.
    mutating func forgetRows() {
        acceptedApart = 0
        rejectedApart = 0
        saysFaultApart = false
        counts.read = 0
    }
}
