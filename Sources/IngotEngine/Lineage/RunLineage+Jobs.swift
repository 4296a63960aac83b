import Iceberg
import IngotCore
import IngotProject
import JSONTree

extension RunLineage {
    /// How many objects an event names; of more it has the number only.
    private static let locationsMax = 1_000

    private init?(_ services: EngineServices, job: String, _ jobFacets: [(String, JSON)], _ description: String?) {
        let project = services.project
        guard let settings = project.environment.lineage else { return nil }
        namespace = settings.namespace ?? "\(project.configuration.name.value)/\(project.environment.name)"
        self.job = job
        lake = services.storage.root
        owner = services.owner
        parent = LineageParent.current
        self.jobFacets = jobFacets
        if let description { self.jobFacets.append(("documentation", LineageFacets.documentation(description))) }
        inputs = []
    }

    /// What is told of a pipeline's batch; `nil` where nobody is told.
    init?(of pipeline: Pipeline, _ services: EngineServices) {
        let type = [("jobType", LineageFacets.jobType("PIPELINE"))]
        self.init(services, job: pipeline.name.value, type, pipeline.description)
        // Where a variable of the path is unset, nothing is loaded from it.
        let source = LineageDataset(at: (try? services.location(of: pipeline.source.path)) ?? "\(pipeline.source.path)")
        inputs = [Input(dataset: source)] + pipeline.seeds.compactMap { Self.seed($0, services.project) }
        for table in pipeline.tables {
            let fields = table.columns.compactMap { column -> (column: String, field: String, isTransformed: Bool)? in
                guard case .field(let field) = column.origin else { return nil }
                return (column.name.value, field.value, column.transform != nil)
            }
            if !fields.isEmpty { columns[table.table.value] = LineageFacets.columnLineage(fields, of: source) }
        }
    }

    /// What is told of the computation of a model; `nil` where nobody is told.
    init?(of node: ModelGraph.Node, _ inputs: [ModelInput], _ services: EngineServices) {
        let facets = [("jobType", LineageFacets.jobType("MODEL")), ("sql", LineageFacets.sql(node.model.sql.text))]
        self.init(services, job: node.model.name.value, facets, node.model.description)
        self.inputs = inputs.compactMap { [lake] input in
            if let seed = Self.seed(input.name, services.project) { return seed }
            guard let metadata = input.table?.metadata else { return nil }
            let table = LineageTable(name: input.name, metadata: metadata)
            return Input(dataset: table.dataset, facets: table.facets(in: lake))
        }
    }

    private static func seed(_ name: TableName, _ project: Project) -> Input? {
        project.seeds.first { $0.table.value == name }.map {
            Input(dataset: LineageDataset(at: "\(project.directory)/\($0.file)"))
        }
    }

    /// The same, with what is known of the source once its objects were read.
    func having(read batch: StagedBatch) -> RunLineage {
        var lineage = self
        let objects = batch.objects.filter { $0.failure == nil }
        guard !lineage.inputs.isEmpty, !objects.isEmpty else { return lineage }
        var facets = [
            (
                "inputStatistics",
                LineageFacets.inputStatistics(
                    rowCount: objects.reduce(0) { $0 + Int64($1.counts.read) },
                    size: objects.reduce(0) { $0 + $1.entry.size },
                    fileCount: objects.count
                )
            )
        ]
        if objects.count <= Self.locationsMax {
            let locations = objects.map { lineage.inputs[0].dataset.part($0.entry.object.key).uri }
            facets.append(("subset", LineageFacets.inputLocations(locations)))
        }
        lineage.inputs[0].read = facets
        return lineage
    }
}

extension RunLineage.Output {
    /// What a commit adds to a table.
    init(_ placed: TableCommit.Placed, _ prepared: PreparedCommit) {
        self.init(
            table: LineageTable(name: placed.change.shape.definition.name, metadata: prepared.metadata),
            rowCount: placed.change.added.reduce(0) { $0 + $1.rowCount },
            size: placed.change.added.reduce(0) { $0 + $1.size },
            fileCount: placed.change.added.count
        )
    }
}
