/// Something that somebody is told.
public struct Notice: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// Good to know.
        case info
        /// Something should be looked at.
        case warning
        /// Something failed.
        case error
    }

    /// What tells it.
    public struct Source: Sendable, Hashable {
        /// What kind of thing that is.
        public enum Kind: String, Sendable {
            /// A check.
            case check
            /// A workflow.
            case workflow
        }

        /// What kind of thing it is.
        public var kind: Kind
        /// Its name.
        public var name: String

        /// Names a source.
        public init(_ kind: Kind, _ name: String) {
            self.kind = kind
            self.name = name
        }
    }

    /// Names the notice; the same in every try to send it.
    public var id: String
    /// The project.
    public var project: String
    /// The environment.
    public var environment: String
    /// What tells it.
    public var source: Source
    /// How bad it is.
    public var severity: Severity
    /// What it is about, in one line.
    public var title: String
    /// What happened, in lines for people.
    public var text: String
    /// What happened, for programs: a JSON value.
    public var details: String
    /// When it was made, in nanoseconds since 1970 UTC.
    public var time: Int64

    /// Makes a notice.
    public init(
        id: String,
        project: String,
        environment: String,
        source: Source,
        severity: Severity,
        title: String,
        text: String,
        details: String,
        time: Int64
    ) {
        self.id = id
        self.project = project
        self.environment = environment
        self.source = source
        self.severity = severity
        self.title = title
        self.text = text
        self.details = details
        self.time = time
    }
}
