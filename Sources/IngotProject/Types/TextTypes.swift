import IngotCore

extension ValueType where Value == SQLText {
    /// An SQL expression.
    static let expression = ValueType(
        .scalar(label: "SQL expression", schema: ["type": ["string", "number", "boolean"]])
    ) {
        node,
        reading in
        guard case .scalar(let text, let style) = node.content, !node.isNull,
            text.contains(where: { !$0.isWhitespace })
        else {
            reading.error(.wrongType, "expected an SQL expression, found \(node.summary)", at: node.location)
            return nil
        }
        return SQLText(text, map: reading.source.textMap(of: text, style: style, at: node.location))
    }
}

extension ValueType where Value == Template {
    /// A text that may hold `${VAR}` and `${VAR:-default}`.
    static let template = withSecrets.checked { template, node, reading -> Template? in
        guard !template.holdsSecret else {
            reading.error(
                .invalidValue,
                "a secret cannot be used here: the value is shown in messages",
                at: node.location,
                hint: "${VAR} for a value that is not secret"
            )
            return nil
        }
        return template
    }

    /// A text that may hold `${VAR}`, `${VAR:-default}` and `${secret:name}`.
    static let withSecrets = ValueType(
        .scalar(label: "text with `${VAR}`", schema: ["type": ["string", "number", "boolean"]])
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch TemplateParser.parse(text) {
        case .success(let parts): return Template(parts: parts, location: node.location)
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }

    /// An address that is asked by HTTP; `example` is the hint where it is none.
    static func httpAddress(example: String) -> ValueType {
        withSecrets.checked { template, node, reading -> Template? in
            guard case .literal(let text) = template.parts.first, !text.lowercased().hasPrefix("http://"),
                !text.lowercased().hasPrefix("https://")
            else { return template }
            reading.error(
                .invalidValue,
                "\"\(template.description.abbreviated)\" is not an address of HTTP",
                at: node.location,
                hint: example
            )
            return nil
        }
    }

    /// A folder or file: inside the project, absolute, or `s3://bucket/key`.
    static let insidePath = template.checked { template, node, reading -> Template? in
        guard !ProjectPath.leavesProject(template) else {
            reading.error(
                .pathOutsideProject,
                "the path \"\(template.description.abbreviated)\" leads out of the project folder",
                at: node.location,
                hint: "a path without \"..\", or an absolute one"
            )
            return nil
        }
        guard !template.description.hasPrefix("~") else {
            reading.error(
                .invalidValue,
                "\"~\" does not stand for the home folder here",
                at: node.location,
                hint: "${HOME}\(template.description.dropFirst())"
            )
            return nil
        }
        return template
    }
}

extension ValueType where Value == Template {
    /// Where files arrive: like ``insidePath``, with the schemes that can be read.
    static let sourcePath = insidePath.checked { template, node, reading -> Template? in
        let text = template.description
        guard !text.isEmpty else {
            reading.error(.invalidValue, "the path is empty", at: node.location)
            return nil
        }
        if let scheme = text.firstRange(of: "://"), !text.hasPrefix("s3://"), !text.hasPrefix("${") {
            reading.error(
                .invalidValue,
                "\"\(text[..<scheme.upperBound])\" is not a place that Ingot reads; places: a folder, a file, s3://",
                at: node.location,
                hint: text.hasPrefix("s3a://") || text.hasPrefix("s3n://")
                    ? "s3://\(text[scheme.upperBound...])" : nil
            )
            return nil
        }
        return template
    }
}
