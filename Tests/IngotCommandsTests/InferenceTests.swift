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
