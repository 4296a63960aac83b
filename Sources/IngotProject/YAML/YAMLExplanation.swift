/// Says in a user's words what libyaml found.
struct YAMLExplanation {
    let message: String
    let hint: String?
    /// Whether the place to show is where the unfinished thing begins, not where it was found to be unfinished.
    var isAboutContext = false

    init(problem: String, context: (text: String, line: Int)?, scalar: Unicode.Scalar?) {
        switch problem {
        case "found character that cannot start any token" where scalar == "\t",
            "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            message = "a tab stands where YAML needs spaces"
            hint = "replace the tab by spaces"
        case "found character that cannot start any token":
            message = "a text cannot begin with \"\(scalar.map { String(Character($0)) } ?? "")\" unless it is quoted"
            hint = "put the text in single quotes"
        case "mapping values are not allowed in this context":
            message = "invalid YAML: a \": \" stands where no key can be"
            hint = "put a text that holds \": \" in quotes, or check the indentation"
        case "but found another document":
            message = "the file holds more than one YAML document"
            hint = "remove the \"---\" and what follows, or move it into a file of its own"
        case "found unexpected end of stream" where context?.text == "while scanning a quoted scalar":
            message = "the quoted text that begins here does not end"
            hint = "close the quote; inside single quotes a quote is written twice"
            isAboutContext = true
        case "found undefined alias":
            message = "the alias names an anchor that is not defined above it"
            hint = "put a text that begins with \"*\" in quotes"
        default:
            let opening = context.map { " (\($0.text) that begins on line \($0.line))" } ?? ""
            message = "invalid YAML: \(problem)\(opening)"
            hint = "check quotes, brackets and indentation on this line and above it"
        }
    }
}
