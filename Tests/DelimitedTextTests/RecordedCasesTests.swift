import DelimitedText
import Foundation
import Testing

/// What DuckDB 1.5.5 made of small texts; `Recorded/record.py` writes the file.
@Suite struct RecordedCasesTests {
    struct Case: Decodable {
        var fields: Int
        var delimiter: String
        var quote: String?
        var escape: String?
        var comment: String?
        var text: String
        var rows: [[String]]
    }

    @Test func `A text that DuckDB reads strictly has the same records here`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recorded/strict_csv.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        #expect(cases.count == 500)
        for recorded in cases {
            let dialect = try Dialect(
                delimiter: recorded.delimiter,
                quote: recorded.quote.map { Character($0) },
                escape: recorded.escape.map { Character($0) },
                comment: recorded.comment.map { Character($0) },
                hasHeader: false
            )
            let source = ArrayByteSource(Array(recorded.text.utf8))
            var reader = DelimitedReader(source, dialect: dialect, expectedFields: recorded.fields)
            let records = try reader.collect()
            #expect(records.map(\.fault) == records.map { _ in nil }, "\(recorded)")
            #expect(records.map(\.fields) == recorded.rows, "\(recorded)")
        }
    }
}
