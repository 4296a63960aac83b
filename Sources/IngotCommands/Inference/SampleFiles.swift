import DuckDB
import Foundation
import IngotCore

/// Real files of one form.
struct SampleFiles: Sendable {
    /// The forms that pipelines read.
    enum Format: String, Sendable {
        case csv
        case json
        case jsonl
        case parquet
    }

    /// The absolute paths.
    let paths: [String]
    /// Where their text is read: the files themselves, or copies in UTF-8.
    var readable: [String]
    let format: Format

    /// Looks at paths; a folder stands for the files in it.
    ///
    /// - Throws: `IngotError`: `wrongUse` for a path without a file, `cannotInfer` for files of several forms.
    init(_ arguments: [String]) throws {
        var paths: [String] = []
        for argument in arguments {
            let path = URL(fileURLWithPath: argument).standardizedFileURL.path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw IngotError(.wrongUse, "there is no file \(argument)", hint: "check the path")
            }
            guard isFolder.boolValue else {
                paths.append(path)
                continue
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            paths += names.filter { !$0.hasPrefix(".") && Self.format(of: $0) != nil }.map { "\(path)/\($0)" }
        }
        guard let first = paths.first else {
            throw IngotError(
                .wrongUse,
                "there are no files to look at in \(arguments.joined(separator: ", "))",
                hint: "name files that end in .csv, .tsv, .txt, .json, .jsonl or .parquet, also with .gz or .zst"
            )
        }
        let formats = Set(paths.map { Self.format(of: $0) ?? .csv })
        guard formats.count == 1 else {
            throw IngotError(
                .cannotInfer,
                "the files have several forms: \(formats.map(\.rawValue).sorted().joined(separator: ", "))",
                hint: "write a pipeline for each form: ingot init --from \(first)"
            )
        }
        self.paths = paths
        readable = paths
        format = try Self.refined(formats.first ?? .csv, first)
    }

    /// The paths as a list in SQL.
    var sql: String {
        SQL.literal(readable)
    }

    /// The name of the one file, or of the folder that holds them all.
    var suggestedName: String {
        let first = URL(fileURLWithPath: paths[0])
        let file = first.lastPathComponent.split(separator: ".").first.map(String.init) ?? "pipeline"
        return paths.count == 1 ? file : first.deletingLastPathComponent().lastPathComponent
    }

    /// What comes after the first dot of the names, where all agree: `csv.gz`.
    var suffix: String? {
        let suffixes = Set(
            paths.map { path in
                URL(fileURLWithPath: path).lastPathComponent.split(separator: ".").dropFirst().suffix(2)
                    .joined(separator: ".")
            }
        )
        return suffixes.count == 1 ? suffixes.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }

    private static func format(of path: String) -> Format? {
        var parts = path.lowercased().split(separator: ".")
        if let last = parts.last, ["gz", "zst"].contains(last) { parts.removeLast() }
        return switch parts.last {
        case "csv", "tsv", "txt", "psv": .csv
        case "json": .json
        case "jsonl", "ndjson": .jsonl
        case "parquet": .parquet
        default: nil
        }
    }

    /// The form that the first bytes show, where the name says little.
    private static func refined(_ format: Format, _ path: String) throws -> Format {
        guard format == .csv, let handle = FileHandle(forReadingAtPath: path) else { return format }
        defer { try? handle.close() }
        let start = try handle.read(upToCount: 4096) ?? Data()
        guard !start.isEmpty else {
            throw IngotError(.cannotInfer, "the file \(path) is empty", hint: "name a file that holds records")
        }
        if start.starts(with: Data("PAR1".utf8)) { return .parquet }
        let first = start.first { !" \t\r\n".utf8.contains($0) }
        return first == UInt8(ascii: "{") ? .jsonl : format
    }
}
