import JSONTree
import JSONata

extension StateReader {
    /// A member that is a path.
    func path(_ key: String, in object: ObjectReader) -> Path? {
        guard let text = object.string(key) else { return nil }
        do throws(PathSyntaxError) {
            return try Path(parsing: text)
        } catch {
            object.report(key, "Value must be a valid JSONPath.", note: error.message)
            return nil
        }
    }

    /// A number that is written under a key, or computed: by an expression, or by a path under the key with `Path`, which
    /// for the numbers of a Map state names one place of the input or of a variable.
    func quantity(
        _ key: String,
        in object: ObjectReader,
        minimum: Double,
        maximum: Double = 99_999_999,
        isWhole: Bool = true,
        takesReferencesOnly: Bool = false
    ) -> Quantity? {
        if !isJSONata {
            let pathKey = "\(key)Path"
            if object.has(pathKey) {
                if object.has(key) { object.reportSeveral(of: [key, pathKey]) }
                _ = object.node(key)
                guard let path = path(pathKey, in: object) else { return nil }
                if takesReferencesOnly, !path.isReference || path.root == .context {
                    object.report(pathKey, "Value is not a Reference Path")
                }
                return .path(path, field: pathKey)
            }
        }
        guard let node = object.node(key) else { return nil }
        if isJSONata, let text = node.string {
            return query(text, key, in: object, field: key).map { .query($0, field: key) }
        }
        let number = object.number(node.scalar, key, minimum: minimum, maximum: maximum, isWhole: isWhole)
        guard number != nil else { return nil }
        return node.scalar.map(Quantity.constant)
    }

    /// An expression of JSONata with its delimiters.
    func query(
        _ text: String,
        _ key: String,
        in object: ObjectReader,
        field: String,
        at place: SourcePosition? = nil
    )
        -> Query?
    {
        guard let body = Query.body(of: text) else {
            object.report(key, "The value must be a JSONata expression between {% and %}", at: place)
            return nil
        }
        do throws(JSONataError) {
            let query = try Query(body)
            var problems = query.inputReferences.map { "Reference to '\($0)' at the top level is not supported." }
            if query.readsRoot { problems.append("Reference to '$$' is not supported.") }
            if query.readsErrorOutput, !field.hasPrefix("Catch[") {
                problems.append("Field '$states.errorOutput' does not exist.")
            }
            if query.variables.contains("eval") {
                // The service takes the definition, and the expression always fails.
                object.report(
                    key,
                    "Function '$eval' is not supported.",
                    severity: .warning,
                    code: Diagnostic.unsupportedQueryCode,
                    at: place
                )
            }
            for problem in problems {
                object.report(key, problem, code: Diagnostic.unsupportedQueryCode, at: place)
            }
            return query
        } catch {
            object.report(key, error.message, code: Diagnostic.queryCode, at: place)
            return nil
        }
    }

    /// A member that is a template: a payload template with paths, or a value with expressions.
    func template(_ key: String, in object: ObjectReader, field: String? = nil) -> Template? {
        guard let node = object.node(key) else { return nil }
        return isJSONata
            ? expressions(in: node, key, object, field: field ?? key) : payload(node, key, object)
    }

    /// The members of an `Assign`.
    func assignments(_ object: ObjectReader, prefix: String) -> [(name: String, value: Template)] {
        guard let node = object.node("Assign") else { return [] }
        guard let members = node.members else {
            object.report("Assign", "Incorrect type. Expected \"object\".")
            return []
        }
        return members.compactMap { member in
            let isPath = !isJSONata && member.key.hasSuffix(".$")
            let name = isPath ? String(member.key.dropLast(2)) : member.key
            guard Self.isVariableName(name) else {
                object.report("Assign", "Invalid variable name '\(name)'", at: member.position)
                return nil
            }
            let value: Template? =
                isJSONata
                ? expressions(in: member.value, "Assign/\(member.key)", object, field: "\(prefix)/\(member.key)")
                : isPath
                    ? computed(member.value, member.key, object, at: "Assign/\(member.key)")
                    : payload(member.value, "Assign/\(member.key)", object)
            return value.map { (name, $0) }
        }
    }

    private static func isVariableName(_ name: String) -> Bool {
        guard name != "states", name.utf16.count <= 80 else { return false }
        let scalars = Array(name.unicodeScalars)
        return !scalars.isEmpty
            && scalars.enumerated().allSatisfy { PathParser.isNameCharacter($1, isFirst: $0 == 0) }
    }

    /// A value whose strings may be expressions.
    private func expressions(in node: DocumentNode, _ place: String, _ object: ObjectReader, field: String) -> Template
    {
        switch node.content {
        case .scalar(let value):
            guard let text = value.stringValue, Query.body(of: text) != nil else { return .constant(value) }
            guard let query = query(text, place, in: object, field: field, at: node.position) else {
                return .constant(.null)
            }
            return .query(query, field: field)
        case .array(let elements):
            return Template.folded(
                elements.enumerated().map { position, element in
                    expressions(in: element, "\(place)[\(position)]", object, field: "\(field)[\(position)]")
                }
            )
        case .object(let members):
            return Template.folded(
                members.map { member in
                    let inner = "\(field)/\(member.key)"
                    return (member.key, expressions(in: member.value, "\(place)/\(member.key)", object, field: inner))
                }
            )
        }
    }

    /// A payload template: keys that end in `.$` have computed values.
    private func payload(_ node: DocumentNode, _ place: String, _ object: ObjectReader) -> Template {
        switch node.content {
        case .scalar(let value): return .constant(value)
        case .array(let elements):
            return Template.folded(
                elements.enumerated().map { position, element in
                    payload(element, "\(place)[\(position)]", object)
                }
            )
        case .object(let members):
            return Template.folded(
                members.map { member in
                    let inner = "\(place)/\(member.key)"
                    guard member.key.hasSuffix(".$") else {
                        warnAboutStaticPath(member, inner, object)
                        return (member.key, payload(member.value, inner, object))
                    }
                    let value = computed(member.value, member.key, object, at: inner)
                    return (String(member.key.dropLast(2)), value ?? .constant(.null))
                }
            )
        }
    }

    /// Warns about a text that looks computed under a key that says it is not.
    private func warnAboutStaticPath(_ member: DocumentNode.Member, _ place: String, _ object: ObjectReader) {
        guard let text = member.value.string, text.hasPrefix("$.") || text.hasPrefix("$$.") || Intrinsic.isCall(text)
        else { return }
        object.report(
            place,
            "No .$ on field '\(member.key)', but value appears to be a JSONPath or intrinsic function",
            severity: .warning,
            code: Diagnostic.staticPathCode,
            at: member.value.position
        )
    }

    /// A path or a call of an intrinsic function; the service names the object that the field stands in.
    private func computed(_ node: DocumentNode, _ key: String, _ object: ObjectReader, at place: String) -> Template? {
        let failure = "The value for the field '\(key)' must be a valid JSONPath or a valid intrinsic function call"
        let container = String(place.dropLast(key.count + 1))
        guard let text = node.string else {
            object.report(container, failure, note: "it is \(node.json.kindName)", at: node.position)
            return nil
        }
        do throws(PathSyntaxError) {
            if Intrinsic.isCall(text) { return .intrinsic(try Intrinsic(parsing: text)) }
            return .path(try Path(parsing: text), field: key)
        } catch {
            object.report(container, failure, note: error.message, at: node.position)
            return nil
        }
    }
}
