import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Looks at what the machine gives: memory, open files, the clock.
enum MachineExamination {
    /// A batch may have this many files open.
    private static let openFilesMin: UInt64 = 1024
    /// No clock that is right shows less: 2025-01-01.
    private static let earliestSecond = 1_735_689_600

    static func findings() -> [Examination.Finding] {
        let machine = ProcessInfo.processInfo
        let memory = HumanText.bytes(Int64(clamping: machine.physicalMemory))
        return [
            Examination.Finding(.ok, "machine", "\(machine.activeProcessorCount) cores, \(memory)"),
            openFiles(), clock(),
        ]
    }

    private static func openFiles() -> Examination.Finding {
        var limits = rlimit()
        #if canImport(Darwin)
        let isKnown = getrlimit(RLIMIT_NOFILE, &limits) == 0
        #else
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0
        #endif
        guard isKnown else { return Examination.Finding(.warn, "open files", "the limit cannot be told") }
        let limit = UInt64(limits.rlim_cur)
        guard limit >= openFilesMin else {
            return Examination.Finding(.warn, "open files", "at most \(limit)", advice: "ulimit -n \(openFilesMin)")
        }
        return Examination.Finding(.ok, "open files", limit > 1 << 40 ? "no limit" : "at most \(limit)")
    }

    private static func clock() -> Examination.Finding {
        let now = Int(Date().timeIntervalSince1970)
        guard now >= earliestSecond else {
            return Examination.Finding(
                .fail,
                "clock",
                "shows \(HumanText.time(Int64(now) * 1_000_000_000))",
                advice: "set the machine's clock: batches and snapshots are ordered by it"
            )
        }
        return Examination.Finding(.ok, "clock", HumanText.time(Int64(now) * 1_000_000_000) + " UTC")
    }
}
