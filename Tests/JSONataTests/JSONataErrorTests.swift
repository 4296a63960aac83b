import JSONata
import Testing

@Suite("JSONata errors")
struct JSONataErrorTests {
    @Test("An error describes itself by code and message")
    func description() {
        let error = JSONataError(code: "T1006", position: 3, token: "f", message: "Attempted to invoke a non-function")
        #expect(error.description == "T1006: Attempted to invoke a non-function")
    }
}
