import IngotCore
import JSONTree
import StatesLanguage

/// Gathers what comes to an execution and what comes of it, to be noted in few transactions.
struct ExecutionJournal {
    /// How many events of the history are noted already; in a replay they come again.
    private let notedEventCount: Int
    private var eventCount = 0
    private var position: Int64 = 0
    private var progress = ExecutionProgress()
    private var writer = HistoryEventWriter()

    init(notedEventCount: Int) {
        self.notedEventCount = notedEventCount
    }

    /// How many inputs the execution has had.
    var inputCount: Int64 {
        position
    }

    /// How many events wait to be noted.
    var waitingEventCount: Int {
        progress.events.count
    }

    /// Passes over an entry that is in the journal.
    mutating func replayed(_ entry: JournalEntry) {
        position = entry.position
    }

    mutating func add(_ input: ExecutionInput, at time: Timestamp) {
        position += 1
        progress.journal.append(
            JournalEntry(position: position, time: time.nanosecondsSinceEpoch, input: input.json.text())
        )
    }

    mutating func add(_ events: [HistoryEvent]) {
        for event in events {
            eventCount += 1
            if eventCount > notedEventCount { progress.events.append(writer.text(of: event)) }
        }
    }

    mutating func take(_ message: ExecutionMessage) {
        progress.messages.append(message.id)
    }

    mutating func await(_ token: String) {
        progress.awaited.append(token)
    }

    /// Nobody waits for an answer with the token any more.
    mutating func settle(_ token: String) {
        progress.settled.append(token)
    }

    /// Nobody waits for the executions that the task started, any more: they are to stop.
    mutating func stopChildren(of token: String) {
        progress.childMessages[token] = ExecutionInput.parentEnded.json.text()
    }

    mutating func end(_ outcome: ExecutionOutcome, at time: Timestamp) {
        progress.ending = .init(outcome, at: time)
    }

    /// Everything that was gathered since the last time; `nil` where that is nothing.
    mutating func takeProgress() -> ExecutionProgress? {
        guard !progress.isEmpty else { return nil }
        defer { progress = ExecutionProgress() }
        return progress
    }
}

extension ExecutionProgress.Ending {
    init(_ outcome: ExecutionOutcome, at time: Timestamp) {
        let status = ExecutionStatus(rawValue: outcome.status) ?? .failed
        let time = time.nanosecondsSinceEpoch
        switch outcome {
        case .succeeded(let output):
            self.init(status: status, time: time, output: output.text(), error: nil, cause: nil)
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            self.init(status: status, time: time, output: nil, error: error, cause: cause)
        }
    }
}
