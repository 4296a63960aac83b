/// Where others are told of runs, in the events of OpenLineage.
public struct LineageSettings: Hashable, Sendable {
    /// Where the events go.
    public enum Destination: Hashable, Sendable {
        /// A file of JSON lines.
        case file(Template)
        /// An address that takes one event a request, and the token that it asks for.
        case url(Template, token: Template?)
    }

    /// Where the events go.
    public var destination: Destination
    /// The namespace of the jobs; `nil` for the project's and the environment's name.
    public var namespace: String?
}
