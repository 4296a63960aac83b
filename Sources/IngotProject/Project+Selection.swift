extension Project {
    /// The pipelines, models, seeds and checks as nodes that `--select` can choose, pipelines first.
    public var selectionNodes: [SelectionNode] {
        let pipelines = pipelines.map { pipeline in
            SelectionNode(
                name: pipeline.name.value,
                kind: .pipeline,
                tags: pipeline.tags,
                path: pipeline.file,
                tables: pipeline.tables.map(\.table.value.description)
            )
        }
        let models = models.map { model in
            SelectionNode(
                name: model.name.value,
                kind: .model,
                tags: model.tags,
                path: model.file,
                tables: [model.table.value.description]
            )
        }
        let seeds = seeds.map { seed in
            SelectionNode(
                name: seed.table.value.description,
                kind: .seed,
                tags: seed.tags,
                path: seed.file,
                tables: [seed.table.value.name]
            )
        }
        let checks = checks.map { check in
            SelectionNode(
                name: check.name.value,
                kind: .check,
                tags: check.tags,
                path: check.file,
                tables: [check.table.value.description]
            )
        }
        return pipelines + models + seeds + checks
    }

    /// The loads as nodes that `--select` can choose.
    public var loadNodes: [SelectionNode] {
        loads.map { SelectionNode(name: $0.name.value, kind: .load, tags: $0.tags, path: $0.file) }
    }
}
