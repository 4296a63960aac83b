import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// What happened, as the input of an execution.
public struct StartEvents: Sendable {
    /// A value of an execution that is longer is left out: the data of a state have 256 KiB.
    private static let valueSizeMax = 100_000

    /// Where a pipeline's files lie.
    private let folder: @Sendable (_ pipeline: String) -> String?

    /// The events of an engine's project.
    public init(_ engine: Engine) {
        let services = engine.services
        folder = { name in
            services.project.pipelines.first { $0.name.value == name }
                .flatMap { try? ObjectDiscovery(services: services, pipeline: $0).location() }
        }
    }

    /// Events of which the files lie somewhere else.
    package init(folder: @escaping @Sendable (_ pipeline: String) -> String?) {
        self.folder = folder
    }

    /// An occurrence of a schedule.
    func event(_ rule: StartRule, _ schedule: Schedule, _ moment: Int64) -> JSON {
        let local = schedule.localTime(of: moment)
        var event: JSONObject = [
            "start": .string(rule.name.value), "schedule": .string(schedule.expression),
            "time": time(moment * 1_000_000_000),
        ]
        add(local, to: &event)
        event["hour"] = .string(padded(local.hour))
        event["minute"] = .string(padded(local.minute))
        return .object(event)
    }

    /// Something that happened.
    func event(_ rule: StartRule, _ happening: Happening) -> JSON {
        var event: JSONObject = ["start": .string(rule.name.value)]
        switch happening.subject {
        case .object(let entry): add(entry, to: &event)
        case .run(let run): add(run, to: &event)
        case .execution(let execution): add(execution, to: &event)
        case .gone: break
        }
        return .object(event)
    }

    /// A moment as a part of a name: 20260302T043000Z.
    func compact(_ moment: Int64) -> String {
        let text = Timestamp(seconds: moment).iso8601.prefix(19)
        return text.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private func add(_ entry: LedgerEntry, to event: inout JSONObject) {
        let object = entry.object
        let root = folder(object.source) ?? ""
        // A source may be the file itself.
        let path = root.hasSuffix("/\(object.key)") ? root : root + (root.hasSuffix("/") ? "" : "/") + object.key
        event["pipeline"] = .string(object.source)
        event["key"] = .string(object.key)
        event["path"] = .string(path)
        event["version"] = .string(object.version)
        event["size"] = .integer(entry.size)
        event["time"] = time(entry.seen)
        add(LocalTime(seconds: entry.seen / 1_000_000_000), to: &event)
    }

    private func add(_ run: Run, to event: inout JSONObject) {
        event[run.kind == .ingest ? "pipeline" : run.kind.rawValue] = .string(run.name)
        event["run_id"] = .string(run.id)
        event["load_id"] = .string(run.loadID)
        event["status"] = .string(run.status.rawValue)
        event["inputs"] = .integer(Int64(run.inputs))
        event["rows"] = [
            "read": .integer(Int64(run.counts.read)), "silver": .integer(Int64(run.counts.silver)),
            "quarantined": .integer(Int64(run.counts.quarantined)), "skipped": .integer(Int64(run.counts.skipped)),
        ]
        event["error"] = run.error.map(JSON.string)
        let ended = run.ended ?? run.started
        event["time"] = time(ended)
        add(LocalTime(seconds: ended / 1_000_000_000), to: &event)
    }

    private func add(_ execution: StoredExecution, to event: inout JSONObject) {
        event["workflow"] = .string(execution.workflow)
        event["name"] = .string(execution.name)
        event["arn"] = .string(execution.arn)
        event["status"] = .string(execution.status.rawValue)
        event["input"] = value(execution.input)
        event["output"] = execution.output.flatMap(value)
        event["error"] = execution.error.map(JSON.string)
        event["cause"] = execution.cause.map { .string(String($0.prefix(Self.valueSizeMax / 4))) }
        let ended = execution.ended ?? execution.started
        event["time"] = time(ended)
        add(LocalTime(seconds: ended / 1_000_000_000), to: &event)
    }

    private func value(_ text: String) -> JSON? {
        text.utf8.count > Self.valueSizeMax ? nil : try? JSON(parsing: text)
    }

    private func time(_ nanoseconds: Int64) -> JSON {
        .string(Timestamp(nanosecondsSinceEpoch: nanoseconds).iso8601)
    }

    private func add(_ time: LocalTime, to event: inout JSONObject) {
        event["year"] = .string(String(time.year))
        event["month"] = .string(padded(time.month))
        event["day"] = .string(padded(time.day))
    }

    private func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
