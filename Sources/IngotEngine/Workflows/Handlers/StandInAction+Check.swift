import IngotProject
import JSONTree

extension StandInAction {
    /// Refuses a request that means something which is not done; of others `ingot validate` has told.
    ///
    /// - Throws: `TaskFailure`.
    func check(_ request: JSON) throws {
        guard let member = unsupportedMember(of: request) else { return }
        throw TaskFailure(error: "Ingot.UnsupportedParameter", cause: "the task gives \(refusal(of: member))")
    }
}
