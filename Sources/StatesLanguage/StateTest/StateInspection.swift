import JSONTree

/// Notes what a state does to its data while it runs.
struct StateInspection {
    var inspection = JSONObject()
}
extension StateInspection {
    mutating func afterInputPath(_ value: JSON, _ state: State) {}
    mutating func afterArguments(_ value: JSON, _ state: State) {}
    mutating func afterResultSelector(_ value: JSON, _ state: State) {}
    mutating func afterResultPath(_ value: JSON, _ state: State) {}
    mutating func afterItems(_ value: [JSON], _ state: State) {}
    mutating func afterItemSelector(_ value: JSON, index: Int) {}
    mutating func concurrencyMax(_ value: Int) {}
    mutating func toleratedFailureCount(_ value: Int) {}
    mutating func toleratedFailurePercentage(_ value: Double) {}
    mutating func result(_ value: JSON) {}
    mutating func retried(rule: Int, after delay: Double) {}
    mutating func caught(rule: Int) {}
    mutating func failed(_ error: StateError) {}
}
