import Iceberg
import IngotCore
import IngotProject

/// Commits a batch: tables' pointers, ledger, run, lineage and pending changes become true at once.
struct BatchCommitter {
    /// How often a lost race is run again.
    private static let attemptsMax = 20

    let lake: Lake
    let state: any StateStore
    let settings: Settings
    let clock: IngotClock
    /// What others are told of the run; `nil` where nobody is.
    var lineage: RunLineage?

    /// Writes the metadata of all changed tables and swaps their pointers together with everything else.
    ///
    /// A lost race redoes the metadata only. The batch counts as committed exactly when this returns.
    /// - Parameters:
    ///   - changes: What changes in tables; those that change nothing are passed over.
    ///   - commit: The rest of the commit, without its pointers.
    /// - Throws: `IngotError`: `tableChanged` when staging has to be done again, `leaseLost`.
    func commit(_ changes: [TableChange], _ commit: BatchCommit) async throws {
        let tables = TableCommit(lake: lake, loadID: commit.run.loadID, retention: TableRetention(settings))
        let placed = try await tables.place(changes.filter { !$0.isEmpty })
        var commit = commit
        // What changes nothing in a table may still rest upon its state.
        commit.pointers += changes.compactMap { $0.isEmpty ? Self.assertion($0) : nil }
        var mayHaveHappened = false
        do {
            try await self.commit(placed, tables, commit, &mayHaveHappened)
        } catch {
            // The files of a commit that happened are its tables'; those of one that did not are nobody's.
            if !mayHaveHappened { try? await lake.storage.delete(placed.flatMap { $0.added.map(\.path) }) }
            throw error
        }
    }

    /// Commits files that are at their places; `mayHaveHappened` says, when an error is thrown, whether the state may know
    /// of it all the same.
    private func commit(
        _ placed: [TableCommit.Placed],
        _ tables: TableCommit,
        _ commit: BatchCommit,
        _ mayHaveHappened: inout Bool
    ) async throws {
        try await makeNamespaces(placed.map(\.change.shape.definition.name.namespace))
        var attempt = 0
        while true {
            attempt += 1
            try await check(commit.pointers)
            let prepared = try await prepare(placed, tables)
            var commit = commit
            commit.pointers += try prepared.map(Self.swap)
            let deleteAfter = clock.now() + settings.gcMinAge.nanoseconds
            commit.garbage += prepared.flatMap(\.releasedFiles).map { Garbage(location: $0, after: deleteAfter) }
            commit.run.ended = clock.now()
            commit.lineage = lineage?.completed(commit.run, zip(placed, prepared).map(RunLineage.Output.init))
            do {
                let written = prepared.flatMap(\.writtenFiles)
                try await lake.storage.sync(attempt == 1 ? placed.flatMap { $0.added.map(\.path) } + written : written)
                mayHaveHappened = true
                try await state.commit(commit)
                return
            } catch let error as IngotError where error.code == .tableChanged && attempt < Self.attemptsMax {
                mayHaveHappened = false
                await discard(prepared)
            } catch {
                if mayHaveHappened, await isRefused(commit.run) { mayHaveHappened = false }
                if !mayHaveHappened { await discard(prepared) }
                throw error
            }
        }
    }

    /// Whether the state says, after a commit that failed, that nothing of it happened: a commit ends its run.
    private func isRefused(_ run: Run) async -> Bool {
        do {
            return try await state.run(id: run.id)?.status != run.status
        } catch {
            return false
        }
    }

    private func prepare(_ placed: [TableCommit.Placed], _ tables: TableCommit) async throws -> [PreparedCommit] {
        var prepared: [PreparedCommit] = []
        do {
            for table in placed {
                let current = try await lake.table(table.change.shape.definition.name)
                prepared.append(try await tables.prepare(table, on: current))
            }
        } catch {
            await discard(prepared)
            throw error
        }
        return prepared
    }

    /// Leaves a table as it is, if it is as the change expects it.
    private static func assertion(_ change: TableChange) -> PointerSwap? {
        guard let location = change.base?.metadataLocation else { return nil }
        let name = change.shape.definition.name
        return PointerSwap(
            namespace: name.namespace,
            table: name.name,
            expected: location,
            replacement: location
        )
    }

    /// Checks, before anything is written, what the state is going to check.
    private func check(_ assertions: [PointerSwap]) async throws {
        for assertion in assertions {
            let pointer = try await state.pointer(namespace: assertion.namespace, table: assertion.table)
            guard pointer == assertion.expected else {
                throw TableCommit.changed(TableName(namespace: assertion.namespace, name: assertion.table))
            }
        }
    }

    private func discard(_ prepared: [PreparedCommit]) async {
        for useless in prepared { await TableCommitter(lake.files).discard(useless) }
    }

    private func makeNamespaces(_ names: [String]) async throws {
        let known = try await state.namespaces()
        for name in Set(names).sorted() where known[name] == nil {
            _ = try await state.createNamespace(name, properties: ["location": "\(lake.storage.root)/\(name)"])
        }
    }

    private static func swap(_ prepared: PreparedCommit) throws -> PointerSwap {
        PointerSwap(
            namespace: prepared.change.table.namespace.levels.joined(separator: "\u{1F}"),
            table: prepared.change.table.name,
            expected: prepared.change.expected,
            replacement: prepared.location
        )
    }
}

extension Duration {
    /// The duration in nanoseconds, as far as 64 bits go.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : whole + attoseconds / 1_000_000_000
    }
}
