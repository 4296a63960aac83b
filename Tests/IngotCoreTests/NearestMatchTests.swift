import IngotCore
import Testing

@Suite("What was probably meant")
struct NearestMatchTests {
    @Test func `A slip in a word is found`() {
        #expect(NearestMatch.find("emial", among: ["id", "email"]) == "email")
        #expect(NearestMatch.find("di", among: ["id", "email"]) == "id")
    }

    @Test func `A word of one letter is near to nothing but itself`() {
        #expect(NearestMatch.find("x", among: ["a", "id", "xy"]) == nil)
        #expect(NearestMatch.find("X", among: ["a", "x"]) == "x")
    }

    @Test func `Nothing is near to no word`() {
        #expect(NearestMatch.find("", among: ["a", "id"]) == nil)
    }
}
