import IngotCore
import IngotProject
import Testing

@Suite("YAML mistakes")
struct YAMLSyntaxTests {
    @Test(
        "are told with their place and what to do",
        arguments: [
            (
                "pipeline: x\n\tsource: 1\n",
                "2:1: error[ING0103]: a tab stands where YAML needs spaces\n  try: replace the tab by spaces"
            ),
            (
                "pipeline: a: b\n",
                """
                1:12: error[ING0103]: invalid YAML: a ": " stands where no key can be
                  try: put a text that holds ": " in quotes, or check the indentation
                """
            ),
            (
                "description: @home\n",
                """
                1:14: error[ING0103]: a text cannot begin with "@" unless it is quoted
                  try: put the text in single quotes
                """
            ),
            (
                "a: 1\n---\nb: 2\n",
                """
                2:1: error[ING0103]: the file holds more than one YAML document
                  try: remove the "---" and what follows, or move it into a file of its own
                """
            ),
            (
                "pipeline: *name\n",
                """
                1:11: error[ING0103]: the alias names an anchor that is not defined above it
                  try: put a text that begins with "*" in quotes
                """
            ),
            (
                "a: 1\ndescription: 'it''s\n",
                """
                2:14: error[ING0103]: the quoted text that begins here does not end
                  try: close the quote; inside single quotes a quote is written twice
                """
            ),
            (
                "a: [1, 2\nb: 3\n",
                """
                2:2: error[ING0103]: invalid YAML: did not find expected ',' or ']' (while parsing a flow sequence that \
                begins on line 1)
                  try: check quotes, brackets and indentation on this line and above it
                """
            ),
            ("", "1: error[ING0106]: the file is empty\n  try: pipeline: ..."),
            ("# only a comment\n", "1: error[ING0106]: the file is empty\n  try: pipeline: ..."),
            ("- 1\n", "1:1: error[ING0107]: expected a mapping with the keys of a pipeline, found a list"),
            ("just text\n", "1:1: error[ING0107]: expected a mapping with the keys of a pipeline, found \"just text\""),
        ]
    )
    func golden(yaml: String, expected: String) {
        #expect(Diagnosing.pipeline(yaml) == expected)
    }

    @Test("Every repeated key is reported where it stands again, and the rest of the file is still checked")
    func repeatedKeys() {
        let yaml =
            Diagnosing.pipeline + """
                pipeline: again
                "pipeline": third
                rules:
                  - {name: r, expression: id > 0, name: s}
                on_row_error: drop
                """
        #expect(
            Diagnosing.pipeline(yaml) == """
                7:1: error[ING0104]: the key "pipeline" stands twice in one mapping, first on line 1
                  try: remove one of the two
                8:1: error[ING0104]: the key "pipeline" stands twice in one mapping, first on line 1
                  try: remove one of the two
                10:35: error[ING0104]: the key "name" stands twice in one mapping, first on line 10
                  try: remove one of the two
                11:15: error[ING0108]: "drop" is not one of: quarantine, skip, fail
                """
        )
    }

    @Test("Anchors, aliases and merge keys work")
    func aliases() throws {
        let project = try Diagnosing.project([
            "pipelines/p.yml": """
            pipeline: p
            source: {path: in/, format: csv}
            columns:
              - &key {name: id, data_type: bigint, not_null: true}
              - {<<: *key, name: other, not_null: false}
            silver: {table: silver.p}
            """
        ])
        let columns = project.pipelines[0].tables[0].columns
        #expect(columns.map(\.name.value) == ["id", "other"])
        #expect(columns.map(\.notNull) == [true, false])
        #expect(columns[1].dataType.value == .bigint)
    }

    @Test("Aliases that multiply end in an error, in little time", .timeLimit(.minutes(30)))
    func billionLaughs() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let tooMany = Diagnosing.pipeline(yaml)
        #expect(tooMany.contains("error[ING0103]: the file has more than 100000 values (aliases followed)"))
        for key in ["? [*a40]\n: 1\n", "*a40 : 1\n", "{[*a40]: 1}\n", "b: {[*a40] : 1}\n", "? - *a40\n: 1\n"] {
            #expect(
                Diagnosing.pipeline(yaml + key).contains("a key must be a text, not a list, a mapping or an alias"),
                "\(key)"
            )
        }
    }

    @Test("Nesting without end is an error, not a crash", arguments: ["[", "{a: ", "- ", "? ", "[{a: ", "- ? "])
    func nesting(opening: String) {
        let yaml = String(repeating: opening, count: 50_000)
        #expect(Diagnosing.pipeline(yaml).contains("values lie more than 64 deep inside each other"))
        #expect(Diagnosing.pipeline("a: " + yaml).contains("error[ING0103]"))
    }

    @Test("Nesting that is well formed is bounded too")
    func closedNesting() {
        let flow = String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
        let block = (0..<600).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        let short = (0..<200).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        for yaml in [flow, block, short] {
            #expect(Diagnosing.pipeline(yaml).contains("values lie more than 64 deep inside each other"))
        }
    }

    @Test("Files that are no text are named with the first line that is not")
    func notText() {
        let right = Array("name: test\n".utf8)
        func finding(_ bytes: [UInt8]) -> String {
            Diagnosing.findings(InMemoryProjectFiles(bytes: ["ingot.yml": right, "pipelines/p.yml": bytes]))
        }
        #expect(
            finding(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A]) == """
                pipelines/p.yml:2: error[ING0102]: the file is not UTF-8
                  try: save it as UTF-8
                """
        )
        #expect(
            finding(Array("a: 1\nb: x\u{0}y".utf8)) == """
                pipelines/p.yml:2:5: error[ING0102]: the file holds the control character U+0000
                  try: remove it
                """
        )
        #expect(
            finding([UInt8](repeating: 0x61, count: 1_048_577)) == """
                pipelines/p.yml: error[ING0102]: the file is larger than 1 MiB
                  try: keep data out of project files; it belongs into a source folder
                """
        )
    }

    @Test("A byte order mark and every kind of line end leave the places right", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        let lines = ["\u{FEFF}pipeline: p", "source: {path: in/, format: csv}", "foo: 1"]
        let finding = Diagnosing.pipeline(lines.joined(separator: end))
        #expect(finding.contains("3:1: error[ING0105]: unknown key \"foo\" in a pipeline"))
    }
}
