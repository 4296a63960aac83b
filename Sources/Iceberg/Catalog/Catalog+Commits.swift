extension Catalog {
    /// Whether pointers moved.
    enum Outcome {
        case moved
        case notMoved
        case unknown
    }

    /// Commits changes of tables, all or none.
    ///
    /// A commit that the tables already have is answered like one that has just been made: the client's first request
    /// came through and its answer did not. Once the pointers have moved, nothing fails any more.
    ///
    /// - Throws: ``IcebergError`` with the code `commitConflict` where a requirement does not hold, `unavailable` where
    ///   something unexpected stood in the way and nothing has changed, and `commitStateUnknown` where neither is known.
    public func commit(_ commits: [TableCommit]) async throws -> [Table] {
        guard Set(commits.map(\.table)).count == commits.count else {
            throw IcebergError(.invalidArgument, "a table is named twice in one commit")
        }
        for _ in 0..<Self.attemptsMax {
            let (pointers, tables) = try await beforeCommit { try await current(commits.map(\.table)) }
            if let tables = applied(commits, tables) { return tables }
            try checkExistence(commits, tables)
            let prepared: [PreparedCommit]
            do {
                prepared = try await prepare(commits, pointers)
            } catch let error as IcebergError where error.code == .commitConflict {
                guard await wasAppliedLongAgo(commits, tables) else { throw error }
                return commits.compactMap { tables[$0.table] }
            }
            try await sync(prepared, adding: commits)
            switch try await move(prepared) {
            case .moved: return prepared.map { Table(location: $0.location, metadata: $0.metadata) }
            case .notMoved: continue
            case .unknown: throw Self.stateUnknown
            }
        }
        throw IcebergError(
            .commitConflict,
            "The tables were changed by others at each of \(Self.attemptsMax) attempts"
        )
    }

    private static let stateUnknown = IcebergError(
        .commitStateUnknown,
        "It could not be found out whether the commit took place"
    )

    private func current(
        _ identifiers: [TableIdentifier]
    ) async throws -> (pointers: [TableIdentifier: String], tables: [TableIdentifier: Table]) {
        let pointers = try await store.pointers(of: identifiers)
        var tables: [TableIdentifier: Table] = [:]
        for (identifier, location) in pointers {
            tables[identifier] = Table(location: location, metadata: try await files.metadata(at: location))
        }
        return (pointers, tables)
    }

    /// The tables as they are, if they have all that the commit does.
    private func applied(_ commits: [TableCommit], _ tables: [TableIdentifier: Table]) -> [Table]? {
        let now = files.environment.now()
        // Commits are made whole; so where there are snapshots, they tell for the tables that only change otherwise.
        let adding = commits.filter { !$0.addedSnapshots.isEmpty }
        // What changes nothing only asks whether its requirements hold.
        let telling = adding.isEmpty ? commits.filter { !$0.updates.isEmpty } : adding
        guard !telling.isEmpty else { return nil }
        let isUnmet =
            !adding.isEmpty
            || commits.contains { commit in
                commit.requirements.contains { (try? $0.check(tables[commit.table]?.metadata)) == nil }
            }
        guard isUnmet, telling.allSatisfy({ $0.isApplied(to: tables[$0.table]?.metadata, now: now) }) else {
            return nil
        }
        let found = commits.compactMap { tables[$0.table] }
        return found.count == commits.count ? found : nil
    }

    /// Whether tables have the files of a commit whose snapshots have been expired since.
    ///
    /// A client that is told of a conflict deletes its files; so before that, their absence has to be certain.
    private func wasAppliedLongAgo(
        _ commits: [TableCommit],
        _ tables: [TableIdentifier: Table]
    ) async -> Bool {
        for commit in commits {
            guard let metadata = tables[commit.table]?.metadata else { continue }
            for snapshot in commit.addedSnapshots {
                // Sequence numbers are given once; if another snapshot has this one's, this one never came.
                guard snapshot.sequenceNumber <= metadata.lastSequenceNumber,
                    !metadata.snapshots.contains(where: { $0.sequenceNumber == snapshot.sequenceNumber }),
                    let added = try? await Reachability(files).filesAdded(by: snapshot),
                    let unneeded = try? await Reachability(files).unneeded(
                        among: added,
                        by: metadata,
                        at: tables[commit.table]?.location ?? ""
                    )
                else { continue }
                if unneeded.count < Set(added.map(FileLocation.normalized)).count { return true }
            }
        }
        return false
    }

    private func checkExistence(_ commits: [TableCommit], _ tables: [TableIdentifier: Table]) throws {
        for commit in commits where tables[commit.table] == nil && !commit.requirements.contains(.notExists) {
            throw Self.noSuchTable(commit.table)
        }
    }

    private func prepare(
        _ commits: [TableCommit],
        _ pointers: [TableIdentifier: String]
    ) async throws -> [PreparedCommit] {
        var prepared: [PreparedCommit] = []
        do {
            for commit in commits {
                prepared.append(
                    try await beforeCommit { try await prepare(commit, base: pointers[commit.table]) }
                )
            }
        } catch {
            for commit in prepared { await committer.discard(commit) }
            throw error
        }
        return prepared
    }

    /// Syncs what the commit needs: its metadata, and what the client wrote for its snapshots and seldom syncs itself.
    private func sync(_ prepared: [PreparedCommit], adding commits: [TableCommit]) async throws {
        do {
            try await beforeCommit {
                var locations = prepared.flatMap(\.writtenFiles)
                for snapshot in commits.flatMap(\.addedSnapshots) {
                    if let manifestList = snapshot.manifestList { try checkLocation(manifestList) }
                    // A table may name files elsewhere; those are not ours to touch.
                    locations += try await Reachability(files).filesAdded(by: snapshot)
                        .filter { (try? checkLocation($0)) != nil }
                }
                try await files.io.sync(locations)
            }
        } catch {
            for commit in prepared { await committer.discard(commit) }
            throw error
        }
    }

    private func prepare(_ commit: TableCommit, base: String?) async throws -> PreparedCommit {
        guard let base else {
            for requirement in commit.requirements { try requirement.check(nil) }
            let metadata = try TableMetadata.creating(commit.updates, now: files.environment.now())
            try checkLocations(of: metadata)
            try await checkIsFree(commit.table)
            try await checkFolder(metadata.location, of: commit.table)
            return try await committer.prepareCreation(commit.table, metadata)
        }
        let movesFolders = commit.updates.contains { update in
            switch update {
            case .setLocation, .setProperties: true
            default: false
            }
        }
        let prepared = try await committer.prepare(
            commit.table,
            base: base,
            requirements: commit.requirements,
            updates: commit.updates,
            retention: commit.addedSnapshots.isEmpty ? nil : retention
        )
        if movesFolders {
            do {
                try checkLocations(of: prepared.metadata)
                try await checkFolder(prepared.metadata.location, of: commit.table)
            } catch {
                await committer.discard(prepared)
                throw error
            }
        }
        return prepared
    }

    /// Does work before the pointers move; an unexpected failure there means that nothing has changed.
    func beforeCommit<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as IcebergError where !error.isUnexpected {
            throw error
        } catch {
            throw IcebergError(
                .unavailable,
                "The commit could not be prepared; nothing has changed: \(error)",
                cause: error
            )
        }
    }

    /// Moves the pointers of prepared commits; what was written is removed only if they have certainly not moved.
    func move(_ prepared: [PreparedCommit]) async throws -> Outcome {
        let outcome: Outcome
        do {
            try await store.move(prepared.map(\.change), releasing: prepared.flatMap(\.releasedFiles))
            return .moved
        } catch let error as IcebergError where error.code == .commitConflict {
            outcome = .notMoved
        } catch let error as IcebergError where error.code == .noSuchNamespace {
            for commit in prepared { await committer.discard(commit) }
            throw error
        } catch {
            outcome = await settle(prepared.map(\.change))
            if case .notMoved = outcome {
                for commit in prepared { await committer.discard(commit) }
                throw IcebergError(
                    .unavailable,
                    "The commit was not made; nothing has changed: \(error)",
                    cause: error
                )
            }
        }
        if case .notMoved = outcome {
            for commit in prepared { await committer.discard(commit) }
        }
        return outcome
    }

    /// Finds out whether pointers moved when the store did not say.
    func settle(_ changes: [PointerChange]) async -> Outcome {
        for _ in 0..<3 {
            guard let pointers = try? await store.pointers(of: changes.map(\.table)) else { continue }
            guard let change = changes.first else { return .moved }
            let found = pointers[change.table]
            if found == change.new { return .moved }
            if found == change.expected { return .notMoved }
            // Another commit came after; if ours was before it, its metadata names ours. A table that is gone tells
            // nothing any more.
            guard let found, let new = change.new, let metadata = try? await files.metadata(at: found) else {
                continue
            }
            return metadata.metadataLog.contains { $0.metadataFile == new } ? .moved : .notMoved
        }
        return .unknown
    }
}

extension IcebergError {
    /// Whether this is about the machinery and not about what was asked for.
    var isUnexpected: Bool {
        [.io, .fileNotFound, .fileAlreadyExists, .corruptFile].contains(code)
    }
}
