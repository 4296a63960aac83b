import JSONTree
import JSONata
import Testing

@Suite("Files of cases")
struct CaseTests {
    @Test("A line gives a result, undefined, or a code with its message")
    func outcomes() throws {
        let cases = """
            {"id": "1", "expr": "a.b", "dataset": "one"}

            {"id": "2", "expr": "$x + a", "data": {"a": 1}, "bindings": {"x": 2}}
            {"id": "3", "expr": "nothing", "no_data": true}
            {"id": "4", "expr": "1 + true"}
            {"id": "5", "expr": "($f := function($n){ 1 + $f($n) }; $f(1))", "depth": 20, "timelimit": 1000}
            """
        let runner = JSONataCases(datasets: ["one": ["a": ["b": [1, 2]]]])
        let outcomes = try cases.split(separator: "\n").map { runner.outcome(of: try JSON(parsing: String($0))) }
        #expect(
            outcomes.prefix(3) == [
                ["id": "1", "result": [1, 2]], ["id": "2", "result": 3], ["id": "3", "undefined": true],
            ]
        )
        #expect(outcomes[3]["code"] == "T2002")
        #expect(outcomes[3]["error"] == "The right side of the \"+\" operator must evaluate to a number")
        #expect(outcomes[4]["code"] == "U1001")
    }
}
