import Foundation
import IngotCore

/// The examples that `ingot init` copies: whole projects in folders.
struct TemplateFolder: Sendable {
    /// What a run leaves in a project, and no copy takes along.
    private static let leftOut: Set<String> = [".ingot", "lake", "bronze", ".DS_Store"]
    /// How many files a template has at most.
    private static let filesMax = 1_000

    let path: String

    /// Where templates are: `INGOT_EXAMPLES`; else `../share/ingot/examples`, seen from the program, in an installed
    /// copy; else `examples` in a folder above the program, in a checkout.
    static func locate(variables: [String: String] = ProcessInfo.processInfo.environment) -> TemplateFolder? {
        if let path = variables["INGOT_EXAMPLES"], !path.isEmpty { return TemplateFolder(path: path) }
        guard let program = Bundle.main.executablePath else { return nil }
        var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().path + "/share/ingot/examples"
        if isFolder(installed) { return TemplateFolder(path: installed) }
        while folder.path != "/" {
            let candidate = TemplateFolder(path: folder.path + "/examples")
            if !candidate.names.isEmpty { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }

    /// The templates' names.
    var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return entries.filter { FileManager.default.fileExists(atPath: "\(path)/\($0)/ingot.yml") }.sorted()
    }

    /// The files of a template.
    ///
    /// - Throws: `IngotError` with `wrongUse` if there is no template of that name.
    func files(of name: String) throws -> [ProjectFile] {
        guard names.contains(name) else {
            throw IngotError(
                .wrongUse,
                "there is no template \"\(name)\"; templates: \(names.joined(separator: ", "))",
                hint: NearestMatch.find(name, among: names) ?? "ingot init --list"
            )
        }
        let root = "\(path)/\(name)"
        var files: [ProjectFile] = []
        let walk = FileManager.default.enumerator(atPath: root)
        while let entry = walk?.nextObject() as? String {
            if entry.split(separator: "/").contains(where: { Self.leftOut.contains(String($0)) }) {
                walk?.skipDescendants()
                continue
            }
            guard !Self.isFolder("\(root)/\(entry)") else { continue }
            guard let contents = FileManager.default.contents(atPath: "\(root)/\(entry)"), files.count < Self.filesMax
            else { throw IngotError(.wrongUse, "the template's file \(entry) cannot be read") }
            files.append(ProjectFile(entry, contents: contents))
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
