import IngotCore
import IngotProject
import Testing

@Suite("The reference projects")
struct ReferenceProjectTests {
    @Test("are read without a finding", arguments: Fixtures.names)
    func load(_ name: String) throws {
        let (project, warnings) = try Project.load(directory: Fixtures.directory(name))
        #expect(warnings.isEmpty)
        #expect(!project.pipelines.isEmpty)
        #expect(!project.models.isEmpty)
    }
}
