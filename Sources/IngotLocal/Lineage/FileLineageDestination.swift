import IngotCore

/// A file of JSON lines to which processes append, one at a time.
struct FileLineageDestination: LineageDestination {
    let path: @Sendable () throws -> String
    let pool: BlockingPool

    func open() async throws -> (any LineageChannel)? {
        let path = try path()
        return try await pool.run { _ in
            do {
                try FileSync.createFolders(FileSystem.folder(of: path))
                let file = try OpenFile(path, flags: FileSystem.appendFlags)
                guard try file.status().kind == .file else {
                    throw ObjectStoreError(.notAnObject, at: path, "not a file")
                }
                // Where the file system has no locks, each write still appends as a whole.
                return file.lockIfFree() == false ? nil : Channel(file: file, pool: pool)
            } catch let error as ObjectStoreError {
                throw Self.unsent(path, error)
            }
        }
    }

    private static func unsent(_ path: String, _ error: ObjectStoreError) -> IngotError {
        IngotError(
            .lineageUnsent,
            "events of lineage cannot be written to \(path); they wait",
            hint: "see to the file and its disk: the next run writes them",
            isRetryable: true,
            cause: error.cause ?? error.message
        )
    }

    /// The file, locked until this is let go.
    private struct Channel: LineageChannel {
        let file: OpenFile
        let pool: BlockingPool

        /// Appends them at once, which takes next to no time.
        func send(
            _ events: [LineageEvent],
            until deadline: ContinuousClock.Instant,
            while goesOn: @Sendable () -> Bool
        ) async -> LineageReceipt {
            do {
                try await pool.run { _ in try append(events) }
                return LineageReceipt(taken: events.map(\.id))
            } catch let error as ObjectStoreError {
                return LineageReceipt(error: FileLineageDestination.unsent(file.path, error))
            } catch {
                return LineageReceipt(error: IngotError(.lineageUnsent, "the delivery was stopped", isRetryable: true))
            }
        }

        private func append(_ events: [LineageEvent]) throws {
            let size = try endOfLines()
            do {
                try file.write(Array(events.map { $0.text + "\n" }.joined().utf8)[...])
                try file.sync()
                // What is sent is forgotten, so the name of a new file has to stay, too.
                if size == 0 { try FileSync.syncFolder(FileSystem.folder(of: file.path)) }
            } catch {
                // A part of a line would be there for readers otherwise; the next one cuts it off if this fails, too.
                try? file.truncate(to: size)
                throw error
            }
        }

        /// Cuts off the piece of a line that a process left which died while it wrote, and says where the file ends.
        private func endOfLines() throws -> Int64 {
            let size = try file.status().fingerprint.size
            var end = size
            var block = [UInt8](repeating: 0, count: 1 << 16)
            while end > 0 {
                let start = max(0, end - Int64(block.count))
                let count = try file.read(into: &block, at: start)
                let part = block[..<min(count, Int(end - start))]
                if let newline = part.lastIndex(of: UInt8(ascii: "\n")) {
                    end = start + Int64(newline) + 1
                    break
                }
                end = start
            }
            if end < size { try file.truncate(to: end) }
            return end
        }
    }
}
