import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// Judges a check, which tells whom it names; a check that fails, or that cannot be judged, fails its task.
struct CheckHandler: TaskHandler {
    let checks: CheckService
    let check: Check

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let report = try await checks.run(check)
        switch report.status {
        case .pass, .warn: return report.json
        case .fail, .error:
            let unsent = report.receipts.compactMap(\.error).map(\.description)
            throw TaskFailure(
                error: report.status == .error ? "Ingot.CheckError" : "Ingot.CheckFailed",
                cause: ([report.text] + unsent).joined(separator: "\n")
            )
        }
    }
}
