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
        #expect(try JSON.array(ItemFormat(.csv).items(in: text).map(\.value)) == JSON(parsing: expected))
    }

    @Test(
        "Quotes are doubled and characters escaped as the service's documentation says",
        arguments: [
            // A repeated quote is a quote, in quotes and without them.
            (#"{""k"":""v""},"{""k"":""v""}""#, [#"{"k":"v"}"#, #"{"k":"v"}"#]),
            (#"5" x,a""b"c"#, [#"5" x"#, #"a"b"c"#]),
            // A backslash keeps another one, a quote and the delimiter; others lose it.
            (#"C:\\Program Files\\a.exe,1"#, [#"C:\Program Files\a.exe"#, "1"]), (#"C:\a\b,\"x\""#, ["C:ab", #""x""#]),
            (#"a\,b,"c\"d""#, ["a,b", #"c"d"#]), (#""a"\",\"#, [#"a""#, ""]), ("a\\\nb", ["a", ""]),
            ("\"a\\\nb\",c", ["a\nb", "c"]),
        ]
    )
    func csvEscapes(text: String, fields: [String]) throws {
        let format = ItemFormat(.csv, csvHeaders: ["a", "b"])
        let item = try #require(format.items(in: text).first)
        #expect(item.value == ["a": .string(fields[0]), "b": .string(fields[1])])
    }

    @Test("The delimiter of the file is the one that a backslash keeps")
    func csvEscapedDelimiter() throws {
        let format = ItemFormat(.csv, csvHeaders: ["a", "b"], csvDelimiter: "|")
        #expect(try format.items(in: #"x\|y|\,"#) == [MapItem(["a": "x|y", "b": ","])])
    }

    @Test("Headers can be given, and columns be separated by another character")
    func csvOptions() throws {
        let format = ItemFormat(.csv, csvHeaders: ["x", "y"], csvDelimiter: "|")
        #expect(try format.items(in: "1|2\n") == [MapItem(["x": "1", "y": "2"])])
        #expect(throws: ItemReadingError(message: "CSV headers cannot contain duplicates.")) {
            try ItemFormat(.csv).items(in: "a,a\n1,2")
        }
    }

    @Test("JSON gives the elements of its array, JSON lines a value a line")
    func json() throws {
        #expect(try ItemFormat(.json).items(in: "[1,{}]") == [MapItem(1), MapItem([:])])
        #expect(try ItemFormat(.json, itemsPointer: "/a/b").items(in: #"{"a":{"b":[1]}}"#) == [MapItem(1)])
        #expect(throws: ItemReadingError(message: "Attempting to map over non-iterable node.")) {
            try ItemFormat(.json).items(in: "7")
        }
        #expect(try ItemFormat(.jsonLines).items(in: "1\n\n{\"a\":2}\r\n") == [MapItem(1), MapItem(["a": 2])])
        #expect(throws: ItemReadingError.self) { try ItemFormat(.jsonLines).items(in: "{") }
    }

    @Test(
        "Whatever pieces a file comes in, its items are the same",
        arguments: [
            (ItemFormat(.csv), "a,b\r\n\"x, \"\"y\"\"\n\",\"\"\n\r\né,3\r4,5"),
            (ItemFormat(.csv, csvHeaders: ["x"], csvDelimiter: "|"), "1|2\n\"\"\"\"|\n"),
            (ItemFormat(.csv, csvHeaders: ["x", "y"]), #"a""b\,c,"\"\\""\x\"#),
            (ItemFormat(.jsonLines), "{\"a\": \"日本\\n\"}\r\n  \n[1, 2]\n3"),
            (ItemFormat(.json), #" [1, {"a": "]\\\",", "b": [[], {}]}, "é", [ ], null ] "#), (ItemFormat(.json), "[]"),
            (ItemFormat(.json, itemsPointer: "/a"), #"{"a": [1, 2]}"#), (ItemFormat(.json), " { } "),
            (ItemFormat(.json), #"{"a": {"}": [1, 2]}, "b\",é": "}", "c" : 3 }"#),
            (ItemFormat(.json, itemsPointer: "/a"), #"{"a": {"b": 1}}"#),
        ]
    )
    func pieces(format: ItemFormat, text: String) throws {
        let bytes = Array(text.utf8)
        let whole = try format.items(in: text)
        for size in 1...max(1, bytes.count) {
            var splitter = try ItemSplitter(format)
            var items: [MapItem] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                items += try splitter.add(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(try items + splitter.finish() == whole)
        }
        // An array or object is also what the whole text says.
        if format.kind == .json, format.itemsPointer == nil {
            #expect(try MapItem.items(of: JSON(parsing: text)) == whole)
        }
    }

    @Test("A mark of UTF-8 at the beginning is no part of the first item", arguments: 1...5)
    func byteOrderMark(size: Int) throws {
        func items(_ text: String, _ format: ItemFormat) throws -> [JSON] {
            let bytes = Array(text.utf8)
            var splitter = try ItemSplitter(format)
            let parts = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            let items = try parts.flatMap { try splitter.add(Array($0)) } + splitter.finish()
            return items.map(\.value)
        }
        #expect(try items("\u{FEFF}x\n1\n", ItemFormat(.csv)) == [["x": "1"]])
        #expect(try items("\u{FEFF}[1]", ItemFormat(.json)) == [1])
        // It begins like a mark and is none.
        #expect(try items("\u{FEFE}x\n1\n", ItemFormat(.csv)) == [["\u{FEFE}x": "1"]])
    }

    @Test(
        "Arrays and objects that are none are refused",
        arguments: [
            "", "[", "[1", "[1,]", "[,]", "[1] 2", "[1 2]", "[1}]", "x", "7", "{", "{1}", #"{"a":1"#, #"{"a":1,}"#,
            "{,}",
            #"{"a":1} 2"#, #"{"a":1]"#, #"{"a":1]}"#, #"{"a"}"#,
        ]
    )
    func brokenArrays(text: String) {
        #expect(throws: ItemReadingError.self) { try ItemFormat(.json).items(in: text) }
    }

    @Test(
        "An item without an end is refused before it fills the memory",
        arguments: [ItemFormat.Kind.csv, .jsonLines, .json]
    )
    func endless(kind: ItemFormat.Kind) throws {
        var splitter = try ItemSplitter(ItemFormat(kind))
        _ = try splitter.add(Array("[\"".utf8))
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(throws: ItemReadingError(message: "The file has an item of more than 8 MiB")) {
            for _ in 0..<9 { _ = try splitter.add(piece) }
        }
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
