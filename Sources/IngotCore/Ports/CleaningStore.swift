/// Remembers which files of sources are to be taken away, and what became of them.
///
/// A commit records the wish together with the rows (``BatchCommit/cleanings``), and so does an arrival of what is loaded
/// already (``Arrival/cleaningDue``). The wish ends unheard when another version takes the object's place.
public protocol CleaningStore: Sendable {
    /// Objects whose rows are in the tables and whose files wait to be taken away, those that may be tried soonest first.
    ///
    /// - Parameters:
    ///   - source: The pipeline.
    ///   - due: Only those that were due by then.
    ///   - retry: Only those that may be tried again by then.
    ///   - limit: At most so many.
    /// - Returns: The objects.
    /// - Throws: `IngotError` if the store fails.
    func cleanings(source: String, due: Int64, retry: Int64, limit: Int) async throws -> [LedgerEntry]

    /// Records how cleanings that wait went, by the ledger's number of the object; one that waits no more stays as it is.
    func settle(_ cleanings: [Int64: Cleaning]) async throws
}
