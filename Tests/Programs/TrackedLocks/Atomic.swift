/// A value that is changed at once, as Swift's own `Atomic`, under a lock.
public struct Atomic<Value: Sendable>: ~Copyable, Sendable {
    /// How operations are ordered among others, which a lock decides.
    public enum Ordering: Sendable {
        case relaxed
        case acquiring
        case releasing
        case acquiringAndReleasing
        case sequentiallyConsistent
    }

    private let value: Mutex<Value>

    /// A value that nobody has changed.
    public init(_ initialValue: Value) {
        value = Mutex(initialValue)
    }

    /// The value.
    public func load(ordering: Ordering) -> Value {
        value.withLock { $0 }
    }

    /// Sets the value.
    public func store(_ desired: Value, ordering: Ordering) {
        value.withLock { $0 = desired }
    }
}

extension Atomic where Value: FixedWidthInteger {
    /// Adds to the value; overflow ends the program.
    @discardableResult
    public func add(_ operand: Value, ordering: Ordering) -> (oldValue: Value, newValue: Value) {
        value.withLock { value in
            let old = value
            value += operand
            return (old, value)
        }
    }
}
