import JSONTree

/// A JSONPath as the language uses it: into the state's input, the context object or a variable.
struct Path: Sendable {
    /// Where a path starts.
    enum Root: Sendable, Hashable {
        /// `$`: the input.
        case input
        /// `$$`: the context object.
        case context
        /// `$name`: a variable.
        case variable(String)
    }

    /// One step from a value to values below it.
    indirect enum Step: Sendable {
        /// `.name` or `['name']`.
        case member(String)
        /// `['a','b']`: an object with these members only.
        case members([String])
        /// `[0]`, `[-1]`.
        case index(Int)
        /// `[0,2]`.
        case indices([Int])
        /// `[1:3]`; the service knows no step width.
        case slice(from: Int?, to: Int?)
        /// `.*` or `[*]`.
        case wildcard
        /// `..`: the next step at every depth.
        case descendants
        /// `[?(@.a > 1)]`.
        case filter(PathFilter)
        /// `.length()`.
        case function(PathFunction)
    }

    let text: String
    let root: Root
    let steps: [Step]
    /// Whether the path names one value at most; other paths answer an array of what they found.
    let isDefinite: Bool

    init(text: String, root: Root, steps: [Step]) {
        self.text = text
        self.root = root
        self.steps = steps
        isDefinite = steps.allSatisfy(\.isDefinite)
    }

    /// The path `$`.
    static let input = Path(text: "$", root: .input, steps: [])

    /// The path as it is seen from the document that it looks into, be that the input or the context object.
    var textInDocument: String {
        root == .context ? String(text.dropFirst()) : text
    }

    /// Whether the path only goes down by names and single indices, as a Reference Path does.
    var isReference: Bool {
        steps.allSatisfy { step in
            switch step {
            case .member: true
            case .index(let index): index >= 0
            default: false
            }
        }
    }

    /// The path written with brackets, as messages show it.
    var bracketText: String {
        "$" + steps.map(\.bracketText).joined()
    }
}

extension Path.Step {
    var isDefinite: Bool {
        switch self {
        case .member, .index, .function: true
        case .members, .indices, .slice, .wildcard, .descendants, .filter: false
        }
    }

    var bracketText: String {
        switch self {
        case .member(let name): "['\(name)']"
        case .members(let names): "[" + names.map { "'\($0)'" }.joined(separator: ",") + "]"
        case .index(let index): "[\(index)]"
        case .indices(let indices): "[" + indices.map(String.init).joined(separator: ",") + "]"
        case .slice(let from, let to): "[\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")]"
        case .wildcard: "[*]"
        case .descendants: ".."
        case .filter: "[?]"
        case .function(let function): ".\(function.rawValue)()"
        }
    }
}

/// A function at the end of a path.
enum PathFunction: String, Sendable {
    case length
    case size
    case min
    case max
    case avg
    case sum
    case stddev
    case keys
    case first
    case last
}

/// Why a path is not one.
struct PathSyntaxError: Error, Sendable, Hashable {
    let message: String
}

/// Why a path has no value in a document.
enum PathFailure: Error, Sendable, Hashable {
    /// The document holds nothing at the path; the detail says how far it went.
    case notFound(detail: String)
    /// The path does not fit the document, for example a filter over a string.
    case invalid(detail: String)
    /// The evaluation looked at too many values.
    case tooCostly

    var detail: String {
        switch self {
        case .notFound(let detail), .invalid(let detail): detail
        case .tooCostly: "The path looks at more values than allowed"
        }
    }
}
