import Foundation
package import IngotCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Who this process is, and whether the process that holds a lease still lives.
///
/// A lease names its holder by the machine (name, boot, and the space of process numbers where there are several), the
/// process's number and the time at which that process began, because numbers are given again. A process that cannot be
/// looked at from here, in another container, is known by the lock that it has on its folder under the state folder,
/// which the system takes away when it dies.
package struct ProcessIdentity: Sendable {
    /// The separator of a host's parts; no part holds it.
    private static let separator: Character = "|"

    private let host: String
    private let stateFolder: String

    /// Says who this process is among those that share a state.
    package init(stateFolder: String) {
        self.stateFolder = stateFolder
        let parts = [Self.machineName, Self.bootID, Self.processSpace]
        host = parts.map { $0.filter { $0 != Self.separator } }.joined(separator: String(Self.separator))
    }

    /// This process, as leases name it.
    package var current: LeaseOwner {
        let process = getpid()
        return LeaseOwner(host: host, process: process, start: Self.start(of: process) ?? "")
    }

    /// Whether a lease's holder still lives, or may.
    package func isAlive(_ owner: LeaseOwner) -> Bool {
        guard owner.host == host else {
            return !isEarlierBoot(owner.host) && ScratchFolder.isHeld(by: owner, stateFolder: stateFolder)
        }
        // Without the right to signal it, it is there nevertheless.
        guard kill(owner.process, 0) == 0 || errno == EPERM else { return false }
        guard let start = Self.start(of: owner.process) else { return errno == EPERM }
        return start == owner.start
    }

    /// Whether a host is this machine before it was started the last time.
    private func isEarlierBoot(_ other: String) -> Bool {
        let own = host.split(separator: Self.separator, omittingEmptySubsequences: false)
        let others = other.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard own.count == 3, others.count == 3, own[0] == others[0], !own[1].isEmpty, !others[1].isEmpty else {
            return false
        }
        return own[1] != others[1]
    }

    private static var machineName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    #if canImport(Darwin)
    private static var bootID: String {
        var size = 0
        guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 0 else { return "" }
        var buffer = [CChar](repeating: 0, count: size)
        guard sysctlbyname("kern.bootsessionuuid", &buffer, &size, nil, 0) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var processSpace: String { "" }

    private static func start(of process: Int32) -> String? {
        var info = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        var name = [CTL_KERN, KERN_PROC, KERN_PROC_PID, process]
        guard sysctl(&name, UInt32(name.count), &info, &size, nil, 0) == 0, size > 0 else { return nil }
        let time = info.kp_proc.p_starttime
        return "\(time.tv_sec).\(time.tv_usec)"
    }
    #else
    private static var bootID: String {
        text(of: "/proc/sys/kernel/random/boot_id")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }

    /// Containers on one machine have process numbers of their own.
    private static var processSpace: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    }

    /// The clock ticks between the machine's start and the process's.
    private static func start(of process: Int32) -> String? {
        guard let status = text(of: "/proc/\(process)/stat"), let end = status.lastIndex(of: ")") else { return nil }
        // The name in parentheses may hold anything; after it, the time is the 20th field.
        let fields = status[status.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    private static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
    #endif
}
