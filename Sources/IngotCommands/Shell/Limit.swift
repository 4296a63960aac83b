import ArgumentParser

/// How many records a list may have.
enum Limit {
    /// Refuses a limit that no list can have.
    static func check(_ limit: Int) throws {
        guard limit < 1 else { return }
        throw ValidationError("--limit is a number from 1 on.")
    }
}
