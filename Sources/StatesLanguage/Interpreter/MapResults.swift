import JSONTree

/// A file of results of a Map run.
public struct ResultFile: Sendable, Hashable {
    /// The key of the file, with the prefix of the run.
    public let key: String
    /// The text of the file.
    public let text: String

    /// Makes a file.
    public init(key: String, text: String) {
        self.key = key
        self.text = text
    }
}

/// What became of an item of a Map run.
struct ItemResult {
    let index: Int
    let input: JSON
    /// How the item's child execution ended; nil where it never started.
    let outcome: ExecutionOutcome?
    var startTime: Timestamp?
    var stopTime: Timestamp?

    var output: JSON? {
        guard case .succeeded(let output)? = outcome else { return nil }
        return output
    }

    /// The status that the files of the result are named after.
    fileprivate var fileStatus: String {
        switch outcome {
        case .succeeded: "SUCCEEDED"
        case .failed, .timedOut, .aborted: "FAILED"
        case nil: "PENDING"
        }
    }
}

/// Writes the results of a Map run the way the service does: files of those that succeeded, of those that failed and of
/// those that never began, in parts, and a manifest that names them.
struct MapResults {
    /// Results that were handed out to be written, until it is known that they are.
    private struct Part {
        let token: String
        let results: [ItemResult]
        let entries: Entries
    }

    /// Entries of the manifest by status.
    private typealias Entries = [String: [JSON]]

    private static let statuses = ["SUCCEEDED", "FAILED", "PENDING"]

    let writer: ResultWriter
    let identity: ExecutionIdentity
    let mapRun: MapRun
    /// The arguments of the writer: bucket and prefix.
    let arguments: JSON
    private var waiting: [ItemResult] = []
    private var parts: [Part] = []
    private var partCount = 0
    /// How often the run was redriven; each time it writes to a folder of its own.
    private var redriveCount = 0
    /// What is written.
    private var written: Entries = [:]

    init(writer: ResultWriter, identity: ExecutionIdentity, mapRun: MapRun, arguments: JSON) {
        self.writer = writer
        self.identity = identity
        self.mapRun = mapRun
        self.arguments = arguments
    }

    /// How many results wait to be handed out.
    var waitingCount: Int {
        waiting.count
    }

    /// The tokens of what was handed out and not answered.
    var tokens: [String] {
        parts.map(\.token)
    }

    mutating func add(_ result: ItemResult) {
        waiting.append(result)
    }

    /// Forgets what became of items that are done again, unless it is written already.
    mutating func forget(_ indexes: Set<Int>) {
        waiting.removeAll { indexes.contains($0.index) }
    }

    /// What the state answers about the files.
    var details: JSON {
        ["Bucket": arguments["Bucket"] ?? .null, "Key": .string("\(folder)/manifest.json")]
    }

    private var folder: String {
        let prefix = arguments["Prefix"]?.stringValue ?? ""
        let start = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : "\(prefix)/"
        return start + mapRun.name + (redriveCount == 0 ? "" : "/Redrive-\(redriveCount)")
    }

    /// Hands out the results so far; the last ones come with the manifest.
    mutating func handOut(_ token: String, isLast: Bool) -> [ResultFile] {
        var files = handOut(token, beside: [])
        if isLast { files.append(manifest) }
        return files
    }

    /// Hands out what a run without success leaves: with the results so far what became of the items beside them.
    mutating func handOutLeft(_ token: String, beside others: [ItemResult]) -> [ResultFile] {
        handOut(token, beside: others) + [manifest]
    }

    private mutating func handOut(_ token: String, beside others: [ItemResult]) -> [ResultFile] {
        let (files, entries) = files(of: waiting + others)
        parts.append(Part(token: token, results: waiting, entries: entries))
        waiting = []
        partCount += 1
        return files
    }

    /// A part is written.
    mutating func noteWritten(_ token: String) {
        for part in parts where part.token == token { written.merge(part.entries, uniquingKeysWith: +) }
        parts.removeAll { $0.token == token }
    }

    /// Goes on after an end without success: of what is written the successes stay, and what may not be written waits.
    mutating func redrive() {
        redriveCount += 1
        partCount = 0
        written = written.filter { $0.key == "SUCCEEDED" }
        waiting = parts.flatMap(\.results) + waiting
        parts = []
    }

    private func files(of results: [ItemResult]) -> ([ResultFile], Entries) {
        var files: [ResultFile] = []
        var entries: Entries = [:]
        let results = results.sorted { $0.index < $1.index }
        let isLines = writer.outputType == "JSONL"
        for status in Self.statuses {
            let chosen = results.filter { $0.fileStatus == status }
            guard !chosen.isEmpty else { continue }
            let key = "\(folder)/\(status)_\(partCount).\(isLines ? "jsonl" : "json")"
            let lines = lines(of: chosen)
            let text = isLines ? lines.map { $0.text() + "\n" }.joined() : JSON.array(lines).text()
            files.append(ResultFile(key: key, text: text))
            entries[status] = [["Key": .string(key), "Size": .integer(Int64(text.utf8.count))]]
        }
        return (files, entries)
    }

    /// What names all files, those that are being written among them.
    private var manifest: ResultFile {
        let all = parts.reduce(written) { $0.merging($1.entries, uniquingKeysWith: +) }
        let files = Self.statuses.sorted().map { ($0, JSON.array(all[$0] ?? [])) }
        let object: JSON = [
            "DestinationBucket": arguments["Bucket"] ?? .null, "MapRunArn": .string(mapRun.arn),
            "ResultFiles": .object(JSONObject(files)),
        ]
        return ResultFile(key: "\(folder)/manifest.json", text: object.text())
    }

    private func lines(of results: [ItemResult]) -> [JSON] {
        switch writer.transformation {
        case "COMPACT": results.map { $0.output ?? $0.record(in: identity) }
        case "FLATTEN": results.flatMap { $0.output?.arrayValue ?? [$0.output ?? $0.record(in: identity)] }
        default: results.map { $0.record(in: identity) }
        }
    }
}

extension ItemResult {
    /// The result with what is known about the child execution; of one that never started that is its input.
    func record(in identity: ExecutionIdentity) -> JSON {
        guard let outcome else {
            return ["Input": .string(input.text()), "InputDetails": ["Included": true], "Status": "PENDING"]
        }
        var record: JSONObject = ["ExecutionArn": .string("\(identity.executionARN)/\(index)")]
        switch outcome {
        case .succeeded(let output):
            record["Output"] = .string(output.text())
            record["OutputDetails"] = ["Included": true]
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            record["Error"] = error.map(JSON.string)
            record["Cause"] = cause.map(JSON.string)
        }
        record["Input"] = .string(input.text())
        record["InputDetails"] = ["Included": true]
        record["Name"] = .string("\(identity.name)-\(index)")
        record["StartDate"] = startTime.map { .string($0.iso8601) }
        record["StateMachineArn"] = .string(identity.machineARN)
        record["Status"] = .string(outcome.status)
        record["StopDate"] = stopTime.map { .string($0.iso8601) }
        return .object(record)
    }
}
