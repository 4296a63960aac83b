/// What is known of a path before its variables are resolved.
enum ProjectPath {
    /// Whether a relative path surely leads out of the project folder.
    static func leavesProject(_ template: Template) -> Bool {
        leavesProject(template.parts.map { part in if case .literal(let text) = part { text } else { "x" } }.joined())
    }

    /// Whether a relative path leads out of the folder that it starts from.
    static func leavesProject(_ path: String) -> Bool {
        guard isRelative(path) else { return false }
        var depth = 0
        for component in path.split(separator: "/") {
            switch component {
            case ".": break
            case "..": depth -= 1
            default: depth += 1
            }
            if depth < 0 { return true }
        }
        return false
    }

    /// Whether a path is relative to the project folder.
    static func isRelative(_ path: String) -> Bool {
        !path.hasPrefix("/") && !path.contains("://")
    }
}
