import JSONTree
import StatesLanguage
import Testing

@Suite("Items of files")
struct ItemFormatTests {
    @Test(
        "Rows of a CSV file become objects of texts",
        arguments: [
            ("a,b\n1,2\n", #"[{"a":"1","b":"2"}]"#),
            ("a,b\r\n\"x, \"\"y\"\"\n\",2", #"[{"a":"x, \"y\"\n","b":"2"}]"#),
            ("a,b\n1\n1,2,3\n\n,\n", #"[{"a":"1","b":""},{"a":"1","b":"2"},{"a":"","b":""}]"#),
            ("", "[]"), ("a", "[]"),
        ]
    )
    func csv(text: String, expected: String) throws {
        #expect(try JSON.array(ItemFormat(.csv).items(in: text)) == JSON(parsing: expected))
    }

    @Test("Headers can be given, and columns be separated by another character")
    func csvOptions() throws {
        let format = ItemFormat(.csv, csvHeaders: ["x", "y"], csvDelimiter: "|")
        #expect(try format.items(in: "1|2\n") == [["x": "1", "y": "2"]])
        #expect(throws: ItemReadingError(message: "CSV headers cannot contain duplicates.")) {
            try ItemFormat(.csv).items(in: "a,a\n1,2")
        }
    }

    @Test("JSON gives the elements of its array, JSON lines a value a line")
    func json() throws {
        #expect(try ItemFormat(.json).items(in: "[1,{}]") == [1, [:]])
        #expect(try ItemFormat(.json, itemsPointer: "/a/b").items(in: #"{"a":{"b":[1]}}"#) == [1])
        #expect(throws: ItemReadingError(message: "Attempting to map over non-iterable node.")) {
            try ItemFormat(.json).items(in: "{}")
        }
        #expect(try ItemFormat(.jsonLines).items(in: "1\n\n{\"a\":2}\r\n") == [1, ["a": 2]])
        #expect(throws: ItemReadingError.self) { try ItemFormat(.jsonLines).items(in: "{") }
    }

    @Test("The manifest of an inventory leads to the rows of its files")
    func manifest() throws {
        let manifest = """
            {"destinationBucket":"arn:aws:s3:::inventory","fileSchema":"Bucket, Key","files":[{"key":"rows.csv"}]}
            """
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
            "ReaderConfig":{"InputType":"MANIFEST"},"Parameters":{"Bucket":"b","Key":"m"}},
            "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}
            """
        let simulator = Simulator(
            machine: try StateMachine(parsing: definition),
            objects: ["b": ["m": manifest], "inventory": ["rows.csv": "\"b\",\"one\"\n\"b\",\"two\"\n"]]
        )
        let rows: JSON = [["Bucket": "b", "Key": "one"], ["Bucket": "b", "Key": "two"]]
        #expect(simulator.run(input: [:]).outcome == .succeeded(output: rows))
    }
}
