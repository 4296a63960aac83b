public import IngotCore

/// A value together with the place where the user wrote it.
///
/// Two located values are equal when their values are: where a thing is written does not change what it is.
public struct Located<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value
    /// Where it stands in the project's files.
    public var location: SourceLocation

    /// Joins a value and its place.
    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

extension Located: Equatable where Value: Equatable {
    /// Compares the values only.
    public static func == (lhs: Located, rhs: Located) -> Bool {
        lhs.value == rhs.value
    }
}

extension Located: Hashable where Value: Hashable {
    /// Hashes the value only.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
    }
}

extension Located: CustomStringConvertible {
    /// The value's own text.
    public var description: String {
        String(describing: value)
    }
}
