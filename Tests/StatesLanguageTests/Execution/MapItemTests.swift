import JSONTree
import StatesLanguage
import Testing

@Suite("Items of Map states", .timeLimit(.minutes(30)))
struct MapItemTests {
    private static let selector = """
        {"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","s.$":"$$.Map.Item.Source"}
        """

    private static func map(_ fields: String, mode: String = "DISTRIBUTED") -> String {
        """
        {"StartAt":"M","States":{"M":{"Type":"Map",\(fields)"ItemProcessor":{"ProcessorConfig":{"Mode":"\(mode)"},
        "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}
        """
    }

    private static func reader(_ key: String, _ config: String = "{}", action: String = "getObject") -> String {
        let place = action == "getObject" ? "Key" : "Prefix"
        return #""ItemReader":{"Resource":"arn:aws:states:::s3:\#(action)","ReaderConfig":\#(config),"#
            + #""Parameters":{"Bucket":"b","\#(place)":"\#(key)"}},"#
    }

    private func run(
        _ definition: String,
        input: JSON = [:],
        objects: [String: [String: String]] = [:]
    ) throws -> ExecutionOutcome? {
        Simulator(machine: try StateMachine(parsing: definition), objects: objects).run(input: input).outcome
    }

    // MARK: Members of objects

    @Test("The members of an object are items of a distributed Map, each with its key", arguments: [false, true])
    func members(isJSONata: Bool) throws {
        let path = isJSONata ? #""QueryLanguage":"JSONata","Items":"{% $states.input.o %}","# : #""ItemsPath":"$.o","#
        let input: JSON = ["o": ["b": 2, "a": ["x": 1]]]
        #expect(
            try run(Self.map(path), input: input)
                == .succeeded(output: [["Key": "b", "Value": 2], ["Key": "a", "Value": ["x": 1]]])
        )
        let selector =
            isJSONata
            ? #"{"item":"{% $states.context.Map.Item %}"}"# : #"{"item.$":"$$.Map.Item"}"#
        #expect(
            try run(Self.map(path + #""ItemSelector":\#(selector),"#), input: input)
                == .succeeded(
                    output: [
                        ["item": ["Index": 0, "Key": "b", "Value": 2, "Source": "STATE_DATA"]],
                        ["item": ["Index": 1, "Key": "a", "Value": ["x": 1], "Source": "STATE_DATA"]],
                    ]
                )
        )
    }

