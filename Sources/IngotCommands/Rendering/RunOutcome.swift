import IngotCore
import IngotEngine
import JSONTree

/// What a run did, to be written.
struct RunOutcome: Sendable {
    /// How many notices are written one by one.
    private static let noticesMax = 10

    var runs: [PipelineReport] = []
    var models: [ModelReport] = []

    /// Whether any part failed.
    var hasFailed: Bool {
        runs.contains { $0.status == "failed" } || models.contains { $0.status == .failed || $0.status == .skipped }
    }

    /// Whether there was nothing to do.
    private var isUpToDate: Bool {
        runs.allSatisfy { $0.status == "up_to_date" } && models.allSatisfy { $0.status == .upToDate }
    }

    /// Writes the outcome, and says beside it what is worth saying of single objects.
    func write(_ format: OutputFormat, to console: Console) throws {
        writeNotices(to: console)
        switch format {
        case .json: try console.print(json.text(.pretty))
        case .csv: try console.write(csv)
        case .table: try writeTables(to: console)
        }
    }

    // MARK: Forms

    /// The shape that others build on; see DESIGN 7.
    var json: JSON {
        [
            "runs": .array(runs.map(Self.json)),
            "models": .array(
                models.map { model in
                    [
                        "model": .string(model.model), "status": .string(model.status.rawValue),
                        "intervals": .integer(Int64(model.intervals)), "rows": .integer(Int64(model.rows)),
                        "seconds": HumanText.json(model.seconds),
                    ]
                }
            ),
        ]
    }

    private static func json(_ run: PipelineReport) -> JSON {
        [
            "run_id": run.runID.isEmpty ? .null : .string(run.runID), "pipeline": .string(run.pipeline),
            "status": .string(run.status),
            "objects": [
                "loaded": .integer(Int64(run.objects.loaded)),
                "quarantined": .integer(Int64(run.objects.quarantined)),
                "failed": .integer(Int64(run.objects.failed)), "skipped": .integer(Int64(run.objects.skipped)),
            ],
            "rows": [
                "read": .integer(Int64(run.rows.read)), "silver": .integer(Int64(run.rows.silver)),
                "quarantined": .integer(Int64(run.rows.quarantined)),
            ],
            "seconds": HumanText.json(run.seconds),
        ]
    }

    private var csv: String {
        let header = [
            "kind", "name", "status", "run_id", "objects_loaded", "objects_quarantined", "objects_failed",
            "objects_skipped", "intervals", "rows_read", "rows_silver", "rows_quarantined", "rows", "seconds",
        ]
        var text = CSVText.line(header)
        for run in runs {
            text += CSVText.line([
                "pipeline", run.pipeline, run.status, run.runID.isEmpty ? nil : run.runID, "\(run.objects.loaded)",
                "\(run.objects.quarantined)", "\(run.objects.failed)", "\(run.objects.skipped)", nil,
                "\(run.rows.read)", "\(run.rows.silver)", "\(run.rows.quarantined)", nil,
                HumanText.fixed(run.seconds, 3),
            ])
        }
        for model in models {
            let blanks = [String?](repeating: nil, count: 5)
            text += CSVText.line(
                ["model", model.model, model.status.rawValue] + blanks + [
                    "\(model.intervals)", nil, nil, nil, "\(model.rows)",
                ]
                    + [HumanText.fixed(model.seconds, 3)]
            )
        }
        return text
    }

    private func writeTables(to console: Console) throws {
        guard !runs.isEmpty || !models.isEmpty else {
            console.message(EmptyProject.notice)
            return
        }
        guard !isUpToDate else {
            let seen = runs.reduce(0) { $0 + $1.objects.skipped }
            console.message("Nothing is new: \(HumanText.count(seen, "object")) loaded before, models up to date.")
            return
        }
        var tables: [String] = []
        if !runs.isEmpty { tables.append(pipelineTable(console)) }
        if !models.isEmpty { tables.append(modelTable(console)) }
        try console.write(tables.joined(separator: "\n"))
    }

    private func pipelineTable(_ console: Console) -> String {
        let titles = ["loaded", "quarantined", "failed", "rows read", "silver", "quarantine", "time"]
        let columns =
            [TextTable.Column(title: "pipeline"), TextTable.Column(title: "status")]
            + titles.map { TextTable.Column(title: $0, isRightAligned: true) }
        let rows = runs.map { run in
            [
                run.pipeline, Self.shown(run.status), HumanText.grouped(run.objects.loaded),
                HumanText.grouped(run.objects.quarantined), HumanText.grouped(run.objects.failed),
                HumanText.grouped(run.rows.read), HumanText.grouped(run.rows.silver),
                HumanText.grouped(run.rows.quarantined), HumanText.seconds(run.seconds),
            ]
        }
        return Self.table(columns, rows, console)
    }

    private func modelTable(_ console: Console) -> String {
        let columns =
            [TextTable.Column(title: "model"), TextTable.Column(title: "status")]
            + ["intervals", "rows", "time"].map { TextTable.Column(title: $0, isRightAligned: true) }
        let rows = models.map { model in
            [
                model.model, Self.shown(model.status.rawValue), HumanText.grouped(model.intervals),
                HumanText.grouped(model.rows), HumanText.seconds(model.seconds),
            ]
        }
        return Self.table(columns, rows, console)
    }

    private static func table(_ columns: [TextTable.Column], _ rows: [[String]], _ console: Console) -> String {
        let table = TextTable(columns, sample: rows, width: console.tableWidth)
        return rows.enumerated().reduce(table.heading { console.styled($0, .bold) }) { text, row in
            text + table.row(row.element, number: row.offset + 1)
        }
    }

    private static func shown(_ status: String) -> String {
        status == "up_to_date" ? "up to date" : status
    }

    // MARK: Notices

    private func writeNotices(to console: Console) {
        for run in runs {
            for notice in run.notices.prefix(Self.noticesMax) {
                console.message(Self.text(of: notice, in: run.pipeline))
            }
            let rest = run.notices.count - Self.noticesMax
            if rest > 0 {
                console.message(
                    "\(run.pipeline): \(HumanText.count(rest, "notice")) more; see: ingot objects -s "
                        + run.pipeline
                )
            }
            console.warn(of: run.passedOver)
            for problem in run.problems { console.message(problem.description) }
            if let error = run.error { console.message(error.description) }
        }
        for model in models {
            if let error = model.error { console.message(error.description) }
        }
    }

    private static func text(of notice: PipelineReport.Notice, in pipeline: String) -> String {
        let what =
            switch notice.state {
            case .failed: "failed"
            case .quarantined: "quarantined whole"
            default: "warning"
            }
        return "\(pipeline): \(PlainText.oneLine(notice.key)): \(what): \(notice.message)"
    }
}
