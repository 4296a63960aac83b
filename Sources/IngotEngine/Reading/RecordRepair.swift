/// Splits an object record by record when the engine refuses to read it.
package struct RecordRepair: Sendable {
    /// Why an object cannot even be split.
    struct Unreadable: Error {
        var message: String
    }

    func repair(_ object: BatchObject, _ signature: ReadSignature) async throws -> String {
        throw Unreadable(message: "cannot be split")
    }
}
