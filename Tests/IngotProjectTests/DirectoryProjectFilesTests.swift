import Foundation
import IngotCore
import IngotProject
import Testing

@Suite("A project folder on the disk")
struct DirectoryProjectFilesTests {
    @Test("is read with its sub-folders, without hidden files")
    func folders() throws {
        try Self.withFolder { root in
            try Self.write("name: disk\n", to: "\(root)/ingot.yml")
            try Self.write("SELECT 1", to: "\(root)/models/gold/deep/m.sql")
            try Self.write("broken: [", to: "\(root)/models/gold/.m.sql.swp")
            try Self.write("broken: [", to: "\(root)/pipelines/.hidden/p.yml")
            let (project, warnings) = try Project.load(directory: root)
            #expect(project.models.map(\.file) == ["models/gold/deep/m.sql"])
            #expect(warnings.isEmpty)
        }
    }

    @Test("with a file that cannot be opened gives an error that names it", .enabled(if: getuid() != 0))
    func permission() throws {
        try Self.withFolder { root in
            try Self.write("name: disk\n", to: "\(root)/ingot.yml")
            try Self.write(Diagnosing.pipeline, to: "\(root)/pipelines/p.yml")
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: "\(root)/pipelines/p.yml")
            let error = #expect(throws: DiagnosticsError.self) { try Project.load(directory: root) }
            #expect(error?.description == "pipelines/p.yml: error[ING0102]: the file cannot be opened")
        }
    }

    @Test("that is not there is no project")
    func missing() {
        let error = #expect(throws: DiagnosticsError.self) { try Project.load(directory: "/no/such/folder") }
        #expect(error?.description.hasPrefix("error[ING0101]: /no/such/folder is not an Ingot project") == true)
    }

    @Test("with a folder where a file should be gives an error")
    func folderAsFile() throws {
        try Self.withFolder { root in
            try FileManager.default.createDirectory(atPath: "\(root)/ingot.yml", withIntermediateDirectories: true)
            let error = #expect(throws: DiagnosticsError.self) { try Project.load(directory: root) }
            #expect(error?.description.hasPrefix("ingot.yml: error[ING0102]: the file cannot be read") == true)
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private static func withFolder(_ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "ingot-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try body(root)
    }
}
