import IngotCore

/// Makes sure that what is read from bronze a second time is what arrived.
///
/// What was just kept is not looked at: its hash was computed from the copy.
struct KeptBytes {
    let bronze: any BronzeStore

    /// What is wrong with an object's copy; `nil` if its bytes are those that arrived.
    func damage(of entry: LedgerEntry) async throws -> IngotError? {
        let found: String
        do {
            found = try await bronze.version(of: entry.bronze)
        } catch let error as IngotError where error.code == .objectNotFound {
            return damaged(entry, "it is gone")
        }
        return found == entry.object.version ? nil : damaged(entry, "its bytes are others than those that arrived")
    }

    /// Makes sure that an object's copy is whole.
    ///
    /// - Throws: `IngotError` with `objectDamaged`.
    func check(_ entry: LedgerEntry) async throws {
        if let damage = try await damage(of: entry) { throw damage }
    }

    private func damaged(_ entry: LedgerEntry, _ cause: String) -> IngotError {
        IngotError(
            .objectDamaged,
            "\(entry.object.key) cannot be read again from bronze",
            hint: "put the copy back from a backup; the tables are as they were",
            cause: "\(entry.bronze): \(cause)"
        )
    }
}
