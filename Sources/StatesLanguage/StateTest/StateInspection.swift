import JSONTree

/// Notes what one state does to its data, and how it ends, when a state is tested by itself.
final class StateInspection {
    /// How the state ended.
    enum Ending {
        case succeeded(output: JSON, next: String?)
        case caught(StateError, output: JSON, next: String?)
        case retriable(StateError)
        case failed(StateError)
    }

    /// The inspection data of `TestState`.
    private(set) var data = JSONObject()
    private(set) var ending: Ending?
    /// How often the state was tried again before.
    let retryCount: Int
    private var caughtError: StateError?

    init(input: JSON, variables: JSONObject, retryCount: Int) {
        data["input"] = input
        if !variables.isEmpty { data["variables"] = .object(variables) }
        self.retryCount = retryCount
    }

    // MARK: Data

    func afterInputPath(_ value: JSON, _ state: State) {
        if state.language == .jsonPath, !state.hasConstantResult, state.type != .parallel {
            data["afterInputPath"] = value
        }
    }

    func afterArguments(_ value: JSON, _ state: State) {
        switch (state.language, state.type) {
        case (.jsonPath, .task): data["afterParameters"] = value
        case (.jsonPath, .pass) where !state.hasConstantResult: data["afterParameters"] = value
        case (.jsonata, .task) where state.data.arguments != nil: data["afterArguments"] = value
        default: break
        }
    }

    func result(_ value: JSON) {
        data["result"] = value
    }

    func afterResultSelector(_ value: JSON, _ state: State) {
        if state.hasResult { data["afterResultSelector"] = value }
        if state.hasConstantResult { data["result"] = value }
    }

    func afterResultPath(_ value: JSON, _ state: State) {
        if state.hasResult { data["afterResultPath"] = value }
    }

    func afterItems(_ items: JSON, _ state: State) {
        if state.language == .jsonPath { data["afterItemsPath"] = items }
    }

    func afterItemSelector(_ value: JSON, index: Int) {
        if index == 0 { data["afterItemSelector"] = value }
    }

    func concurrencyMax(_ value: Int) {
        data["maxConcurrency"] = .integer(Int64(value))
    }

    func toleratedFailureCount(_ value: Int) {
        data["toleratedFailureCount"] = .integer(Int64(value))
    }

    func toleratedFailurePercentage(_ value: Double) {
        data["toleratedFailurePercentage"] = JSON.double(value)
    }

    // MARK: Ends

    func retried(_ error: StateError, rule: Int, after delay: Double) {
        data["errorDetails"] = [
            "retryIndex": .integer(Int64(rule)), "retryBackoffIntervalSeconds": .number(from: delay),
        ]
        ending = .retriable(error)
    }

    /// A rule covers the error, but all its attempts are used up.
    func exhausted(rule: Int) {
        data["errorDetails"] = ["retryIndex": .integer(Int64(rule))]
    }

    func caught(_ error: StateError, rule: Int) {
        data["errorDetails"] = ["catchIndex": .integer(Int64(rule))]
        caughtError = error
    }

    func left(output: JSON, next: String?) {
        if let error = caughtError {
            ending = .caught(error, output: output, next: next)
        } else {
            ending = .succeeded(output: output, next: next)
        }
    }

    func failed(_ error: StateError) {
        ending = .failed(error)
    }
}

extension State {
    /// Whether this is a Pass state with a `Result`.
    fileprivate var hasConstantResult: Bool {
        guard case .pass(.some) = body else { return false }
        return true
    }

    /// Whether the state brings something forth in JSONPath, which selectors and paths are applied to.
    fileprivate var hasResult: Bool {
        switch type {
        case .pass, .task, .parallel, .map: language == .jsonPath
        default: false
        }
    }
}
