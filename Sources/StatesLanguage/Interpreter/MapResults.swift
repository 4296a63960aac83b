import JSONTree

/// A file of results of a Map run.
public struct ResultFile: Sendable, Hashable {
    /// The key of the file, with the prefix of the run.
    public let key: String
    /// The text of the file.
    public let text: String
}

/// What became of an item of a Map run.
struct ItemResult {
    let index: Int
    let input: JSON
    let outcome: ExecutionOutcome
    let startTime: Timestamp
    let stopTime: Timestamp

    var output: JSON? {
        guard case .succeeded(let output) = outcome else { return nil }
        return output
    }
}

/// Writes the results of a Map run the way the service does: files of those that succeeded and of those that failed, in
/// parts, and a manifest that names them.
struct MapResults {
    let writer: ResultWriter
    let identity: ExecutionIdentity
    let mapRun: MapRun
    /// The arguments of the writer: bucket and prefix.
    let arguments: JSON
    private var unwritten: [ItemResult] = []
    private var partCount = 0
    /// The entries of the manifest by status.
    private var manifest: [String: [JSON]] = ["SUCCEEDED": [], "FAILED": []]

    init(writer: ResultWriter, identity: ExecutionIdentity, mapRun: MapRun, arguments: JSON) {
        self.writer = writer
        self.identity = identity
        self.mapRun = mapRun
        self.arguments = arguments
    }

    var unwrittenCount: Int {
        unwritten.count
    }

    mutating func add(_ result: ItemResult) {
        unwritten.append(result)
    }

    /// Forgets what became of items that are done again, unless it is written already.
    mutating func forget(_ indexes: Set<Int>) {
        unwritten.removeAll { indexes.contains($0.index) }
    }

    /// What the state answers about the files.
    var details: JSON {
        ["Bucket": arguments["Bucket"] ?? .null, "Key": .string("\(prefix)/manifest.json")]
    }

    private var prefix: String {
        let prefix = arguments["Prefix"]?.stringValue ?? ""
        return prefix.isEmpty ? mapRun.name : "\(prefix)\(prefix.hasSuffix("/") ? "" : "/")\(mapRun.name)"
    }

    /// The files of the results so far; the last ones come with the manifest.
    mutating func nextFiles(isLast: Bool) -> [ResultFile] {
        var files: [ResultFile] = []
        let results = unwritten.sorted { $0.index < $1.index }
        for status in ["SUCCEEDED", "FAILED"] {
            let chosen = results.filter { ($0.output != nil) == (status == "SUCCEEDED") }
            guard !chosen.isEmpty else { continue }
            let isLines = writer.outputType == "JSONL"
            let name = "\(prefix)/\(status)_\(partCount).\(isLines ? "jsonl" : "json")"
            let entries = entries(of: chosen)
            let text =
                isLines ? entries.map { $0.text() + "\n" }.joined() : JSON.array(entries).text()
            files.append(ResultFile(key: name, text: text))
            manifest[status]?.append(["Key": .string(name), "Size": .integer(Int64(text.utf8.count))])
        }
        unwritten = []
        partCount += 1
        if isLast { files.append(ResultFile(key: "\(prefix)/manifest.json", text: manifestText)) }
        return files
    }

    private var manifestText: String {
        let object: JSON = [
            "DestinationBucket": arguments["Bucket"] ?? .null, "MapRunArn": .string(mapRun.arn),
            "ResultFiles": [
                "FAILED": .array(manifest["FAILED"] ?? []), "PENDING": [],
                "SUCCEEDED": .array(manifest["SUCCEEDED"] ?? []),
            ],
        ]
        return object.text()
    }

    private func entries(of results: [ItemResult]) -> [JSON] {
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
        }
        record["Input"] = .string(input.text())
        record["InputDetails"] = ["Included": true]
        record["Name"] = .string("\(identity.name)-\(index)")
        record["StartDate"] = .string(startTime.iso8601)
        record["StateMachineArn"] = .string(identity.machineARN)
        record["Status"] = .string(outcome.status)
        record["StopDate"] = .string(stopTime.iso8601)
        return .object(record)
    }
}
