import IngotCore
import IngotEngine
import Synchronization

/// Counts what a service does, and tells it in Prometheus's text format.
final class ServiceMetrics: Sendable {
    /// A histogram as Prometheus knows it.
    private struct Histogram {
        static let seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600]
        static let objects: [Double] = [1, 10, 100, 1_000, 10_000]

        let bounds: [Double]
        /// How many values fell between each bound and the one before; the last is above all.
        private(set) var counts: [Int]
        private(set) var sum = 0.0

        init(_ bounds: [Double]) {
            self.bounds = bounds
            counts = [Int](repeating: 0, count: bounds.count + 1)
        }

        mutating func record(_ value: Double) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            sum += value
        }
    }

    private struct Pipeline {
        var arrivals = 0
        var loaded = 0
        var quarantined = 0
        var retries = 0
        var deadLetters = 0
        var pauses = 0
        var rows = RowCounts()
        var batchSizes = Histogram(Histogram.objects)
        var loads = Histogram(Histogram.seconds)
        var commits = Histogram(Histogram.seconds)
        var lags = Histogram(Histogram.seconds)
    }

    private struct State {
        var pipelines: [String: Pipeline] = [:]
        var models = (computed: 0, failed: 0)
        var executions: [String: [String: Int]] = [:]
        var starts: [String: Int] = [:]
        var isReady = false
    }

    private let state = Mutex(State())

    /// Whether the service works and is not about to end.
    var isReady: Bool { state.withLock { $0.isReady } }

    /// Counts an event.
    func record(_ event: ServiceEvent) {
        state.withLock { state in
            switch event {
            case .started(let pipelines):
                for name in pipelines { state.pipelines[name] = Pipeline() }
                state.isReady = true
            case .arrived(let name, let count, _): state.pipelines[name]?.arrivals += count
            case .committed(let batch): Self.record(batch, &state)
            case .refused(let name, _, _, _, let isDead):
                if isDead {
                    state.pipelines[name]?.deadLetters += 1
                } else {
                    state.pipelines[name]?.retries += 1
                }
            case .paused(let name, _): state.pipelines[name]?.pauses += 1
            case .computed(let reports):
                state.models.computed += reports.count
            case .modelFailed: state.models.failed += 1
            case .executionStarted(let rule, _, _): state.starts[rule, default: 0] += 1
            case .executionEnded(let execution):
                state.executions[execution.workflow, default: [:]][execution.status.rawValue, default: 0] += 1
            case .stopping: state.isReady = false
            case .workflowsLeftOut, .recovered, .passedOver, .cleaned, .swept, .compacted, .noticed, .failed, .stopped:
                break
            }
        }
    }

    private static func record(_ batch: ServiceEvent.Batch, _ state: inout State) {
        var pipeline = state.pipelines[batch.pipeline] ?? Pipeline()
        pipeline.loaded += batch.objects.loaded
        pipeline.quarantined += batch.objects.quarantined
        pipeline.rows += batch.run.counts
        pipeline.batchSizes.record(Double(batch.run.inputs))
        pipeline.loads.record(max(0, Double(batch.committed - batch.run.started) / 1e9))
        pipeline.commits.record(max(0, Double(batch.commitDuration) / 1e9))
        pipeline.lags.record(max(0, Double(batch.committed - batch.oldest) / 1e9))
        state.pipelines[batch.pipeline] = pipeline
    }

    /// All figures, with what the queues say.
    func text(_ depths: [String: QueueDepth], now: Int64) -> String {
        let state = state.withLock { $0 }
        let pipelines = state.pipelines.sorted { $0.key < $1.key }
        var text = MetricsText()
        text.family("ingot_arrivals_total", "counter", "Arrivals put into the queue.")
        for (name, pipeline) in pipelines { text.sample(["pipeline": name], pipeline.arrivals) }
        text.family("ingot_objects_total", "counter", "Objects committed.")
        for (name, pipeline) in pipelines {
            text.sample(["pipeline": name, "state": "loaded"], pipeline.loaded)
            text.sample(["pipeline": name, "state": "quarantined"], pipeline.quarantined)
        }
        text.family("ingot_rows_total", "counter", "Rows read, and where they went.")
        for (name, pipeline) in pipelines {
            text.sample(["pipeline": name, "kind": "read"], pipeline.rows.read)
            text.sample(["pipeline": name, "kind": "silver"], pipeline.rows.silver)
            text.sample(["pipeline": name, "kind": "quarantined"], pipeline.rows.quarantined)
            text.sample(["pipeline": name, "kind": "skipped"], pipeline.rows.skipped)
        }
        text.family("ingot_retries_total", "counter", "Arrivals that failed and are tried again.")
        for (name, pipeline) in pipelines { text.sample(["pipeline": name], pipeline.retries) }
        text.family("ingot_dead_letters_total", "counter", "Arrivals that are not tried again.")
        for (name, pipeline) in pipelines { text.sample(["pipeline": name], pipeline.deadLetters) }
        text.family("ingot_pauses_total", "counter", "Times that a fault of the machine paused a pipeline.")
        for (name, pipeline) in pipelines { text.sample(["pipeline": name], pipeline.pauses) }
        let histograms: [(String, String, KeyPath<Pipeline, Histogram>)] = [
            ("ingot_batch_objects", "Objects of a batch.", \.batchSizes),
            ("ingot_load_seconds", "From the begin of a batch's run to its commit.", \.loads),
            ("ingot_commit_seconds", "How long a batch's commit takes.", \.commits),
            ("ingot_lag_seconds", "From the oldest arrival of a batch to its commit.", \.lags),
        ]
        for (family, help, histogram) in histograms {
            text.family(family, "histogram", help)
            for (name, pipeline) in pipelines {
                let values = pipeline[keyPath: histogram]
                text.histogram(["pipeline": name], bounds: values.bounds, values.counts, sum: values.sum)
            }
        }
        text.family("ingot_queue_messages", "gauge", "Messages in the queue, and dead letters.")
        for (name, depth) in depths.sorted(by: { $0.key < $1.key }) {
            text.sample(["pipeline": name, "state": "waiting"], depth.waiting)
            text.sample(["pipeline": name, "state": "held"], depth.held)
            text.sample(["pipeline": name, "state": "dead"], depth.dead)
        }
        text.family("ingot_queue_age_seconds", "gauge", "The age of the oldest message.")
        for (name, depth) in depths.sorted(by: { $0.key < $1.key }) {
            text.sample(["pipeline": name], depth.oldest.map { max(0, Double(now - $0) / 1e9) } ?? 0)
        }
        text.family("ingot_models_total", "counter", "Computations of models.")
        text.sample(["status": "succeeded"], state.models.computed)
        text.sample(["status": "failed"], state.models.failed)
        text.family("ingot_starts_total", "counter", "Executions of workflows that were started, by the start.")
        for (rule, count) in state.starts.sorted(by: { $0.key < $1.key }) { text.sample(["start": rule], count) }
        text.family("ingot_executions_total", "counter", "Executions of workflows that ended here.")
        for (workflow, counts) in state.executions.sorted(by: { $0.key < $1.key }) {
            for (status, count) in counts.sorted(by: { $0.key < $1.key }) {
                text.sample(["workflow": workflow, "status": status], count)
            }
        }
        return text.text
    }
}

/// Writes Prometheus's text format.
struct MetricsText {
    private(set) var text = ""
    private var name = ""

    /// Begins a family of samples.
    mutating func family(_ name: String, _ kind: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    /// Writes a sample of the family.
    mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: some CustomStringConvertible) {
        line(name, labels.map { $0 }, value)
    }

    /// Writes a histogram, of which each count is of one bucket alone.
    mutating func histogram(
        _ labels: KeyValuePairs<String, String>,
        bounds: [Double],
        _ counts: [Int],
        sum: Double
    ) {
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
            line("\(name)_bucket", labels.map { $0 } + [(key: "le", value: bound)], total)
        }
        line("\(name)_sum", labels.map { $0 }, sum)
        line("\(name)_count", labels.map { $0 }, total)
    }

    private mutating func line(
        _ name: String,
        _ labels: [(key: String, value: String)],
        _ value: some CustomStringConvertible
    ) {
        let list = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += "\(name){\(list)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
