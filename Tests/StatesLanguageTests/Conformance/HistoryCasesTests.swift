import JSONTree
import StatesLanguage
import Testing

@Suite("Recorded histories", .conformance, .timeLimit(.minutes(30)))
struct HistoryCasesTests {
    private static let oldNumbering =
        "recorded before November 2024, when the exit of a distributed Map followed from the run's end"

    /// Histories that come out differently, each with its reason.
    private static let knownDifferences: [String: String] = [
        "ls/scenarios.base_scenarios/map_item_reader_base_csv_headers_first_line": oldNumbering,
        "ls/scenarios.base_scenarios/map_item_reader_base_json_max_items": oldNumbering,
        "ls/scenarios.base_scenarios/map_item_reader_base_list_objects_v2": oldNumbering,
        "ls/scenarios.base_scenarios/map_item_reader_csv_max_items[100000000]": oldNumbering,
        "ls/scenarios.base_scenarios/map_item_reader_csv_max_items_paths[2]": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_config_distributed_item_selector": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_config_distributed_parameters": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_label": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_result_writer": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_tolerated_failure_count_path[1]": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_tolerated_failure_percentage_path[1.1]": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_tolerated_failure_percentage_path[100]": oldNumbering,
        "ls/scenarios.base_scenarios/map_state_tolerated_failure_values[percentage_literal]": oldNumbering,
        "ls/scenarios.base_scenarios/parallel_state_nested":
            "the record lacks the inner ParallelStateExited, whose number it skips",
    ]

    /// Types that the records leave out everywhere.
    private static let unrecordedTypes: Set<String> = ["ParallelStateSucceeded", "ParallelStateFailed"]

    @Test("Every recorded history is reproduced: types, numbers, predecessors, details")
    func histories() throws {
        var executions: [String: JSON] = [:]
        for json in try Conformance.cases("asl_executions.jsonl") { executions[json["id"]?.stringValue ?? ""] = json }
        var found: [String: String] = [:]
        for history in try Conformance.cases("asl_histories.jsonl") {
            let id = try #require(history["id"]?.stringValue)
            let json = try #require(executions[id])
            var events: [HistoryEvent] = []
            _ = try SimulationCase(json).simulator().run(input: json["input"] ?? [:], onEvents: { events += $0 })
            let ignoresCause = json["ignore"]?.arrayValue?.contains("$.cause") ?? false
            let recorded = history["events"]?.arrayValue ?? []
            if let difference = Self.difference(recorded, events, ignoresCause: ignoresCause) { found[id] = difference }
        }
        Conformance.expect(found, matches: Self.knownDifferences)
    }

    private static func difference(_ recorded: [JSON], _ events: [HistoryEvent], ignoresCause: Bool) -> String? {
        let visible = events.filter { !unrecordedTypes.contains($0.type) }
        let types = recorded.compactMap { $0["type"]?.stringValue }.sorted()
        if types != visible.map(\.type).sorted() {
            return "expected types \(types), got \(visible.map(\.type).sorted())"
        }
        for (position, event) in events.enumerated() where event.id != position + 1 {
            return "the event at \(position) has the number \(event.id)"
        }
        for record in recorded {
            guard let id = record["id"]?.intValue else { continue }
            guard events.indices.contains(id - 1) else { return "no event \(id)" }
            let event = flat(events[id - 1])
            for (key, value) in record.objectValue ?? JSONObject() {
                if ignoresCause, key == "cause" || hasPlaceholder(value) { continue }
                if !isSame(key, value, event[key], record) {
                    return "event \(id): \(key) is \(value) in the record, got \(event[key] ?? .null)"
                }
            }
        }
        return nil
    }

    /// The event with all details on one level, and data as values.
    private static func flat(_ event: HistoryEvent) -> JSONObject {
        var flat: JSONObject = [
            "type": .string(event.type), "id": .integer(Int64(event.id)), "prev": .integer(Int64(event.previousID)),
        ]
        let members = (try? JSON(parsing: event.text))?.objectValue
        for (key, value) in members ?? JSONObject() where key.hasSuffix("EventDetails") {
            for (name, detail) in value.objectValue ?? JSONObject() { flat[name] = detail }
        }
        return flat
    }

    private static func isSame(_ key: String, _ recorded: JSON, _ ours: JSON?, _ record: JSON) -> Bool {
        switch key {
        case "input", "output", "parameters":
            // What a service answers on submission is not in the mocks.
            if record["type"] == "TaskSubmitted" || hasPlaceholder(recorded) { return true }
            return ours?.parsedText.hasSameValue(as: recorded) ?? false
        case "assignedVariables":
            guard let recorded = recorded.objectValue, let ours = ours?.objectValue else { return false }
            return recorded.count == ours.count
                && recorded.allSatisfy { name, value in
                    hasPlaceholder(value) || ours[name]?.parsedText.hasSameValue(as: value.parsedText) ?? false
                }
        case "cause": return hasPlaceholder(recorded) || ours?.parsedText.hasSameValue(as: recorded.parsedText) ?? false
        case "mapRunArn", "taskCredentials": return ours != nil
        default: return ours?.hasSameValue(as: recorded) ?? false
        }
    }

    /// Whether a recorded value stands for one that differs from run to run.
    private static func hasPlaceholder(_ value: JSON) -> Bool {
        let text = value.text()
        let words = [
            "\"date\"", "uuid", "timestamp\"", "RandomNumberGenerated", "ArnPart", "MapRunArnPart", "task_token",
            "Etag-", "json-input", ": timestamp", "== timestamp",
        ]
        return words.contains { text.contains($0) }
    }
}
