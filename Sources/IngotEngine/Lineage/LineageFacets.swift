import JSONTree

/// Facets of OpenLineage: named parts of events, each with a schema of its own.
enum LineageFacets {
    /// Who makes the events, as a package URL.
    static let producer = "pkg:generic/ingot"

    /// A facet.
    ///
    /// - Parameters:
    ///   - type: The name of its type.
    ///   - version: The version of its schema.
    ///   - file: The name of the schema's file, where that is not the type's.
    ///   - members: What it says.
    /// - Returns: The facet, with the place of its schema.
    static func facet(
        _ type: String,
        _ version: String,
        file: String? = nil,
        _ members: KeyValuePairs<String, JSON>
    ) -> JSON {
        let schema = "https://openlineage.io/spec/facets/\(version)/\(file ?? type).json#/$defs/\(type)"
        let base: [(String, JSON)] = [("_producer", .string(producer)), ("_schemaURL", .string(schema))]
        return .object(JSONObject(base + members.map { ($0.key, $0.value) }))
    }

    // MARK: Of runs

    static func processingEngine(_ name: String, version: String, ingot: String) -> JSON {
        facet(
            "ProcessingEngineRunFacet",
            "1-1-1",
            ["version": .string(version), "name": .string(name), "openlineageAdapterVersion": .string(ingot)]
        )
    }

    static func errorMessage(_ message: String) -> JSON {
        facet(
            "ErrorMessageRunFacet",
            "1-0-1",
            ["message": .string(message), "programmingLanguage": "Swift"]
        )
    }

    static func parent(runID: String, namespace: String, name: String) -> JSON {
        facet(
            "ParentRunFacet",
            "1-2-0",
            [
                "run": ["runId": .string(runID)],
                "job": ["namespace": .string(namespace), "name": .string(name)],
            ]
        )
    }

    // MARK: Of jobs

    static func jobType(_ type: String) -> JSON {
        facet(
            "JobTypeJobFacet",
            "2-0-4",
            ["processingType": "BATCH", "integration": "INGOT", "jobType": .string(type)]
        )
    }

    static func sql(_ query: String) -> JSON {
        facet("SQLJobFacet", "1-1-0", ["query": .string(query), "dialect": "duckdb"])
    }

    static func documentation(_ description: String) -> JSON {
        facet("DocumentationJobFacet", "1-1-0", ["description": .string(description)])
    }

    // MARK: Of datasets

    static func dataSource(_ uri: String) -> JSON {
        facet("DatasourceDatasetFacet", "1-0-1", ["name": .string(uri), "uri": .string(uri)])
    }

    static func version(_ version: String) -> JSON {
        facet("DatasetVersionDatasetFacet", "1-0-1", ["datasetVersion": .string(version)])
    }

    static func symlink(namespace: String, name: String) -> JSON {
        facet(
            "SymlinksDatasetFacet",
            "1-0-1",
            [
                "identifiers": [
                    ["namespace": .string(namespace), "name": .string(name), "type": "TABLE"]
                ]
            ]
        )
    }

    static func columnLineage(
        _ fields: [(column: String, field: String, isTransformed: Bool)],
        of input: LineageDataset
    ) -> JSON {
        let members = fields.map { column, field, isTransformed -> (String, JSON) in
            let source: JSON = [
                "namespace": .string(input.namespace), "name": .string(input.name), "field": .string(field),
                "transformations": [
                    ["type": "DIRECT", "subtype": isTransformed ? "TRANSFORMATION" : "IDENTITY"]
                ],
            ]
            return (column, ["inputFields": [source]])
        }
        return facet("ColumnLineageDatasetFacet", "1-2-0", ["fields": .object(JSONObject(members))])
    }

    // MARK: Of inputs and outputs

    static func inputStatistics(rowCount: Int64, size: Int64, fileCount: Int) -> JSON {
        facet(
            "InputStatisticsInputDatasetFacet",
            "1-0-0",
            ["rowCount": .integer(rowCount), "size": .integer(size), "fileCount": .integer(Int64(fileCount))]
        )
    }

    static func inputLocations(_ locations: [String]) -> JSON {
        facet(
            "InputSubsetInputDatasetFacet",
            "1-0-0",
            file: "BaseSubsetDatasetFacet",
            ["inputCondition": ["type": "location", "locations": .array(locations.map { .string($0) })]]
        )
    }

    static func outputStatistics(rowCount: Int64, size: Int64, fileCount: Int) -> JSON {
        facet(
            "OutputStatisticsOutputDatasetFacet",
            "1-0-2",
            ["rowCount": .integer(rowCount), "size": .integer(size), "fileCount": .integer(Int64(fileCount))]
        )
    }
}
