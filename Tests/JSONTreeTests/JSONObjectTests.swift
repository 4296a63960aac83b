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

    @Test("Spellings of one character are keys of their own, and texts of their own", arguments: [0, 40])
    func spellings(count: Int) throws {
        // U+00E9, e with U+0301; U+212B, A with U+030A, which have as many bytes.
        for (one, other) in [("\u{E9}", "e\u{301}"), ("\u{212B}", "A\u{30A}")] {
            var object = JSONObject((0..<count).map { ("k\($0)", JSON.null) })
            object[one] = 1
            object[other] = 2
            #expect(object.count == count + 2)
            #expect(object[one] == 1)
            #expect(object[other] == 2)
            object[one] = nil
            #expect(object.keys.last?.unicodeScalars.elementsEqual(other.unicodeScalars) == true)
            #expect(object[one] == nil)
            let (left, right): (JSONObject, JSONObject) = ([one: 1], [other: 1])
            #expect(left != right)
            #expect(JSON.string(one) != JSON.string(other))
            let text = #"{"\#(one)":1,"\#(other)":2}"#
            #expect(try JSON(parsing: text).text() == text)
        }
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
