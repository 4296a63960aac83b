import IngotCore

/// The settings that one place gives; absent ones are inherited.
struct SettingsLayer: Sendable {
    var memoryLimit: ByteSize?
    var threads: Int?
    var tempDirectory: Template?
    var maxTempDirectorySize: ByteSize?
    var maxFilesPerTrigger: Int?
    var maxBatchBytes: ByteSize?
    var maxBatchDelay: Duration?
    var backfillInterval: Duration?
    var maxReceives: Int?
    var visibilityTimeout: Duration?
    var gcMinAge: Duration?
    var maxSnapshotAge: Duration?
    var minSnapshotsToKeep: Int?
    var maxSnapshotsToKeep: Int?
    var autoCompactMinFiles: Int?
    var autoCompactMaxFileSize: ByteSize?

    /// These settings where they are given, else the others, else the defaults.
    func settings(over base: SettingsLayer) -> Settings {
        typealias Keys = SettingsKeys
        return Settings(
            memoryLimit: memoryLimit ?? base.memoryLimit,
            threads: threads ?? base.threads,
            tempDirectory: tempDirectory ?? base.tempDirectory,
            maxTempDirectorySize: maxTempDirectorySize ?? base.maxTempDirectorySize,
            maxFilesPerTrigger: maxFilesPerTrigger ?? base.maxFilesPerTrigger ?? Keys.maxFilesPerTrigger.defaultValue,
            maxBatchBytes: maxBatchBytes ?? base.maxBatchBytes ?? Keys.maxBatchBytes.defaultValue,
            maxBatchDelay: maxBatchDelay ?? base.maxBatchDelay ?? Keys.maxBatchDelay.defaultValue,
            backfillInterval: backfillInterval ?? base.backfillInterval ?? Keys.backfillInterval.defaultValue,
            maxReceives: maxReceives ?? base.maxReceives ?? Keys.maxReceives.defaultValue,
            visibilityTimeout: visibilityTimeout ?? base.visibilityTimeout ?? Keys.visibilityTimeout.defaultValue,
            gcMinAge: gcMinAge ?? base.gcMinAge ?? Keys.gcMinAge.defaultValue,
            maxSnapshotAge: maxSnapshotAge ?? base.maxSnapshotAge ?? Keys.maxSnapshotAge.defaultValue,
            minSnapshotsToKeep: minSnapshotsToKeep ?? base.minSnapshotsToKeep ?? Keys.minSnapshotsToKeep.defaultValue,
            maxSnapshotsToKeep: maxSnapshotsToKeep ?? base.maxSnapshotsToKeep ?? Keys.maxSnapshotsToKeep.defaultValue,
            autoCompactMinFiles: autoCompactMinFiles ?? base.autoCompactMinFiles
                ?? Keys.autoCompactMinFiles.defaultValue,
            autoCompactMaxFileSize: autoCompactMaxFileSize ?? base.autoCompactMaxFileSize
                ?? Keys.autoCompactMaxFileSize.defaultValue
        )
    }
}

extension ValueType where Value == SettingsLayer {
    static let settings = object(
        "settings",
        "Sizes and limits.",
        keys: SettingsKeys.all,
        decode: SettingsKeys.decode
    )
}

