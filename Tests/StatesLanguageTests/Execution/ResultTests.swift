import JSONTree
import StatesLanguage
import Testing

@Suite("Written results of Map runs")
struct ResultTests {
    private static func map(_ fields: String = "") -> String {
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":3,\(fields)
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},
        "StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}},"End":true}}}
        """
    }

    private static let exceeded = ExecutionOutcome.failed(
        error: "States.ExceedToleratedFailureThreshold",
        cause: "The specified tolerated failure threshold was exceeded"
    )

    @Test(
        "A run that failed writes how each item stands, and ends with its error after that",
        arguments: [false, true]
    )
    func failed(isWritten: Bool) throws {
        let recorder = try Recorder(Self.map(), input: [1, 2, 3, 4, 5])
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: "a"))
        recorder.send(.taskFailed(token: recorder.tasks[1].token, error: "E", cause: "c"))
        #expect(recorder.execution.outcome == nil)
        let request = try #require(recorder.writings.last)
        let files = try Files(request)
        #expect(files.names == ["SUCCEEDED_0.json", "FAILED_0.json", "PENDING_0.json", "manifest.json"])
        #expect(files["SUCCEEDED"].map { $0["Input"] } == ["1"])
        #expect(files["FAILED"].map { $0["Input"] } == ["2", "3", "4"])
        #expect(files["FAILED"].map { $0["Status"] } == ["FAILED", "ABORTED", "ABORTED"])
        #expect(files["PENDING"].map { $0["Input"] } == ["5"])
        // As on the service, nothing else is said of what never started.
        #expect(files["PENDING"] == [["Input": "5", "InputDetails": ["Included": true], "Status": "PENDING"]])
        #expect(files.manifest == ["SUCCEEDED": 1, "FAILED": 1, "PENDING": 1])
        // An error of the writer does not hide the one that the run ends with.
        recorder.send(
            isWritten
                ? .resultsWritten(token: request.token, details: request.details)
                : .resultsFailed(token: request.token, error: nil, cause: "no room")
        )
        #expect(recorder.execution.outcome == Self.exceeded)
        #expect(recorder.types.suffix(3) == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"])
    }

    @Test("Items that wait for a batch, or in one, are pending with their input")
    func pendingBatches() throws {
        let reader =
            #""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"}},"#
        let batcher = #""ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":"i"},"#
        let recorder = try Recorder(Self.map(reader + batcher))
        guard case .readItems(let request)? = recorder.actions.last else {
            Issue.record("nothing was to be read")
            return
        }
        let items = (1...9).map { MapItem(.integer($0)) }
        recorder.send(.itemsRead(token: request.token, items: items, continuation: "9"))
        recorder.send(.taskFailed(token: recorder.tasks[0].token, error: "E", cause: nil))
        let files = try Files(#require(recorder.writings.last))
        #expect(
            files["PENDING"].map { $0["Input"] }
                == [#"{"BatchInput":"i","Items":[7,8]}"#, #"{"BatchInput":"i","Items":[9]}"#]
        )
    }

    @Test("A run that is stopped writes how each item stands, and nobody waits for it")
    func stopped() throws {
        let recorder = try Recorder(Self.map(), input: [1, 2, 3, 4])
        recorder.send(.taskSucceeded(token: recorder.tasks[1].token, output: "b"))
        recorder.send(.abort(error: nil, cause: nil))
        #expect(recorder.execution.outcome == .aborted(error: nil, cause: nil))
        #expect(recorder.execution.pendingTokens.isEmpty)
        let files = try Files(#require(recorder.writings.last))
        #expect(files["SUCCEEDED"].map { $0["Input"] } == ["2"])
        #expect(files["FAILED"].map { $0["Status"] } == ["ABORTED", "ABORTED", "ABORTED"])
        #expect(!files.names.contains("PENDING_0.json"))
    }

    @Test("A run that failed before any item began writes nothing")
    func nothingBegun() throws {
        let reader =
            #""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"}},"#
        let recorder = try Recorder(Self.map(reader))
        guard case .readItems(let request)? = recorder.actions.last else {
            Issue.record("nothing was to be read")
            return
        }
        recorder.send(.itemsFailed(token: request.token, error: nil, cause: "no such key"))
        #expect(recorder.execution.outcome == .failed(error: "States.ItemReaderFailed", cause: "no such key"))
        #expect(recorder.writings.isEmpty)
    }

    @Test("A redrive does only the failed items again, and the files say of each item once what came of it")
    func redriven() throws {
        let recorder = try Recorder(Self.map(#""ToleratedFailureCount":1,"#), input: [1, 2, 3])
        recorder.send(.taskSucceeded(token: recorder.tasks[2].token, output: "c"))
        for task in recorder.tasks[0...1] { recorder.send(.taskFailed(token: task.token, error: "E", cause: nil)) }
        recorder.answerWriting()
        #expect(recorder.execution.outcome == Self.exceeded)
        recorder.send(.redrive)
        #expect(recorder.tasks.map(\.input) == [1, 2, 3, 1, 2])
        recorder.send(.taskSucceeded(token: recorder.tasks[3].token, output: "a"))
        recorder.send(.taskFailed(token: recorder.tasks[4].token, error: "E", cause: nil))
        let files = try Files(#require(recorder.writings.last))
        #expect(files.names == ["SUCCEEDED_0.json", "FAILED_0.json", "manifest.json"])
        #expect(files.folder == "Redrive-1")
        #expect(files["SUCCEEDED"].map { $0["Input"] } == ["1"])
        #expect(files["FAILED"].map { $0["Input"] } == ["2"])
        // The successes before are in a file of their own; failures are those of the last time.
        #expect(files.manifest == ["SUCCEEDED": 2, "FAILED": 1, "PENDING": 0])
        recorder.answerWriting()
        #expect(recorder.execution.outcome?.status == "SUCCEEDED")
    }

    @Test("Results that could not be written are written by a redrive", arguments: [0, 1])
    func writtenAgain(failing: Int) throws {
        let recorder = try Recorder(Self.map(), options: ExecutionOptions(resultPartSize: 2), input: [1, 2, 3])
        for (task, output) in zip(recorder.tasks, ["a", "b", "c"]) {
            recorder.send(.taskSucceeded(token: task.token, output: .string(output)))
        }
        let requests = recorder.writings
        #expect(requests.count == 2)
        // Both may be written; what counts is what is known of them.
        for (position, request) in requests.enumerated() {
            recorder.send(
                position == failing
                    ? .resultsFailed(token: request.token, error: nil, cause: "no room")
                    : .resultsWritten(token: request.token, details: request.details)
            )
        }
        #expect(recorder.execution.outcome == .failed(error: "States.ResultWriterFailed", cause: "no room"))
        recorder.send(.redrive)
        #expect(recorder.tasks.count == 3)
        let files = try Files(#require(recorder.writings.last))
        #expect(files.names == ["SUCCEEDED_0.json", "manifest.json"])
        #expect(files.folder == "Redrive-1")
        #expect(files["SUCCEEDED"].map { $0["Input"] } == (failing == 0 ? ["1", "2", "3"] : ["3"]))
        #expect(files.manifest == ["SUCCEEDED": failing == 0 ? 1 : 2, "FAILED": 0, "PENDING": 0])
        recorder.answerWriting()
        #expect(recorder.execution.outcome?.status == "SUCCEEDED")
    }
}

/// The files of a part of the results, taken apart.
private struct Files {
    private let request: ResultRequest
    /// How many files the manifest names, by status.
    let manifest: [String: Int]

    init(_ request: ResultRequest) throws {
        self.request = request
        let manifest = try #require(request.files.last { $0.key.hasSuffix("/manifest.json") })
        let files = try JSON(parsing: manifest.text)["ResultFiles"]?.objectValue ?? JSONObject()
        let counts = files.map { ($0.key, $0.value.arrayValue?.count ?? 0) }
        self.manifest = Dictionary(counts, uniquingKeysWith: +)
    }

    /// The folder that the files are in.
    var folder: String? {
        request.files.last?.key.split(separator: "/").dropLast().last.map(String.init)
    }

    var names: [String] {
        request.files.map { $0.key.split(separator: "/").last.map(String.init) ?? "" }
    }

    subscript(status: String) -> [JSON] {
        guard let file = request.files.first(where: { $0.key.contains("/\(status)_") }) else { return [] }
        return (try? JSON(parsing: file.text))?.arrayValue ?? []
    }
}

extension Recorder {
    /// The parts of results that were to be written, in order.
    fileprivate var writings: [ResultRequest] {
        actions.compactMap { action in
            guard case .writeResults(let request) = action else { return nil }
            return request
        }
    }

    /// Answers the last part that was to be written.
    fileprivate func answerWriting() {
        guard let request = writings.last else { return }
        send(.resultsWritten(token: request.token, details: request.details))
    }
}
