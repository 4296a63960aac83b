import IngotCore

/// Checks what checks name, and that the notifications of the environment can be sent.
struct TellingCheck {
    let project: Project
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>

    func diagnostics() -> [Diagnostic] {
        project.checks.flatMap { targets(of: $0) + eventTime(of: $0) } + unavailable()
    }

    private func targets(of check: Check) -> [Diagnostic] {
        let lookup = NameLookup(brokenFiles: brokenFiles)
        let names = project.environment.notifications.keys.sorted()
        return check.notify.compactMap { lookup.missing($0, "notification", among: names, in: "ingot.yml") }
    }

    private func eventTime(of check: Check) -> [Diagnostic] {
        let isAllRead = !brokenFiles.contains { file in
            file == check.file || file.hasPrefix("pipelines/") || file.hasPrefix("models/")
        }
        guard isAllRead, project.eventTime(of: check) == nil else { return [] }
        return [
            Diagnostic(
                .error,
                IngotError(
                    .missingKey,
                    "the check needs the key \"event_time\": nothing else says which column of \(check.table) places a "
                        + "row in time",
                    at: check.table.location,
                    hint: check.table.value.namespace == "ops"
                        ? "event_time: recorded_at"
                        : "event_time: _ingested_at, or another column with a date or timestamp"
                )
            )
        ]
    }

    /// Other environments may be for other versions.
    private func unavailable() -> [Diagnostic] {
        project.environment.notifications.values.sorted { $0.name.value < $1.name.value }.compactMap { target in
            guard !target.isAvailable else { return nil }
            return Diagnostic(
                .error,
                IngotError(
                    .unavailableNotification,
                    "this version of Ingot cannot send notifications by \(target.kind.rawValue), as \"\(target.name)\" "
                        + "of the environment \"\(project.environment.name)\" wants it",
                    at: target.name.location,
                    hint: "type: command, with a program that sends them; or webhook, slack, log"
                )
            )
        }
    }
}
