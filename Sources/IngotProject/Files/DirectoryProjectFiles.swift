import Foundation
import IngotCore

/// The files of a project folder on the disk.
public struct DirectoryProjectFiles: ProjectFiles {
    /// How many files and folders a folder of a project may hold.
    private static let filesMax = 10_000

    private let root: String

    /// Names the project folder.
    public init(_ root: String) {
        self.root = root
    }

    /// The paths under a folder, sorted.
    public func paths(under folder: String) throws -> [String] {
        let start = folder.isEmpty ? root : "\(root)/\(folder)"
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: start, isDirectory: &isDirectory), isDirectory.boolValue else {
            return []
        }
        var paths: [String] = []
        var folders = [folder]
        var foldersRead = 0
        while let next = folders.popLast() {
            foldersRead += 1
            for name in try names(in: next) where !name.hasPrefix(".") {
                let path = next.isEmpty ? name : "\(next)/\(name)"
                guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isDirectory) else {
                    continue
                }
                if !isDirectory.boolValue {
                    paths.append(path)
                } else if !folder.isEmpty, path.split(separator: "/").count < 16 {
                    folders.append(path)
                }
            }
            guard paths.count + foldersRead <= Self.filesMax else {
                throw IngotError(
                    .unreadableFile,
                    "the folder holds more than \(Self.filesMax) files and folders",
                    at: SourceLocation(file: folder)
                )
            }
        }
        return paths.sorted()
    }

    /// The bytes of a file.
    public func contents(of path: String, limit: Int) throws -> [UInt8]? {
        let full = "\(root)/\(path)"
        guard FileManager.default.fileExists(atPath: full) else { return nil }
        guard let handle = FileHandle(forReadingAtPath: full) else {
            throw IngotError(.unreadableFile, "the file cannot be opened", at: SourceLocation(file: path))
        }
        defer { try? handle.close() }
        do {
            return Array(try handle.read(upToCount: limit + 1) ?? Data())
        } catch {
            throw IngotError(
                .unreadableFile,
                "the file cannot be read",
                at: SourceLocation(file: path),
                cause: error.localizedDescription
            )
        }
    }

    private func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted()
        } catch {
            throw IngotError(
                .unreadableFile,
                "the folder cannot be read",
                at: SourceLocation(file: folder.isEmpty ? "." : folder),
                cause: error.localizedDescription
            )
        }
    }
}
