/// The names that stand for many errors in rules.
enum ErrorNames {
    static let all = "States.ALL"
    static let taskFailed = "States.TaskFailed"

    /// Whether a rule's list of errors covers an error; one without a name is only covered by `States.ALL`.
    static func match(_ errors: [String], _ error: StateError) -> Bool {
        if errors.contains(all) { return true }
        if let alias = error.alias, errors.contains(alias) { return true }
        guard let name = error.name else { return false }
        return errors.contains(name) || (errors.contains(taskFailed) && name != StateError.timeoutName)
    }
}
