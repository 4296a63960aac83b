import Iceberg
public import IngotCore
public import IngotProject

/// What a run would do for one pipeline.
public struct PipelinePlan: Sendable {
    /// A file that would be taken in.
    public struct Arrival: Sendable, Hashable {
        /// Why a file would be taken in.
        public enum Reason: String, Sendable {
            /// It was never seen.
            case new
            /// It changed since it was seen; its old rows would be replaced.
            case changed
            /// It has the size that it had, and may have changed: a run would hash it to find out.
            ///
            /// A plan does so itself where the files are not large, and it is not told to count all.
            case verify
            /// It is kept already, but no run has taken it in yet.
            case waiting
            /// The last attempt failed, and it would be tried again.
            case retry
        }

        /// The file's key.
        public var key: String
        /// Its size in bytes.
        public var size: Int64
        /// Why.
        public var reason: Reason
    }

    /// What would happen to a table itself.
    public struct TableChange: Sendable, Hashable {
        /// The table.
        public var table: TableName
        /// What would happen, in words: `created`, `column city varchar added`.
        public var changes: [String]
    }

    /// The pipeline.
    public var pipeline: String
    /// The files.
    public var arrivals: [Arrival]
    /// The tables that would change their form.
    public var tables: [TableChange]
    /// What stands in the way.
    public var problems: [IngotError]
    /// What is in the source and can be no object, each with what to do.
    public var passedOver: [IngotError] = []
}

extension Engine {
    /// What a run would do for pipelines, without doing it; for all of them without names.
    ///
    /// Where everything is verified, files that look as they did count as well.
    public func planPipelines(_ names: Set<String>? = nil, verifiesAll: Bool = false) async throws -> [PipelinePlan] {
        var plans: [PipelinePlan] = []
        for pipeline in services.project.pipelines where names?.contains(pipeline.name.value) ?? true {
            plans.append(try await plan(pipeline, verifiesAll: verifiesAll))
        }
        return plans
    }

    /// How many bytes of a pipeline's files a plan hashes to find out whether they changed.
    private static let hashedSizeMax: Int64 = 256 << 20

    private func plan(_ pipeline: Pipeline, verifiesAll: Bool) async throws -> PipelinePlan {
        let name = pipeline.name.value
        var plan = PipelinePlan(pipeline: name, arrivals: [], tables: [], problems: [])
        let waiting = try await services.state.entries(
            matching: LedgerFilter(source: name, states: [.seen, .failed, .leased])
        )
        do {
            let findings = try await ObjectDiscovery(services: services, pipeline: pipeline)
                .list(verifiesAll: verifiesAll)
            let looks = try await services.state.lastLooks(source: name, keys: findings.new.map(\.key))
            plan.problems = findings.problems
            plan.passedOver = findings.passedOver
            var hashable = verifiesAll ? 0 : Self.hashedSizeMax
            let sizes = try await sizes(of: looks, source: name)
            for file in findings.new {
                guard let reason = await reason(file, looks[file.key], size: sizes[file.key], &hashable) else {
                    continue
                }
                plan.arrivals.append(PipelinePlan.Arrival(key: file.key, size: file.size, reason: reason))
            }
        } catch let error as IngotError {
            plan.problems.append(error)
        }
        let arriving = Set(plan.arrivals.map(\.key))
        plan.arrivals += waiting.filter { !arriving.contains($0.object.key) }.map { entry in
            PipelinePlan.Arrival(
                key: entry.object.key,
                size: entry.size,
                reason: entry.state == .failed ? .retry : .waiting
            )
        }
        for table in pipeline.tables {
            let definition = TableDefinition.silver(
                table,
                newColumns: [],
                rescued: pipeline.rescuedDataColumn?.value
            )
            do {
                let changes = try changes(definition, try await lake.table(table.table.value))
                if !changes.isEmpty {
                    plan.tables.append(PipelinePlan.TableChange(table: table.table.value, changes: changes))
                }
            } catch let error as IngotError {
                plan.problems.append(error)
            }
        }
        return plan
    }

    /// Finds out why a file would be taken in.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - look: How it looked.
    ///   - size: The size that it had.
    ///   - hashable: How many bytes may still be hashed to find out.
    /// - Returns: The reason; `nil` for a file that only looks otherwise than it did.
    private func reason(
        _ file: SourceFile,
        _ look: LastLook?,
        size: Int64?,
        _ hashable: inout Int64
    ) async -> PipelinePlan.Arrival.Reason? {
        guard let look else { return .new }
        guard size == file.size else { return .changed }
        guard file.size <= hashable else { return .verify }
        hashable -= file.size
        // What cannot be read says so in a run.
        guard let version = try? await services.bronze.version(of: file.location) else { return .verify }
        return version == look.version ? nil : .changed
    }

    /// The sizes that files had when they were last looked at.
    private func sizes(of looks: [String: LastLook], source: String) async throws -> [String: Int64] {
        guard !looks.isEmpty else { return [:] }
        let filter = LedgerFilter(source: source, keys: looks.keys.sorted())
        return try await services.state.entries(matching: filter).reduce(into: [:]) { sizes, entry in
            guard looks[entry.object.key]?.version == entry.object.version else { return }
            sizes[entry.object.key] = entry.size
        }
    }

    /// What would happen to a table so that it looks like its definition.
    private func changes(_ definition: TableDefinition, _ table: LakeTable?) throws -> [String] {
        guard let table else { return ["created"] }
        let shape = try TableShape(definition, table: table)
        let before = Dictionary(
            table.metadata.currentSchema.fields.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var changes = shape.schema.fields.compactMap { field -> String? in
            let type = field.type.sql.lowercased()
            guard let old = before[field.name] else { return "column \(field.name) \(type) added" }
            if old.type != field.type {
                return "column \(field.name) becomes \(type), from \(old.type.sql.lowercased())"
            }
            return old.doc == field.doc ? nil : "column \(field.name) described anew"
        }
        if shape.spec.id != table.metadata.defaultSpecID { changes.append("new files divided differently") }
        return changes
    }
}
