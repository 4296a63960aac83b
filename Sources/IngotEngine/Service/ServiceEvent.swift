public import IngotCore

/// Something that a running service did or met.
public enum ServiceEvent: Sendable {
    /// It began, with these pipelines.
    case started(pipelines: [String])
    /// The project's workflows are neither started nor driven, since something else is selected.
    case workflowsLeftOut
    /// Arrivals of a pipeline were put into its queue.
    case arrived(pipeline: String, count: Int, isListed: Bool)
    /// Work that a process which is gone had begun was taken back.
    case recovered(pipeline: String, objects: Int, messages: Int)
    /// A batch was committed.
    case committed(Batch)
    /// An arrival could not be loaded, by a run if it came so far; what is not tried again became a dead letter.
    case refused(pipeline: String, key: String, error: String, runID: String?, isDead: Bool)
    /// Something in a source can be no object; said once as long as it stays.
    case passedOver(pipeline: String, reason: String)
    /// Files were taken out of a source, as `clean_source` says.
    case cleaned(pipeline: String, count: Int)
    /// What was older than it is kept was deleted.
    case swept([SweptRecords])
    /// Small data files of tables became few.
    case compacted([CompactedTable])
    /// A pipeline's work stopped for a while.
    case paused(pipeline: String, error: String)
    /// Models were computed.
    case computed([ModelReport])
    /// A model could not be computed; it is tried again.
    case modelFailed(ModelReport)
    /// An execution was started by an event or a schedule.
    case executionStarted(rule: String, workflow: String, name: String)
    /// An execution has ended.
    case executionEnded(StoredExecution)
    /// Somebody is told something, by the log.
    case noticed(Notice)
    /// Something failed that is tried again.
    case failed(work: String, error: String)
    /// It was asked to end.
    case stopping
    /// It ended.
    case stopped

    /// What is said of a batch.
    public struct Batch: Sendable {
        /// The pipeline.
        public var pipeline: String
        /// The attempt that was committed.
        public var run: Run
        /// How the objects fared.
        public var objects: PipelineReport.ObjectCounts
        /// When the oldest of its arrivals was put into the queue, in nanoseconds since 1970 UTC.
        public var oldest: Int64
        /// When it was committed, in nanoseconds since 1970 UTC.
        public var committed: Int64
        /// How long the commit took, in nanoseconds.
        public var commitDuration: Int64
    }
}
