import IngotCore

/// The folder that holds a state, and what users read where it cannot.
enum StateFolder {
    /// Makes a folder of the state, and those around it.
    ///
    /// - Throws: `IngotError` with `stateUnusable`.
    static func make(_ folder: String) throws {
        do {
            try FileSync.createFolders(folder)
        } catch {
            throw IngotError(
                .stateUnusable,
                "the folder \(folder) cannot be made",
                hint: error.kind == .invalidKey
                    ? "move what is there away, or name another folder: state in ingot.yml" : advice(on: folder),
                isRetryable: error.isRetryable,
                cause: error.cause ?? error.message
            )
        }
    }

    /// What to do where files or folders cannot be read or written.
    static func advice(on folder: String) -> String {
        "let the user who runs Ingot read and write \(folder) and all in it, or name another folder: state in ingot.yml"
    }
}
