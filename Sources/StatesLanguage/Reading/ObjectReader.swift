import JSONTree

/// An object of a definition that is being read: knows its place, and which of its members were asked for.
final class ObjectReader {
    let members: [DocumentNode.Member]
    let location: String
    let statePath: [String]
    let position: SourcePosition
    private let reader: DefinitionReader
    private var asked: Set<String> = ["Comment"]

    init(_ node: DocumentNode, location: String, statePath: [String], reader: DefinitionReader) {
        members = node.members ?? []
        position = node.position
        self.location = location
        self.statePath = statePath
        self.reader = reader
    }

    // MARK: Members

    func has(_ key: String) -> Bool {
        members.contains { $0.key == key }
    }

    /// The member, whatever it is; of keys that repeat the last one counts.
    func node(_ key: String) -> DocumentNode? {
        asked.insert(key)
        return members.last { $0.key == key }?.value
    }

    /// The positions that the members' keys get, in order, and a report on every key that repeats.
    func names() -> [String: Int] {
        var names: [String: Int] = [:]
        for member in members {
            if names[member.key] != nil {
                report(
                    member.key,
                    "Duplicate State name: \(member.key)",
                    code: "DUPLICATE_STATE_NAME",
                    atKey: true
                )
                continue
            }
            names[member.key] = names.count
        }
        return names
    }

    func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard let string = node.string else {
            report(key, "Expected value of type String")
            return nil
        }
        return string
    }

    func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        guard let value = node.scalar?.boolValue else {
            report(key, "Expected value of type Boolean")
            return nil
        }
        return value
    }

    func number(_ key: String, minimum: Double, maximum: Double = 99_999_999, isWhole: Bool = true) -> Double? {
        guard let node = node(key) else { return nil }
        return number(node.scalar, key, minimum: minimum, maximum: maximum, isWhole: isWhole)
    }

    func number(_ value: JSON?, _ key: String, minimum: Double, maximum: Double, isWhole: Bool) -> Double? {
        guard let number = value?.doubleValue, !isWhole || number == number.rounded() else {
            report(key, "Expected value of type Integer")
            return nil
        }
        guard number >= minimum else {
            report(key, "Minimum value is \(isWhole ? "\(Int(minimum))" : "\(minimum)")")
            return nil
        }
        guard number <= maximum else {
            report(key, "Maximum value is \(isWhole ? "\(Int(maximum))" : "\(maximum)")")
            return nil
        }
        return number
    }

    func strings(_ key: String) -> [String]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.elements else {
            report(key, "Expected value of type Array")
            return nil
        }
        let strings = elements.compactMap(\.string)
        if strings.count < elements.count { report(key, "Expected elements of type String") }
        return strings
    }

    /// The member as an object; a state's name enters the path of states.
    func object(_ key: String, entering state: String? = nil) -> ObjectReader? {
        guard let node = node(key) else { return nil }
        guard node.members != nil else {
            report(key, "Expected value of type Object")
            return nil
        }
        return child(node, key, entering: state)
    }

    /// The elements of a member that is an array of objects.
    func objects(_ key: String) -> [ObjectReader]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.elements else {
            report(key, "Expected value of type Array")
            return nil
        }
        return elements.enumerated().compactMap { position, element in
            guard element.members != nil else {
                report("\(key)[\(position)]", "Expected value of type Object", at: element.position)
                return nil
            }
            return child(element, "\(key)[\(position)]")
        }
    }

    private func child(_ node: DocumentNode, _ key: String, entering state: String? = nil) -> ObjectReader {
        let path = statePath + [state].compactMap(\.self)
        return ObjectReader(node, location: "\(location)/\(key)", statePath: path, reader: reader)
    }

    // MARK: Reports

    /// Reports which of these members are missing; answers whether none is.
    func require(_ keys: [String]) -> Bool {
        let missing = keys.filter { !has($0) }
        if !missing.isEmpty { report(nil, "These fields are required: [\(missing.joined(separator: ", "))]") }
        return missing.isEmpty
    }

    /// Reports that none of some members is there, of which there has to be one.
    func reportMissing(oneOf keys: [String]) {
        report(nil, "This object should have only one of the following fields: [\(keys.joined(separator: ", "))]")
    }

    /// Reports that several of some members are there, of which there may be one; the last of them is in the way.
    func reportSeveral(of keys: [String]) {
        let place = members.last { keys.contains($0.key) }?.position
        report(nil, "There should only be one of the following fields: [\(keys.joined(separator: ", "))]", at: place)
    }

    /// Reports a problem of a member, or of the object itself where the key is nil.
    func report(
        _ key: String?,
        _ message: String,
        note: String? = nil,
        severity: Diagnostic.Severity = .error,
        code: String = Diagnostic.schemaCode,
        atKey: Bool = false,
        hasLocation: Bool = true,
        at place: SourcePosition? = nil
    ) {
        let member = key.flatMap { key in members.last { $0.key == key } }
        let path = key.map { "\(location)/\($0)" } ?? location
        reader.report(
            Diagnostic(
                severity: severity,
                code: code,
                message: message,
                note: note,
                location: !hasLocation ? nil : path.isEmpty ? "/" : path,
                position: place ?? (atKey ? member?.position : member?.value.position) ?? position,
                statePath: statePath
            )
        )
    }

    /// Reports a value that is none of a list.
    func reportValue(_ key: String, allowed: String) {
        report(key, "The field '\(key)' should have one of these values: [\(allowed)]")
    }

    /// Reports the members that nobody asked for; the service gives them the location of the object.
    func finish(unsupported reason: (String) -> String? = { _ in nil }) {
        for member in members where !asked.contains(member.key) {
            report(nil, reason(member.key) ?? "Field '\(member.key)' is not supported", at: member.position)
        }
    }
}