/// The keys of `settings`.
private enum SettingsKeys {
    static let memoryLimit = Key(
        "memory_limit",
        .byteSize,
        "How much memory the engine may use. Without it four fifths of the machine's."
    )
    static let threads = Key(
        "threads",
        .integer(1...1024),
        "How many threads the engine may use. Without it one for each core."
    )
    static let tempDirectory = Key(
        "temp_directory",
        .insidePath,
        "Where the engine puts what does not fit in memory. Without it a folder inside `state`."
    )
    static let maxTempDirectorySize = Key(
        "max_temp_directory_size",
        .byteSize,
        "How much it may put there. Without it no limit but the disk."
    )
    static let maxFilesPerTrigger = Key(
        "max_files_per_trigger",
        .integer(1...1_000_000),
        default: 10_000,
        written: "10000",
        "How many objects one batch holds at most."
    )
    static let maxBatchBytes = Key(
        "max_batch_bytes",
        .byteSize,
        default: ByteSize(bytes: 1_000_000_000),
        written: "1GB",
        "How many bytes of objects one batch holds at most; a larger object is a batch of its own."
    )
    static let maxBatchDelay = Key(
        "max_batch_delay",
        .duration,
        default: .milliseconds(50),
        written: "50 ms",
        "`serve`: how long the first arrival of a batch waits for others."
    )
    static let backfillInterval = Key(
        "backfill_interval",
        .duration,
        default: .seconds(60),
        written: "1 minute",
        "`serve`: how often sources are listed, which finds what no event told of."
    )
    static let maxReceives = Key(
        "max_receives",
        .integer(1...1_000),
        default: 5,
        written: "5",
        "`serve`: how often an arrival is tried before it becomes a dead letter."
    )
    static let visibilityTimeout = Key(
        "visibility_timeout",
        .duration,
        default: .seconds(30),
        written: "30 seconds",
        "`serve`: how long a worker may be silent about an arrival before another may have it."
    )
    static let gcMinAge = Key(
        "gc_min_age",
        .duration,
        default: .seconds(3_600),
        written: "1 hour",
        "How long files that no snapshot needs stay on the disk, so that running readers finish."
    )
    static let maxSnapshotAge = Key(
        "max_snapshot_age",
        .duration,
        default: .seconds(432_000),
        written: "5 days",
        "How old a snapshot may become before it is removed."
    )
    static let minSnapshotsToKeep = Key(
        "min_snapshots_to_keep",
        .integer(1...100_000),
        default: 1,
        written: "1",
        "How many snapshots of a table are kept at least, whatever their age."
    )
    static let maxSnapshotsToKeep = Key(
        "max_snapshots_to_keep",
        .integer(1...100_000),
        default: 100,
        written: "100",
        "How many snapshots of a table are kept at most, whatever their age."
    )
    static let autoCompactMinFiles = Key(
        "auto_compact_min_files",
        .integer(0...100_000),
        default: 50,
        written: "50",
        "`serve`, `maintain`: from how many small data files of a partition on they are written anew as one. 0 for never."
    )
    static let autoCompactMaxFileSize = Key(
        "auto_compact_max_file_size",
        .byteSize,
        default: ByteSize(bytes: 128_000_000),
        written: "128MB",
        "How many bytes of data files become one file at most; a file of more than half of it stays as it is."
    )

    static let all = [
        memoryLimit.shape, threads.shape, tempDirectory.shape, maxTempDirectorySize.shape, maxFilesPerTrigger.shape,
        maxBatchBytes.shape, maxBatchDelay.shape, backfillInterval.shape, maxReceives.shape,
        visibilityTimeout.shape, gcMinAge.shape, maxSnapshotAge.shape, minSnapshotsToKeep.shape,
        maxSnapshotsToKeep.shape, autoCompactMinFiles.shape, autoCompactMaxFileSize.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> SettingsLayer {
        let layer = SettingsLayer(
            memoryLimit: reader.value(memoryLimit),
            threads: reader.value(threads),
            tempDirectory: reader.value(tempDirectory),
            maxTempDirectorySize: reader.value(maxTempDirectorySize),
            maxFilesPerTrigger: reader.value(maxFilesPerTrigger),
            maxBatchBytes: reader.value(maxBatchBytes),
            maxBatchDelay: reader.value(maxBatchDelay),
            backfillInterval: reader.value(backfillInterval),
            maxReceives: reader.value(maxReceives),
            visibilityTimeout: reader.value(visibilityTimeout),
            gcMinAge: reader.value(gcMinAge),
            maxSnapshotAge: reader.value(maxSnapshotAge),
            minSnapshotsToKeep: reader.value(minSnapshotsToKeep),
            maxSnapshotsToKeep: reader.value(maxSnapshotsToKeep),
            autoCompactMinFiles: reader.value(autoCompactMinFiles),
            autoCompactMaxFileSize: reader.value(autoCompactMaxFileSize)
        )
        if let low = layer.minSnapshotsToKeep, let high = layer.maxSnapshotsToKeep, low > high {
            reader.conflict(
                minSnapshotsToKeep,
                "min_snapshots_to_keep \(low) is greater than max_snapshots_to_keep \(high)"
            )
        }
        if let limit = layer.memoryLimit, limit.bytes < 64 << 20 {
            reader.reading.error(
                .invalidValue,
                "memory_limit is less than the engine can work with, 64MiB",
                at: reader.valuePlace(memoryLimit)
            )
        }
        return layer
    }
}
