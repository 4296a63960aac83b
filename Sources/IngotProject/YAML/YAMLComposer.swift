import IngotCore
import Yams

/// Reads one YAML document into a ``YAMLNode``; everything that is wrong with its syntax becomes a diagnostic.
struct YAMLComposer {
    private let reading: Reading
    private var nodesLeft = YAMLLimits.nodesMax
    private var isOverLimit = false
    /// Keys that were found twice, by place, each with the character that a mask replaced.
    ///
    /// Masks let reading go on. They are characters for private use, each taken once, so no two masked keys are equal.
    private var masked: [Place: String] = [:]

    private struct Place: Hashable {
        var line: Int
        var column: Int
    }

    /// The document's value, or `nil` where it is empty or could not be read.
    static func compose(_ reading: Reading, yaml: String? = nil) -> YAMLNode? {
        var composer = YAMLComposer(reading: reading)
        return composer.compose(yaml ?? reading.source.text)
    }

    private init(reading: Reading) {
        self.reading = reading
    }

    private mutating func compose(_ yaml: String) -> YAMLNode? {
        if let problem = YAMLGuard.problem(in: yaml) {
            reading.error(
                .yamlSyntax,
                problem.message,
                at: SourceLocation(file: reading.source.file, line: problem.line),
                hint: problem.hint
            )
            return nil
        }
        var text = yaml
        while true {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                let node = convert(root, depth: 0)
                return isOverLimit ? nil : node
            } catch let error as YamlError {
                if case .duplicatedKeysInMapping(_, let context) = error,
                    masked.count < YAMLLimits.duplicatesMax,
                    let rest = mask(keyAt: context.mark, in: text)
                {
                    text = rest
                    continue
                }
                report(error)
                return nil
            } catch {
                reading.error(.yamlSyntax, "invalid YAML: \(error)", at: SourceLocation(file: reading.source.file))
                return nil
            }
        }
    }

    // MARK: Repeated keys

    /// Replaces the first character of the key at `mark`, so that the document can be read to its end.
    private mutating func mask(keyAt mark: Mark, in text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        var (line, column) = (1, 1)
        var index = 0
        while index < scalars.count, line < mark.line || column < mark.column {
            let scalar = scalars[index]
            let isBreak = scalar == "\n" && (index == 0 || scalars[index - 1] != "\r") || scalar == "\r"
            if isBreak || ["\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
                (line, column) = (line + 1, 1)
            } else if scalar != "\n" {
                column += 1
            }
            index += 1
        }
        if index < scalars.count, scalars[index] == "\n", index > 0, scalars[index - 1] == "\r" { index += 1 }
        if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, !scalars[index].properties.isWhitespace,
            let mask = Unicode.Scalar(0xE000 + UInt32(masked.count))
        else { return nil }
        masked[Place(line: mark.line, column: mark.column)] = String(Character(scalars[index]))
        scalars[index] = mask
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    // MARK: Conversion

    private mutating func convert(_ node: Node, depth: Int) -> YAMLNode? {
        let location = location(node.mark)
        nodesLeft -= 1
        guard nodesLeft >= 0, depth <= YAMLLimits.depthMax, !isOverLimit else {
            if !isOverLimit {
                reading.error(
                    .yamlSyntax,
                    depth > YAMLLimits.depthMax
                        ? "values lie more than \(YAMLLimits.depthMax) deep inside each other"
                        : "the file has more than \(YAMLLimits.nodesMax) values (aliases followed)",
                    at: location
                )
            }
            isOverLimit = true
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(
                content: .scalar(text: scalar.string, style: Self.style(scalar.style)),
                location: location
            )
        case .sequence(let sequence):
            return YAMLNode(
                content: .sequence(sequence.compactMap { convert($0, depth: depth + 1) }),
                location: location
            )
        case .mapping(let mapping):
            return YAMLNode(content: .mapping(entries(of: mapping, depth: depth)), location: location)
        case .alias:
            return nil
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var merged: [YAMLNode.Entry] = []
        var repeated: [(key: String, first: SourceLocation)] = []
        for (key, value) in mapping {
            let place = location(key.mark)
            guard case .scalar(let scalar) = key else {
                reading.error(.yamlSyntax, "a key must be a text, not a list or a mapping", at: place)
                continue
            }
            if let mark = key.mark, let first = masked[Place(line: mark.line, column: mark.column)] {
                repeated.append((first + scalar.string.unicodeScalars.dropFirst().map(String.init).joined(), place))
                continue
            }
            guard let value = convert(value, depth: depth + 1) else { continue }
            if scalar.string == "<<", scalar.style == .plain {
                merged += mergedEntries(value)
            } else {
                entries.append(YAMLNode.Entry(key: Located(scalar.string, at: place), value: value))
            }
        }
        report(repeated: repeated, in: entries)
        for entry in merged where !entries.contains(where: { $0.key == entry.key }) {
            entries.append(entry)
        }
        return entries
    }

    /// What `<<: *base` brings in: the entries of a mapping or of several, the first winning.
    private func mergedEntries(_ value: YAMLNode) -> [YAMLNode.Entry] {
        switch value.content {
        case .mapping(let entries):
            return entries
        case .sequence(let values):
            var seen: Set<String> = []
            return values.flatMap(mergedEntries).filter { seen.insert($0.key.value).inserted }
        case .scalar:
            reading.error(.wrongType, "\"<<\" takes in a mapping, not \(value.summary)", at: value.location)
            return []
        }
    }

    private func report(repeated: [(key: String, first: SourceLocation)], in entries: [YAMLNode.Entry]) {
        var earlier: [String: SourceLocation] = [:]
        for (key, first) in repeated {
            if let before = earlier[key] {
                reportDuplicate(key, at: first, first: before)
            } else {
                earlier[key] = first
            }
        }
        for entry in entries {
            if let before = earlier[entry.key.value] {
                reportDuplicate(entry.key.value, at: entry.key.location, first: before)
            }
        }
    }

    private func reportDuplicate(_ key: String, at location: SourceLocation, first: SourceLocation) {
        reading.error(
            .duplicateKey,
            "the key \"\(key)\" stands twice in one mapping, first on line \(first.line ?? 1)",
            at: location,
            hint: "remove one of the two"
        )
    }

    // MARK: Errors

    private func report(_ error: YamlError) {
        let file = reading.source.file
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let explanation = YAMLExplanation(
                problem: problem,
                context: context.map { ($0.text, $0.mark.line) },
                scalar: reading.source.scalar(line: mark.line, column: mark.column)
            )
            let place = explanation.isAboutContext ? context?.mark ?? mark : mark
            reading.error(.yamlSyntax, explanation.message, at: location(place), hint: explanation.hint)
        case .duplicatedKeysInMapping(let keys, let context):
            reading.error(
                .duplicateKey,
                "keys stand twice in one mapping: \(keys.map { "\"\($0)\"" }.joined(separator: ", "))",
                at: location(context.mark)
            )
        case .reader(let problem, _, _, _):
            reading.error(.yamlSyntax, "invalid YAML: \(problem)", at: SourceLocation(file: file))
        default:
            reading.error(.yamlSyntax, "invalid YAML", at: SourceLocation(file: file))
        }
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        SourceLocation(file: reading.source.file, line: mark?.line, column: mark?.column)
    }

    private static func style(_ style: Node.Scalar.Style) -> YAMLNode.ScalarStyle {
        switch style {
        case .any, .plain: .plain
        case .singleQuoted, .doubleQuoted: .quoted
        case .literal, .folded: .block
        }
    }
}