    @Test("The members of an object that is the whole input, or a file, or a part of one, are items")
    func membersOfWholes() throws {
        let items: JSON = [["Key": "k", "Value": 1], ["Key": "l", "Value": [2]]]
        let expected = ExecutionOutcome.succeeded(output: items)
        #expect(try run(Self.map(""), input: ["k": 1, "l": [2]]) == expected)
        let objects = ["b": ["f": #"{"k": 1, "l": [2]}"#, "g": #"{"o": {"k": 1, "l": [2]}}"#]]
        #expect(try run(Self.map(Self.reader("f")), objects: objects) == expected)
        #expect(try run(Self.map(Self.reader("g", #"{"ItemsPointer":"/o"}"#)), objects: objects) == expected)
        #expect(try run(Self.map(""), input: [:]) == .succeeded(output: []))
    }

    @Test("An inline Map takes only arrays")
    func inline() throws {
        let cause =
            "An error occurred while executing the state 'M' (entered at the event id #2). Reference path \"$\" must "
            + "point to array."
        #expect(
            try run(Self.map("", mode: "INLINE"), input: ["k": 1]) == .failed(error: "States.Runtime", cause: cause)
        )
    }

    // MARK: Sources

    @Test("The context object says where an item is from", arguments: ["INLINE", "DISTRIBUTED"])
    func stateData(mode: String) throws {
        #expect(
            try run(Self.map(#""ItemSelector":\#(Self.selector),"#, mode: mode), input: [7])
                == .succeeded(output: [["i": 0, "v": 7, "s": "STATE_DATA"]])
        )
    }

    private static let objects = [
        "b": ["d/1.json": "[1, 2]", "d/2.json": #"{"k": 3}"#, "d/": "", "e/1.json": "[9]", "d.csv": "x\n1\n"]
    ]

    @Test("Items of a listing are from its bucket, and those of files from their file")
    func sources() throws {
        let selector = #""ItemSelector":\#(Self.selector),"#
        let csv = Self.map(Self.reader("d.csv", #"{"InputType":"CSV"}"#) + selector)
        #expect(
            try run(csv, objects: Self.objects) == .succeeded(output: [["i": 0, "v": ["x": "1"], "s": "s3://b/d.csv"]])
        )
        let listing = Self.map(
            Self.reader("e/", #"{"Transformation":"NONE"}"#, action: "listObjectsV2")
                + #""ItemSelector":{"k.$":"$$.Map.Item.Value.Key","s.$":"$$.Map.Item.Source"},"#
        )
        #expect(try run(listing, objects: Self.objects) == .succeeded(output: [["k": "e/1.json", "s": "s3://b"]]))
    }

    // MARK: Files of listings and manifests

    @Test("LOAD_AND_FLATTEN gives the items of all files that a listing finds")
    func flattened() throws {
        let config = #"{"InputType":"JSON","Transformation":"LOAD_AND_FLATTEN"}"#
        let definition = Self.map(
            Self.reader("d/", config, action: "listObjectsV2") + #""ItemSelector":\#(Self.selector),"#
        )
        #expect(
            try run(definition, objects: Self.objects)
                == .succeeded(
                    output: [
                        ["i": 0, "v": 1, "s": "s3://b/d/1.json"], ["i": 1, "v": 2, "s": "s3://b/d/1.json"],
                        ["i": 2, "v": 3, "s": "s3://b/d/2.json"],
                    ]
                )
        )
    }

    @Test("The manifest of an UNLOAD names its files by their addresses")
    func unloaded() throws {
        let objects = ["b": ["m.csv": "s3://c/x/1\ns3://c/2\n"], "c": ["x/1": "{\"n\":1}\n", "2": "{\"n\":2}\n"]]
        let config = #"{"ManifestType":"ATHENA_DATA","InputType":"JSONL"}"#
        #expect(
            try run(Self.map(Self.reader("m.csv", config)), objects: objects)
                == .succeeded(output: [["n": 1], ["n": 2]])
        )
        let broken = ["b": ["m.csv": "c/x/1\n"]]
        let cause = "The manifest names c/x/1, which is no address of an object"
        #expect(
            try run(Self.map(Self.reader("m.csv", config)), objects: broken)
                == .failed(error: "States.ItemReaderFailed", cause: cause)
        )
    }

    @Test(
        "Settings of readers that make no sense are reported",
        arguments: [
            (#"{"Transformation":"FLATTEN"}"#, "listObjectsV2", "should have one of these values"),
            (#"{"Transformation":"LOAD_AND_FLATTEN"}"#, "listObjectsV2", "LOAD_AND_FLATTEN needs an InputType of"),
            (
                #"{"Transformation":"LOAD_AND_FLATTEN","InputType":"MANIFEST"}"#, "listObjectsV2",
                "LOAD_AND_FLATTEN needs an InputType of"
            ),
            (
                #"{"Transformation":"LOAD_AND_FLATTEN","InputType":"CSV"}"#, "getObject",
                "LOAD_AND_FLATTEN needs the resource"
            ),
            (#"{"ManifestType":"ATHENA"}"#, "getObject", "should have one of these values"),
            (#"{"ManifestType":"ATHENA_DATA","InputType":"JSON"}"#, "getObject", "ATHENA_DATA needs an InputType of"),
            (#"{"ManifestType":"S3_INVENTORY","InputType":"CSV"}"#, "getObject", "cannot be set with"),
        ]
    )
    func readerSettings(config: String, action: String, message: String) {
        let found = StateMachine.diagnostics(of: Self.map(Self.reader("d/", config, action: action)))
        #expect(found.count == 1)
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }

    @Test("Parquet is refused with its name where texts are read")
    func parquet() throws {
        let outcome = try run(
            Self.map(Self.reader("d.csv", #"{"InputType":"PARQUET"}"#)),
            objects: Self.objects
        )
        let cause = "Items of the type PARQUET cannot be read here: write CSV, JSON or JSON lines"
        #expect(outcome == .failed(error: "States.ItemReaderFailed", cause: cause))
    }

    // MARK: Batches

    private static func batched(_ batcher: String) -> String {
        map(#""ItemBatcher":\#(batcher),"ItemsPath":"$.items","#)
    }

    @Test("A batch with its input is as large as it may be, and not larger")
    func batchBytes() throws {
        // {"BatchInput":{"a":1},"Items":[1,2]} has 36 bytes.
        for (size, batches) in [(36, [[1, 2], [3, 4]]), (35, [[1], [2], [3], [4]]), (38, [[1, 2, 3], [4]])] {
            let definition = Self.batched(#"{"MaxInputBytesPerBatch":\#(size),"BatchInput":{"a":1}}"#)
            let expected = batches.map { batch -> JSON in
                ["BatchInput": ["a": 1], "Items": .array(batch.map { .integer(Int64($0)) })]
            }
            #expect(
                try run(definition, input: ["items": [1, 2, 3, 4]]) == .succeeded(output: .array(expected)),
                "\(size) bytes"
            )
        }
    }

    @Test("An item that fits into no batch fails the state")
    func largeItem() throws {
        let outcome = try run(Self.batched(#"{"MaxInputBytesPerBatch":20}"#), input: ["items": ["1234567890"]])
        guard case .failed("States.DataLimitExceeded", let cause) = outcome else {
            Issue.record("ended with \(String(describing: outcome))")
            return
        }
        // {"Items":["1234567890"]} has 24 bytes.
        #expect(cause?.contains("The item 0 makes a batch of 24 bytes, and 20 bytes are the maximum") == true)
    }

    @Test("An item of a file that is larger than an input may be fails the state, unless a selector makes it smaller")
    func largeChild() throws {
        let objects = ["b": ["f": "[{\"n\":1,\"t\":\"\(String(repeating: "x", count: 300_000))\"}]"]]
        guard case .failed("States.DataLimitExceeded", _) = try run(Self.map(Self.reader("f")), objects: objects) else {
            Issue.record("a child was started with a larger input than one may have")
            return
        }
        let selector = #""ItemSelector":{"n.$":"$$.Map.Item.Value.n"},"#
        #expect(
            try run(Self.map(Self.reader("f") + selector), objects: objects) == .succeeded(output: [["n": 1]])
        )
    }

    @Test("A path to a number of items or bytes that is not positive fails the state", arguments: [0, -1])
    func batchPaths(value: Int64) throws {
        for field in ["MaxItemsPerBatch", "MaxInputBytesPerBatch"] {
            let definition = Self.batched(#"{"\#(field)Path":"$.n"}"#)
            let cause =
                "An error occurred while executing the state 'M' (entered at the event id #2). Expected positive "
                + "integer for \(field), got '\(value)' instead."
            #expect(
                try run(definition, input: ["items": [1], "n": .integer(value)])
                    == .failed(error: "States.Runtime", cause: cause)
            )
        }
    }

    @Test("The index of an item goes on from page to page, also in batches")
    func indexes() throws {
        let fields =
            Self.reader("f", #"{"InputType":"JSONL"}"#)
            + #""ItemBatcher":{"MaxItemsPerBatch":2},"ItemSelector":{"i.$":"$$.Map.Item.Index"},"#
        let recorder = try Recorder(Self.map(fields))
        for (items, continuation) in [([MapItem("a"), MapItem("b")], "next"), ([MapItem("c")], nil)] {
            guard case .readItems(let request) = recorder.actions.last else {
                Issue.record("nothing was to be read")
                return
            }
            recorder.send(.itemsRead(token: request.token, items: items, continuation: continuation))
        }
        #expect(
            recorder.execution.outcome
                == .succeeded(output: [["Items": [["i": 0], ["i": 1]]], ["Items": [["i": 2]]]])
        )
    }

    @Test("Batches go on from page to page, up to the limit of items", arguments: [nil, 4])
    func batchesOverPages(limit: Int?) throws {
        let config = limit.map { #"{"InputType":"JSONL","MaxItems":\#($0)}"# } ?? #"{"InputType":"JSONL"}"#
        let fields = Self.reader("f", config) + #""ItemBatcher":{"MaxItemsPerBatch":3,"BatchInput":{"b":1}},"#
        let recorder = try Recorder(Self.map(fields))
        var readCount = 0
        for (items, continuation) in [([1, 2], "3"), ([3, 4], "5"), ([5], nil)] as [([Int64], String?)] {
            guard case .readItems(let request) = recorder.actions.last else { break }
            readCount += 1
            let items = items.map { MapItem(.integer($0)) }
            recorder.send(.itemsRead(token: request.token, items: items, continuation: continuation))
        }
        // Nothing is read beyond the limit.
        #expect(readCount == (limit == nil ? 3 : 2))
        let batches = limit == nil ? [[1, 2, 3], [4, 5]] : [[1, 2, 3], [4]] as [[Int64]]
        let outputs = batches.map { ["BatchInput": ["b": 1], "Items": .array($0.map(JSON.integer))] as JSON }
        #expect(recorder.execution.outcome == .succeeded(output: .array(outputs)))
    }

    @Test("A page whose batches could not be made is read again by a redrive, and its items have their numbers")
    func pageRedriven() throws {
        let fields =
            Self.reader("f", #"{"InputType":"JSONL"}"#)
            + #""ItemBatcher":{"MaxItemsPerBatch":2},"ItemSelector":{"n.$":"$$.Map.Item.Value.n","i.$":"$$.Map.Item.Index"},"#
        let recorder = try Recorder(Self.map(fields))
        func read(_ item: JSON, _ continuation: String?) {
            guard case .readItems(let request)? = recorder.actions.last(where: \.isReading) else { return }
            recorder.send(.itemsRead(token: request.token, items: [MapItem(item)], continuation: continuation))
        }
        read(["n": 1], "1")
        read(["x": 2], nil)
        #expect(recorder.execution.outcome?.status == "FAILED")
        recorder.send(.redrive)
        read(["n": 2], nil)
        #expect(
            recorder.execution.outcome == .succeeded(output: [["Items": [["n": 1, "i": 0], ["n": 2, "i": 1]]]])
        )
    }

    // MARK: Modes

    @Test(
        "Fields of distributed Maps are reported in inline ones",
        arguments: [
            (#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject"},"#, "ItemReader"),
            (#""ItemBatcher":{"MaxItemsPerBatch":1},"#, "ItemBatcher"),
            (#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject"},"#, "ResultWriter"),
            (#""Label":"l","#, "Label"), (#""ToleratedFailureCount":1,"#, "ToleratedFailureCount"),
            (#""ToleratedFailurePercentagePath":"$.p","#, "ToleratedFailurePercentagePath"),
        ]
    )
    func modes(field: String, name: String) {
        let found = StateMachine.diagnostics(of: Self.map(field, mode: "INLINE"))
        #expect(found.map(\.message) == ["Field '\(name)' is only supported for Map states in DISTRIBUTED mode"])
        #expect(found.map(\.location) == ["/States/M/\(name)"])
        #expect(StateMachine.diagnostics(of: Self.map(field)).isEmpty)
    }

    @Test("A batcher whose number is wrong is reported once")
    func batcherNumbers() {
        let found = StateMachine.diagnostics(of: Self.batched(#"{"MaxItemsPerBatch":0}"#))
        #expect(found.map(\.message) == ["Minimum value is 1"])
    }
}

extension ExecutionAction {
    fileprivate var isReading: Bool {
        if case .readItems = self { true } else { false }
    }
}
