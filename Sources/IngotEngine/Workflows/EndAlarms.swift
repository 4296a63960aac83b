import Synchronization

/// The alarms of those who wait in this process for the end of executions.
final class EndAlarms: Sendable {
    private let alarms = Mutex<[Int64: [ObjectIdentifier: Alarm]]>([:])

    /// An alarm that rings when this process leaves the execution, until it is put away.
    func alarm(for execution: Int64) -> Alarm {
        let alarm = Alarm()
        alarms.withLock { $0[execution, default: [:]][ObjectIdentifier(alarm)] = alarm }
        return alarm
    }

    func putAway(_ alarm: Alarm, for execution: Int64) {
        alarms.withLock { alarms in
            alarms[execution]?[ObjectIdentifier(alarm)] = nil
            if alarms[execution]?.isEmpty ?? false { alarms[execution] = nil }
        }
    }

    func ring(for execution: Int64) {
        for alarm in alarms.withLock({ $0[execution]?.values.map(\.self) ?? [] }) { alarm.ring() }
    }

    func ringAll() {
        for alarm in alarms.withLock({ $0.values.flatMap(\.values) }) { alarm.ring() }
    }
}
