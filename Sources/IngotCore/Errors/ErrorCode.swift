/// The number of a user-facing error, with the page that `docs/errors.md` prints for it.
///
/// A number is never reused. The catalogue of all numbers is ``ErrorCode/all``, ordered by number.
public struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
    /// The number that follows `ING`.
    public let number: Int
    /// What happened, in a few words.
    public let title: String
    /// Why it happens.
    public let cause: String
    /// What to do about it.
    public let nextStep: String

    package init(_ number: Int, _ title: String, cause: String, nextStep: String) {
        self.number = number
        self.title = title
        self.cause = cause
        self.nextStep = nextStep
    }

    /// The printed form, for example `ING0007`.
    public var description: String {
        let digits = String(number)
        return "ING" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Two codes are equal when their numbers are.
    public static func == (lhs: ErrorCode, rhs: ErrorCode) -> Bool {
        lhs.number == rhs.number
    }

    /// Hashes the number.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
    }
}
