/// A value that SQL reads with `getvariable('name')`.
public enum Variable: Hashable, Sendable {
    /// One value.
    case value(Literal)
    /// Several values.
    case list([Literal])
}
