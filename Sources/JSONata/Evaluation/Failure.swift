import JSONTree

/// An error on its way out of the evaluation; the calls that it passes add what they know.
struct Failure: Error {
    private final class Details: Sendable {
        let code: String
        let position: Int?
        let token: JSON?
        let value: JSON?
        let inserts: [String: JSON]
        let message: String?

        init(
            _ code: String,
            _ position: Int?,
            _ token: JSON?,
            _ value: JSON?,
            _ inserts: [String: JSON],
            _ message: String?
        ) {
            self.code = code
            self.position = position
            self.token = token
            self.value = value
            self.inserts = inserts
            self.message = message
        }
    }

    private let details: Details

    /// Makes a failure; the message is the catalogue's unless one is given.
    init(
        _ code: String,
        position: Int? = nil,
        token: JSON? = nil,
        value: Value? = nil,
        inserts: [String: JSON] = [:],
        message: String? = nil
    ) {
        details = Details(code, position, token, value.flatMap(Failure.shown), inserts, message)
    }

    private init(_ details: Details) {
        self.details = details
    }

    /// The signal that an evaluation has to begin again with more room; never seen by users of the library.
    static let needsDeepStack = Failure("needs a deeper stack")

    var needsDeepStack: Bool {
        code == Failure.needsDeepStack.code
    }

    var code: String {
        details.code
    }

    var position: Int? {
        details.position
    }

    var token: JSON? {
        details.token
    }

    /// The same failure at another place.
    func at(_ position: Int?, token: JSON?) -> Failure {
        Failure(Details(code, position, token, details.value, details.inserts, details.message))
    }

    /// The failure with the call that it came out of, as far as nothing inside said it.
    func completed(position: Int, token: JSON?) -> Failure {
        at(self.position ?? position, token: self.token ?? token)
    }

    /// The failure for users of the library, with its message complete.
    var asError: JSONataError {
        let token: String? = details.token.map { $0.stringValue ?? $0.text() }
        return JSONataError(code: code, position: position, token: token, value: details.value, message: message)
    }

    private var message: String {
        if let message = details.message { return message }
        var inserts = details.inserts
        inserts["token"] = details.token ?? inserts["token"]
        inserts["value"] = details.value ?? inserts["value"]
        return ErrorCatalogue.message(code, inserts: inserts)
    }

    /// A value as messages show it; nothing for what has no JSON form.
    private static func shown(_ value: Value) -> JSON? {
        switch value {
        case .undefined, .function, .tuples: nil
        case .number(let number) where !number.isFinite: .null
        default: try? value.json(depthMax: 100)
        }
    }
}
