import JSONTree
import Testing

@testable import StatesLanguage

@Suite("Lifetimes")
struct LifetimeTests {
    private static let definition = """
        {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"M","States":{"M":{"Type":"Map",
        "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","TimeoutSeconds":9,"End":true}}},
        "Retry":[{"ErrorEquals":["E"]}],"End":true}}}]}}}
        """

    @Test("An execution leaves nothing behind, wherever it is dropped", arguments: 0...3)
    func release(stage: Int) throws {
        weak var strand: Strand?
        weak var inner: Strand?
        do {
            let recorder = try Recorder(Self.definition, input: [1, 2])
            strand = recorder.execution.root
            inner = strand?.children?.running[0]?.children?.running[1]
            #expect(inner != nil)
            if stage >= 1 { recorder.send(.taskFailed(token: recorder.tasks[0].token, error: "E", cause: nil)) }
            if stage >= 2 {
                recorder.wake()
                recorder.send(.taskFailed(token: recorder.tasks[2].token, error: "F", cause: nil))
            }
            if stage >= 3 { recorder.send(.redrive) }
        }
        #expect(strand == nil)
        #expect(inner == nil)
    }
}
