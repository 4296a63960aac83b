import IngotCore
import IngotProject

/// Finds the objects under a source that are new, and keeps their bytes in bronze.
struct ObjectDiscovery {
    /// How many files are copied and recorded together.
    private static let chunkSize = 2_000

    /// What was found.
    struct Findings: Sendable {
        /// Files that are there.
        var listed = 0
        /// Files that are new or changed; in a plan, those that would be copied.
        var new: [SourceFile] = []
        /// What could not be listed or copied.
        var problems: [IngotError] = []
        /// What is there and can be no object, each with what to do.
        var passedOver: [IngotError] = []
        /// Why there is nothing, where the source is not there; it may still come.
        var absence: String?
    }

    let services: EngineServices
    let pipeline: Pipeline

    /// Lists the source without changing anything.
    ///
    /// - Parameter verifiesAll: Whether files that look as they did are taken for new, so that they are hashed again.
    /// - Returns: What is there; nothing, with the reason, where the source does not exist.
    /// - Throws: `IngotError` if the source cannot be listed.
    func list(verifiesAll: Bool = false) async throws -> Findings {
        let patterns = SourcePatterns(pipeline.source)
        let root = try location()
        var findings = Findings()
        var isThere = false
        do {
            for try await page in services.arrivals.files(under: root) {
                isThere = true
                findings.problems += page.problems
                findings.passedOver += page.passedOver.filter { patterns.accepts($0.key) }.map(\.reason)
                let files = page.files.filter { patterns.accepts($0.key) }
                findings.listed += files.count
                findings.new += verifiesAll ? files : try await changed(files)
            }
        } catch let error as IngotError where error.code == .objectNotFound && !isThere {
            findings.absence = "the source does not exist yet, so there is nothing to take in"
        }
        return findings
    }

    /// The files that are new to the ledger, or look otherwise than it remembers.
    func changed(_ files: [SourceFile]) async throws -> [SourceFile] {
        let looks = try await services.state.lastLooks(source: pipeline.name.value, keys: files.map(\.key))
        return files.filter { looks[$0.key]?.entityTag != $0.entityTag }
    }

    /// Lists the source, copies what is new to bronze, and records it in the ledger.
    func discover(verifiesAll: Bool = false) async throws -> Findings {
        var findings = try await list(verifiesAll: verifiesAll)
        var start = 0
        while start < findings.new.count {
            try Task.checkCancellation()
            let chunk = Array(findings.new[start..<min(findings.new.count, start + Self.chunkSize)])
            start += chunk.count
            findings.problems += try await keep(chunk).map(\.error)
        }
        return findings
    }

    /// Copies files to bronze, and records them in the ledger.
    ///
    /// - Returns: The files that could not be copied, with the reasons.
    func keep(_ files: [SourceFile]) async throws -> [(file: SourceFile, error: IngotError)] {
        let now = services.clock.now()
        let kept = try await services.bronze.keep(files, source: pipeline.name.value, date: Timestamps.day(now))
        var arrivals: [Arrival] = []
        var failures: [(file: SourceFile, error: IngotError)] = []
        for (file, outcome) in zip(files, kept) {
            switch outcome {
            case .success(let object): arrivals.append(arrival(file, object, seen: now))
            case .failure(let error as IngotError): failures.append((file, error))
            case .failure(let error): throw error
            }
        }
        try await services.state.register(arrivals)
        return failures
    }

    private func arrival(_ file: SourceFile, _ object: KeptObject, seen: Int64) -> Arrival {
        Arrival(
            object: ObjectVersion(source: pipeline.name.value, key: file.key, version: object.version),
            bronze: object.location,
            entityTag: object.entityTag,
            size: object.size,
            modified: object.modified,
            seen: seen,
            cleaningDue: pipeline.source.cleaningDue(committed: seen)
        )
    }

    /// The folder or file that the source names; relative paths start at the project folder.
    ///
    /// - Throws: `IngotError` with `conflictingKeys` where it holds what Ingot keeps, or lies in that: each copy of a
    ///   file would make another one. Paths without variables are looked at when the project is read.
    func location() throws -> String {
        let root = try services.location(of: pipeline.source.path)
        let environment = services.project.environment
        for place in [environment.lake, environment.bronze, environment.state] {
            let own = Self.folder(try services.location(of: place))
            guard own.hasPrefix(Self.folder(root)) || Self.folder(root).hasPrefix(own) else { continue }
            throw IngotError(
                .conflictingKeys,
                "the source \(root) and the project's own folder \(place) lie inside each other",
                at: pipeline.source.path.location,
                hint: "a folder of its own, for example landing/\(pipeline.name)/"
            )
        }
        return root
    }

    /// A path with one slash between its parts, and one at its end.
    static func folder(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.map { $0 + "/" }.joined()
    }
}
