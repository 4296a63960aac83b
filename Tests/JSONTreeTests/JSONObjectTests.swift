import JSONTree
import Testing

@Suite("JSON object")
struct JSONObjectTests {
    @Test("Members keep their place when set again and leave when set to nil", arguments: [3, 40])
    func members(count: Int) {
        var object = JSONObject()
        for number in 0..<count {
            object["k\(number)"] = .integer(Int64(number))
        }
        object["k1"] = "new"
        object["k0"] = nil
        #expect(object.count == count - 1)
        #expect(object.keys.first == "k1")
        #expect(object["k1"] == "new")
        #expect(object["k0"] == nil)
        #expect(object["k\(count - 1)"] == .integer(Int64(count - 1)))
        object["k0"] = 0
        #expect(object.keys.last == "k0")
    }

    @Test("Equality and hash do not look at the order")
    func equality() {
        let left: JSON = ["a": 1, "b": [2]]
        let right: JSON = ["b": [2], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [3]])
        #expect(left != ["a": 1])
    }
}
