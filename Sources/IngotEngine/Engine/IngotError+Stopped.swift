import DuckDB
package import IngotCore

extension IngotError {
    /// What stopped a piece of work, in words for the user.
    ///
    /// - Parameters:
    ///   - work: What stopped.
    ///   - error: Why.
    ///   - folders: Ingot's own folders: a file there that cannot be used is no object's fault.
    package init(stopping work: String, _ error: any Error, owning folders: [String] = []) {
        switch error {
        case let error as IngotError:
            self = error
        case let error as DuckDBError where error.isOutOfSpace:
            self.init(
                .objectNoSpace,
                "\(work) stopped: the disk is full",
                hint: "make room on that disk, and run again: nothing of it was committed",
                isRetryable: true,
                cause: error.message
            )
        case let error as DuckDBError where error.kind == .io && folders.contains(where: error.message.contains):
            self.init(
                .objectStoreUnavailable,
                "\(work) stopped: a file that Ingot keeps cannot be used",
                hint: "see to the disk and the permissions of that folder, and run again: nothing of it was committed",
                isRetryable: true,
                cause: error.message
            )
        case let error as DuckDBError where error.kind == .outOfMemory:
            self.init(
                .runFailed,
                "\(work) stopped: the memory limit is used up",
                hint: "a higher memory_limit or fewer threads in settings",
                isRetryable: true,
                cause: error.message
            )
        default:
            self.init(.runFailed, "\(work) stopped", cause: "\(error)")
        }
    }
}
