import JSONTree
import JSONata

extension Intrinsic {
    /// The value of the call.
    func value(in scope: QueryScope) throws(StateError) -> JSON {
        if function == .format { return try formatted(in: scope) }
        var values: [JSON] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try value(of: argument, in: scope)) }
        guard let value = try result(values, in: scope) else {
            throw failure("The arguments \(JSON.array(values).text()) are not valid for the function")
        }
        return value
    }

    private func value(of argument: Argument, in scope: QueryScope) throws(StateError) -> JSON {
        switch argument {
        case .literal(let value): return value
        case .text(let text): return .string(Self.unescaped(text))
        case .call(let call): return try call.value(in: scope)
        case .path(let path):
            do throws(PathFailure) {
                return try scope.value(of: path)
            } catch {
                let input = scope.document(of: path).text()
                throw StateError.runtime(
                    "The function '\(text)' had the following error: The JsonPath argument for the field "
                        + "'\(path.text)' could not be found in the input '\(input)'"
                )
            }
        }
    }

    private func failure(_ detail: String) -> StateError {
        .intrinsic("The function '\(text)' had the following error: \(detail)")
    }

    /// The function's result; nil where the arguments do not suit it.
    private func result(_ values: [JSON], in scope: QueryScope) throws(StateError) -> JSON? {
        switch function {
        case .format: return nil
        case .array: return .array(values)
        case .arrayContains: return Arrays.contains(values[0], values[1])
        case .arrayGetItem: return Arrays.item(values[0], values[1])
        case .arrayLength: return values[0].arrayValue.map { .integer(Int64($0.count)) }
        case .arrayPartition: return Arrays.partition(values[0], values[1])
        case .arrayRange: return Arrays.range(values[0], values[1], values[2])
        case .arrayUnique: return Arrays.unique(values[0])
        case .base64Decode: return values[0].stringValue.flatMap(Base64.decoded).map(JSON.string)
        case .base64Encode: return values[0].stringValue.flatMap(Base64.encoded).map(JSON.string)
        case .hash: return hash(values[0], values[1])
        case .jsonMerge: return merged(values)
        case .jsonToString: return .string(values[0].text())
        case .mathAdd: return sum(values[0], values[1])
        case .mathRandom: return random(values, in: scope)
        case .stringSplit: return split(values[0], values[1])
        case .stringToJson: return try parsed(values[0])
        case .uuid: return .string(scope.source.random.uuid())
        }
    }

    private func formatted(in scope: QueryScope) throws(StateError) -> JSON {
        let template: String
        switch arguments[0] {
        case .text(let text): template = text
        case let other:
            guard let text = try value(of: other, in: scope).stringValue else {
                throw failure("The template must be a string")
            }
            template = text
        }
        var values: [JSON] = []
        for argument in arguments.dropFirst() { values.append(try value(of: argument, in: scope)) }
        guard let text = Self.filled(template, with: values) else {
            throw failure("The template has another number of {} than the \(values.count) arguments")
        }
        return .string(text)
    }

    /// Puts the values into the template; nil where their number does not match.
    private static func filled(_ template: String, with values: [JSON]) -> String? {
        var output = String.UnicodeScalarView()
        var used = 0
        var scalars = template.unicodeScalars.makeIterator()
        while let character = scalars.next() {
            switch character {
            case "\\": if let escaped = scalars.next() { output.append(escaped) }
            case "{":
                guard scalars.next() == "}", used < values.count else { return nil }
                output.append(contentsOf: values[used].formatted.unicodeScalars)
                used += 1
            default: output.append(character)
            }
        }
        return used == values.count ? String(output) : nil
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var output = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.makeIterator()
        while let character = scalars.next() {
            output.append(character == "\\" ? scalars.next() ?? character : character)
        }
        return String(output)
    }

    private func hash(_ data: JSON, _ algorithm: JSON) -> JSON? {
        guard let text = data.stringValue, text.utf16.count <= 10_000, let algorithm = algorithm.stringValue,
            ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"].contains(algorithm),
            let expression = Self.hashing
        else { return nil }
        let bindings: [String: JSON] = ["data": data, "algorithm": .string(algorithm)]
        do throws(JSONataError) {
            return try expression.evaluate(nil, bindings: bindings)
        } catch {
            return nil
        }
    }

    /// The digests are those of JSONata's `$hash`, which is this function in the other query language.
    private static let hashing = try? JSONataExpression("$hash($data, $algorithm)", dialect: .statesLanguage)

    private func merged(_ values: [JSON]) -> JSON? {
        // Deep merging is part of the signature, but the service only knows the shallow one.
        guard var object = values[0].objectValue, let other = values[1].objectValue, values[2] == .bool(false) else {
            return nil
        }
        for (key, value) in other { object[key] = value }
        return .object(object)
    }

    private func sum(_ left: JSON, _ right: JSON) -> JSON? {
        guard let left = left.rounded, let right = right.rounded else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { return nil }
        return .integer(sum)
    }

    private func random(_ values: [JSON], in scope: QueryScope) -> JSON? {
        guard let start = values[0].rounded, let end = values[1].rounded, start < end,
            end.subtractingReportingOverflow(start).overflow == false
        else { return nil }
        guard values.count == 3 else {
            return .integer(Int64.random(in: start..<end, using: &scope.source.random))
        }
        guard let seed = values[2].rounded else { return nil }
        var seeded = RandomSource(seed: UInt64(bitPattern: seed))
        return .integer(Int64.random(in: start..<end, using: &seeded))
    }

    /// Every character of the second text separates; parts without characters are left out.
    private func split(_ text: JSON, _ separators: JSON) -> JSON? {
        guard let text = text.stringValue, let separators = separators.stringValue else { return nil }
        let splitters = Set(separators.unicodeScalars)
        let parts = text.unicodeScalars.split(omittingEmptySubsequences: true) { splitters.contains($0) }
        return .array(parts.map { .string(String(String.UnicodeScalarView($0))) })
    }

    private func parsed(_ value: JSON) throws(StateError) -> JSON? {
        guard let text = value.stringValue else { return nil }
        if text.unicodeScalars.allSatisfy({ " \t\n\r".unicodeScalars.contains($0) }) { return .null }
        do throws(JSONSyntaxError) {
            return try JSON(parsing: text, options: JSONParserOptions(depthMax: 128, duplicateKeys: .keepLast))
        } catch {
            throw failure("The string '\(text)' is not JSON: \(error.message)")
        }
    }
}

extension JSON {
    /// The nearest whole number, halves upwards; nil if this is no number.
    var rounded: Int64? {
        if let value = int64Value { return value }
        guard let value = doubleValue, abs(value) < 9e18 else { return nil }
        return Int64((value + 0.5).rounded(.down))
    }

    /// The value as `States.Format` puts it into a text: objects and arrays as the service's Java prints them.
    fileprivate var formatted: String {
        switch self {
        case .string(let text): text
        case .array(let elements): "[" + elements.map(\.formatted).joined(separator: ", ") + "]"
        case .object(let object):
            "{" + object.map { "\($0.key)=\($0.value.formatted)" }.joined(separator: ", ") + "}"
        default: self.text()
        }
    }
}
