import DelimitedText
import Foundation
import IngotCore
import IngotProject

/// Goes over the records of delimited texts, to number and to count them.
///
/// A long text is gone over in several places at once. It is cut behind line breaks, any of which may stand within
/// quotes. But where everything before a cut consists of sound records, so that no quote is open at its end, a record
/// begins at the cut; where it does not, the text is gone over once more from its beginning.
struct RecordWalk: Sendable {
    /// Records that are looked for.
    struct Search: Sendable {
        /// What tells records.
        let hash: RecordHash
        /// The hashes of the records, one for each.
        let hashes: [UInt64]
        fileprivate let filter: RecordFilter
        fileprivate let wanted: Set<UInt64>

        init(_ hash: RecordHash, for hashes: [UInt64]) {
            (self.hash, self.hashes) = (hash, hashes)
            (filter, wanted) = (RecordFilter(hashes), Set(hashes))
        }
    }

    /// What a text holds.
    struct Outcome: Sendable {
        /// How many records.
        fileprivate(set) var count = 0
        /// The hashes and numbers of the records that are looked for, in order; not more than are looked for.
        fileprivate(set) var found: [(hash: UInt64, number: Int)] = []

        fileprivate mutating func append(_ next: Outcome) {
            found += next.found.map { ($0.hash, $0.number + count) }
            count += next.count
        }
    }

    /// How a stretch of a text ended.
    private enum Step {
        case goesOn
        case ended
        case failed
    }

    /// How a pipeline's objects are written.
    let source: Source
    /// How many places of a text are gone over at once.
    let threads: Int
    /// How many bytes a place has at least.
    let stretchSize: Int64

    init(_ source: Source, _ services: EngineServices) {
        self.source = source
        threads = services.project.environment.settings.threads ?? ProcessInfo.processInfo.activeProcessorCount
        stretchSize = services.stretchSize
    }

    /// How many records are gone over before others have a turn on the thread.
    private static let turn = 1 << 16

    /// Goes over an object's records.
    ///
    /// - Returns: `nil` where one of them cannot be read, where more are found than are looked for, and where only the
    ///   query engine decompresses the text.
    /// - Throws: `IngotError` where the object cannot be read; `CancellationError`.
    func outcome(of object: BatchObject, _ signature: ReadSignature, _ search: Search) async throws -> Outcome? {
        let stretches = try stretches(of: object, signature)
        if stretches.count > 1 {
            let parts = try await withThrowingTaskGroup { group in
                for (index, stretch) in stretches.enumerated() {
                    group.addTask { (index, try await walk(object, signature, stretch, search)) }
                }
                return try await group.reduce(into: [Outcome?](repeating: nil, count: stretches.count)) {
                    $0[$1.0] = $1.1
                }
            }
            let sound = parts.compactMap(\.self)
            if sound.count == parts.count {
                let whole = sound.reduce(into: Outcome()) { $0.append($1) }
                return whole.found.count > search.hashes.count ? nil : whole
            }
        }
        return try await walk(object, signature, nil, search)
    }

    /// Whether the engine read so many records of an object as it has, each of which can be read; also where only the
    /// engine can tell.
    ///
    /// The engine leaves out a last record that is longer than its buffer, without a word. An object that is no larger
    /// than a record may be is not looked at.
    ///
    /// - Throws: `IngotError` where the object cannot be read; `CancellationError`.
    func isRight(_ count: Int, of object: BatchObject, _ signature: ReadSignature) async throws -> Bool {
        guard signature.form == .csv, signature.route == .direct, object.textSize > source.maxLineSize.bytes,
            signature.compression.isReadHere
        else { return true }
        let nothing = Search(RecordHash(try source.dialect), for: [])
        return try await outcome(of: object, signature, nothing)?.count == count
    }

    /// Goes over a stretch of a text, or all of it.
    private func walk(
        _ object: BatchObject,
        _ signature: ReadSignature,
        _ stretch: TextStretch?,
        _ search: Search
    ) async throws -> Outcome? {
        guard var reader = try DelimitedReader(object, signature, source, stretch) else { return nil }
        var outcome = Outcome()
        while true {
            switch try Self.advance(&reader, search, &outcome) {
            case .goesOn: await Task.yield()
            case .ended: return outcome
            case .failed: return nil
            }
        }
    }

    private static func advance(
        _ reader: inout DelimitedReader,
        _ search: Search,
        _ outcome: inout Outcome
    ) throws -> Step {
        let end = reader.number + turn
        let (hash, filter, wanted) = (search.hash, search.filter, search.wanted)
        while let value = try reader.next(hash, among: filter) {
            guard reader.fault == nil else { return .failed }
            if wanted.contains(value) {
                guard outcome.found.count < search.hashes.count else { return .failed }
                outcome.found.append((value, reader.number))
            }
            outcome.count = reader.number
            if reader.number >= end { return .goesOn }
        }
        outcome.count = reader.number
        return .ended
    }

    /// The stretches of a text that may be gone over at once; none where it is short or cannot be cut.
    private func stretches(of object: BatchObject, _ signature: ReadSignature) throws -> [TextStretch] {
        let size = object.entry.size
        let count = min(Int64(threads), size / stretchSize)
        let dialect = try source.dialect
        // Records to be skipped might reach beyond the first stretch.
        guard count > 1, signature.compression == .none, signature.route == .direct, dialect.encoding == .utf8,
            dialect.skippedRecords == 0
        else { return [] }
        var stretches = [TextStretch(start: 0, end: nil)]
        for number in 1..<count {
            guard let cut = try TextStretch.cut(at: object.path, after: size / count * number),
                cut > stretches[stretches.count - 1].start
            else { continue }
            stretches[stretches.count - 1].end = cut
            stretches.append(TextStretch(start: cut, end: nil))
        }
        return stretches
    }
}
