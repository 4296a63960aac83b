extension Project {
    /// The kinds of files, in the order of the reference.
    private static var files: [(path: String, name: String, shape: Shape)] {
        [
            ("ingot.yml", "ingot", ValueType<ProjectConfiguration>.configuration.shape),
            ("pipelines/<name>.yml", "pipeline", ValueType<Pipeline>.pipeline.shape),
            ("models/<name>.sql", "model", ValueType<ModelSettings>.modelSettings.shape),
            ("seeds/<name>.yml", "seed", ValueType<SeedSettings>.seedSettings.shape),
            ("checks/<name>.yml", "check", ValueType<Check>.check.shape),
            ("loads/<name>.yml", "load", ValueType<Load>.load.shape),
        ]
    }

    /// A JSON Schema (draft 2020-12) of every kind of file, for editors.
    ///
    /// - Returns: The names of the files to write them to, `pipeline.schema.json` and so on, and their texts.
    public static func jsonSchemas() -> [(fileName: String, text: String)] {
        files.compactMap { file in
            guard case .object(let object) = file.shape else { return nil }
            let fileName = "\(file.name).schema.json"
            return (fileName, JSONSchemaWriter(object).rendered(id: "urn:ingot:schema:\(file.name)"))
        }
    }

    /// The reference of every key of every file, in Markdown: the text of `docs/project-files.md`.
    public static func referenceDocumentation() -> String {
        ReferenceWriter(
            files.compactMap { file in
                guard case .object(let object) = file.shape else { return nil }
                return (file.path, object)
            }
        ).rendered()
    }
}
