import Dispatch

#if canImport(Darwin)
import Darwin
#else
import CLinuxFiles
import Glibc
#endif

/// A signal that asks the program to stop.
struct Interruption: Error {
    /// The signals that ask; a second one of the same kind ends the process at once.
    private static var signals: [Int32] {
        #if canImport(Darwin)
        [SIGINT, SIGTERM, SIGHUP]
        #else
        // What `nohup` starts outlives its terminal.
        [SIGINT, SIGTERM] + (ingot_is_ignored(SIGHUP) == 0 ? [SIGHUP] : [])
        #endif
    }

    /// The signal.
    let signal: Int32

    /// What the user did.
    var name: String {
        switch signal {
        case SIGINT: "Ctrl-C"
        case SIGHUP: "the end of its terminal"
        default: "SIGTERM"
        }
    }

    /// As a shell shows a program that a signal ended.
    var status: ExitStatus {
        ExitStatus(rawValue: 128 + signal)
    }

    /// Does something that a signal cancels; it then ends in its own order.
    ///
    /// - Throws: What the work throws; ``Interruption`` if it throws after a signal. What ends well in spite of a signal,
    ///   as a service does, has succeeded.
    static func guarding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
        // A closed output shows as an error where it is written.
        _ = Self.set(SIGPIPE, SIG_IGN)
        var sources: [any DispatchSourceSignal] = []
        for number in signals { sources.append(await source(of: number) { continuation.yield(number) }) }
        defer { for source in sources { source.cancel() } }
        try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await body()
                return nil
            }
            group.addTask {
                for await number in arrivals { return number }
                return nil
            }
            let first = try await group.next()
            continuation.finish()
            group.cancelAll()
            guard case .some(.some(let number)) = first else { return }
            // The work is waited for, so that it gives back what it holds.
            guard let _ = try? await group.next() else { throw Interruption(signal: number) }
        }
    }

    /// Notices a signal from when this returns on; until then it ends the process, as there is nothing to end in order.
    ///
    /// It is never ignored in between, so that none is lost.
    private static func source(
        of number: Int32,
        _ arrived: @escaping @Sendable () -> Void
    ) async -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
        source.setEventHandler {
            arrived()
            _ = set(number, SIG_DFL)
        }
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.resume()
        }
        #if canImport(Darwin)
        // There a source notices what is ignored, and what is not has its effect. On Linux it sets a handler of its own.
        _ = set(number, SIG_IGN)
        #endif
        return source
    }

    private static func set(_ number: Int32, _ handler: sig_t?) -> sig_t? {
        #if canImport(Darwin)
        Darwin.signal(number, handler)
        #else
        Glibc.signal(number, handler)
        #endif
    }
}
