import DuckDB
import Foundation
import IngotCore

/// Reads real files and writes a pipeline that takes them in, to be looked over.
struct FileInference {
    let console: Console

    /// The files of a pipeline for some files, which all have one form.
    ///
    /// - Throws: `IngotError` with `cannotInfer` at a file whose form cannot be told.
    func files(for paths: [String], in folder: String, named name: String?) async throws -> [ProjectFile] {
        var samples = try SampleFiles(paths)
        try Self.checkPlace(of: samples, in: folder)
        let scratch = FileManager.default.temporaryDirectory.path + "/ingot-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let encoding = try samples.copyUTF16(to: scratch)
        let database = try await Database(
            configuration: Database.Configuration(
                temporaryDirectory: "\(scratch)/spill",
                settings: ["autoload_known_extensions": "false"]
            )
        )
        do {
            let connection = try await database.connect()
            var form: InferredForm
            do {
                form = try await self.form(of: samples, connection)
                await connection.close()
            } catch {
                await connection.close()
                throw error
            }
            await database.close()
            let pipeline = NameSuggestion.name(for: name ?? samples.suggestedName, otherwise: "pipeline")
            if let encoding { form.options.append(("encoding", encoding)) }
            let text = PipelineText(name: pipeline, samples: samples, form: form, folder: folder).text
            return [ProjectFile("pipelines/\(pipeline).yml", text)]
        } catch {
            await database.close()
            throw error
        }
    }

    /// Refuses files whose folder is no source: one that holds the project takes in what Ingot keeps.
    private static func checkPlace(of samples: SampleFiles, in folder: String) throws {
        guard samples.paths.count > 1 else { return }
        let folders = samples.paths.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
        let common = PipelineText.commonFolder(of: Set(folders))
        guard "\(folder)/".hasPrefix(common == "/" ? common : common + "/") else { return }
        throw IngotError(
            .cannotInfer,
            "the files lie beside the project, and a pipeline of several files takes in a folder of their own",
            hint: "move them to landing/, then: ingot init --from landing"
        )
    }

    private func form(of samples: SampleFiles, _ connection: DuckDB.Connection) async throws -> InferredForm {
        do {
            switch samples.format {
            case .csv: return try await DelimitedInference(samples: samples, connection: connection).form()
            case .json, .jsonl, .parquet:
                return try await NestedInference(samples: samples, connection: connection).form()
            }
        } catch let error as DuckDBError {
            throw IngotError(
                .cannotInfer,
                "the form of \(samples.paths[0]) cannot be told",
                hint: "look at the file's first lines; is it \(samples.format.rawValue)?",
                cause: error.message
            )
        }
    }
}

/// What was read off files.
struct InferredForm: Sendable {
    /// A column, with what is certain and what a person should look at.
    struct Column: Sendable {
        /// The field's name in the files.
        var field: String
        /// The column's type, as project files write it.
        var type: String
        /// How dates are read, where the type's own form does not fit.
        var format: String?
        /// What a person should look at.
        var notes: [String] = []
        /// Whether every record has a value.
        var isComplete = false
        /// Whether every value occurs once.
        var isUnique = false
    }

    /// Keys of `source:` with their values, as YAML.
    var options: [(key: String, value: String)] = []
    /// The columns in the files' order.
    var columns: [Column]
    /// How many records were looked at.
    var records: Int64
}
