import Foundation
import JSONTree
import Testing

/// What `init --from` reads off files is what a run of its pipeline then takes in.
@Suite("Pipelines from files, end to end", .timeLimit(.minutes(30)))
struct InferenceTests {
    /// Makes a pipeline from a file, runs it, and answers the rows of its table as CSV.
    private func rows(_ bytes: Data, of name: String, _ select: String) throws -> String {
        let project = try TemporaryProject([:])
        try bytes.write(to: URL(filePath: project.folder + "/" + name))
        let made = try project.program.run("init", "--from", name, "--name", "things")
        #expect(made.status == 0, "\(made.messages)")
        let text = try String(contentsOfFile: project.folder + "/pipelines/things.yml", encoding: .utf8)
        let run = try project.program.run("run")
        #expect(run.status == 0, "\(run.messages)\(text)")
        return try project.program.run("query", "SELECT \(select) FROM silver.things ORDER BY ALL", "-o", "csv").output
    }

    @Test func `Fields without a name go by their places, as in a run`() throws {
        #expect(try rows(Data("id,,x\n1,2,3\n".utf8), of: "a.csv", "*").hasPrefix("id,column_2,x,"))
        #expect(try rows(Data("id,,x\n1,2,3\n".utf8), of: "a.csv", "column_2") == "column_2\n2\n")
    }

    @Test func `Keys and fields whose names differ in case only become two columns`() throws {
        let lines = "{\"a\":1,\"A\":\"x\",\"A_1\":true}\n{\"a\":2,\"A\":\"y\",\"A_1\":false}\n"
        let json = try rows(Data(lines.utf8), of: "a.jsonl", "COLUMNS('^a')")
        #expect(json == "a,a_1,a_1_1\n1,x,true\n2,y,false\n")
        #expect(try rows(Data("id,More,more\n1,a,b\n".utf8), of: "a.csv", "more, more_1") == "more,more_1\na,b\n")
    }

    @Test func `Fields of one name are taken by their places`() throws {
        #expect(try rows(Data("id,a,a\n1,2,x\n".utf8), of: "a.csv", "id, a, a_2") == "id,a,a_2\n1,2,x\n")
    }

    @Test(arguments: [
        ("a.csv", "id,name\n1,änn\n2,😀\n"),
        ("a.jsonl", "{\"id\":1,\"name\":\"änn\"}\n{\"id\":2,\"name\":\"😀\"}\n"),
    ])
    func `UTF-16 is told by its mark or its zeros, and written down`(name: String, text: String) throws {
        let encodings: [(String.Encoding, [UInt8])] = [
            (.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF]), (.utf16BigEndian, []),
            (.utf16LittleEndian, []),
        ]
        for (encoding, mark) in encodings {
            let bytes = Data(mark) + (text.data(using: encoding) ?? Data())
            #expect(try rows(bytes, of: name, "id, name") == "id,name\n1,änn\n2,😀\n")
        }
    }

    @Test func `An array of JSON in UTF-16, which no run reads, is refused`() throws {
        let project = try TemporaryProject([:])
        let bytes = Data([0xFF, 0xFE]) + ("[{\"id\":1}]".data(using: .utf16LittleEndian) ?? Data())
        try bytes.write(to: URL(filePath: project.folder + "/a.json"))
        let made = try project.program.run("init", "--from", "a.json")
        #expect(made.status != 0)
        #expect(made.messages.contains("a.json is a JSON array in UTF-16"), "\(made.messages)")
        #expect(made.messages.contains("try: iconv -f UTF-16 -t UTF-8"))
    }

    @Test func `A compressed file that is damaged is named`() throws {
        let project = try TemporaryProject([:])
        // A header of gzip, and nothing behind it that is one.
        let bytes = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) + Data("no deflate".utf8)
        try bytes.write(to: URL(filePath: project.folder + "/a.csv.gz"))
        let made = try project.program.run("init", "--from", "a.csv.gz")
        #expect(made.status != 0)
        #expect(made.messages.contains("error[ING0806]: the file"), "\(made.messages)")
        #expect(made.messages.contains("a.csv.gz cannot be read"), "\(made.messages)")
    }

    @Test func `Files of several folders make their common folder the source, which is not the project's own`() throws {
        let project = try TemporaryProject([:])
        for name in ["in/1/a.csv", "in/2/b.csv", "a.csv"] { try project.write("id\n1\n", to: name) }
        let beside = try project.program.run("init", "--from", "a.csv", "in/1/a.csv", "--name", "things")
        #expect(beside.status == 1)
        #expect(beside.messages.contains("the files lie beside the project"), "\(beside.messages)")
        #expect(try project.program.run("init", "--from", "in/1/a.csv", "in/2/b.csv", "--name", "things").status == 0)
        #expect(try project.program.run("run").status == 0)
        let keys = try project.program.run("query", "SELECT key FROM ops.objects ORDER BY 1", "-o", "csv")
        #expect(keys.output == "key\n1/a.csv\n2/b.csv\n")
    }

    @Test func `Values of several forms, of none, or deeper than types go, are loaded`() throws {
        let lines = "{\"id\":1,\"v\":\"a\",\"n\":null}\n{\"id\":2,\"v\":{\"b\":1},\"n\":null}\n"
        #expect(try rows(Data(lines.utf8), of: "a.jsonl", "v, n") == "v,n\na,\n\"{\"\"b\"\":1}\",\n")
        let deep = String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40)
        #expect(try rows(Data(deep.utf8), of: "deep.json", "length(a) AS n") == "n\n235\n")
        let times = "a,b\n1/2/26,24:00:00\n3/14/26,10:00:00\n"
        #expect(try rows(Data(times.utf8), of: "a.csv", "a, b") == "a,b\n2026-01-02,24:00:00\n2026-03-14,10:00:00\n")
    }

    @Test func `A file of 500 columns is looked at in seconds`() throws {
        let header = (0..<500).map { "c\($0)" }.joined(separator: ",")
        let row = (0..<500).map { "\($0)" }.joined(separator: ",")
        let text = header + "\n" + String(repeating: row + "\n", count: 50)
        let project = try TemporaryProject([:])
        try project.write(text, to: "a.csv")
        let start = ContinuousClock.now
        #expect(try project.program.run("init", "--from", "a.csv").status == 0)
        // It takes some seconds, and took minutes when every column read the file again.
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
