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
        let number: Int
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
        ["Bucket": arguments["Bucket"] ?? .null, "Key": .string("\(prefix)/manifest.json")]
    }

    private var prefix: String {
        let prefix = arguments["Prefix"]?.stringValue ?? ""
        return prefix.isEmpty ? mapRun.name : "\(prefix)\(prefix.hasSuffix("/") ? "" : "/")\(mapRun.name)"
    }

    /// Hands out the results so far; the last ones come with the manifest.
    mutating func handOut(_ token: String, isLast: Bool) -> [ResultFile] {
        var (files, entries) = files(of: waiting)
        parts.append(Part(token: token, number: partCount, results: waiting, entries: entries))
        waiting = []
        partCount += 1
        if isLast { files.append(manifest(adding: [:])) }
        return files
    }

    /// Hands out what a run without success leaves: with the results so far what became of the items beside them.
    ///
    /// The results themselves stay, so that a redrive can go on with them and replace the files.
    mutating func handOutLeft(_ token: String, beside others: [ItemResult]) -> [ResultFile] {
        let (files, entries) = files(of: waiting + others)
        parts.append(Part(token: token, number: partCount, results: [], entries: [:]))
        return files + [manifest(adding: entries)]
    }

    /// A part is written.
    mutating func noteWritten(_ token: String) {
        for part in parts where part.token == token { written.merge(part.entries, uniquingKeysWith: +) }
        parts.removeAll { $0.token == token }
    }

    /// Takes back what was handed out and may not be written.
    mutating func takeBack() {
        partCount = parts.map(\.number).min() ?? partCount
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
            let key = "\(prefix)/\(status)_\(partCount).\(isLines ? "jsonl" : "json")"
            let lines = lines(of: chosen)
            let text = isLines ? lines.map { $0.text() + "\n" }.joined() : JSON.array(lines).text()
            files.append(ResultFile(key: key, text: text))
            entries[status] = [["Key": .string(key), "Size": .integer(Int64(text.utf8.count))]]
        }
        return (files, entries)
    }

    private func manifest(adding entries: Entries) -> ResultFile {
        let all = (parts.map(\.entries) + [entries]).reduce(written) { $0.merging($1, uniquingKeysWith: +) }
        let files = Self.statuses.sorted().map { ($0, JSON.array(all[$0] ?? [])) }
        let object: JSON = [
            "DestinationBucket": arguments["Bucket"] ?? .null, "MapRunArn": .string(mapRun.arn),
            "ResultFiles": .object(JSONObject(files)),
        ]
        return ResultFile(key: "\(prefix)/manifest.json", text: object.text())
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
    /// The result with what is known about the child execution.
    func record(in identity: ExecutionIdentity) -> JSON {
        var record: JSONObject = ["ExecutionArn": .string("\(identity.executionARN)/\(index)")]
        switch outcome {
        case .succeeded(let output):
            record["Output"] = .string(output.text())
            record["OutputDetails"] = ["Included": true]
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            record["Error"] = error.map(JSON.string)
            record["Cause"] = cause.map(JSON.string)
        case nil: break
        }
        record["Input"] = .string(input.text())
        record["InputDetails"] = ["Included": true]
        record["Name"] = .string("\(identity.name)-\(index)")
        record["StartDate"] = startTime.map { .string($0.iso8601) }
        record["StateMachineArn"] = .string(identity.machineARN)
        record["Status"] = .string(outcome?.status ?? "PENDING")
        record["StopDate"] = stopTime.map { .string($0.iso8601) }
        return .object(record)
    }
}
