import IngotCore

extension ValueType where Value == NotificationTarget.Transport {
    static let notification = object(
        "notification",
        "Where notifications go. [Checks](checks.md#notifications) says what arrives there.",
        keys: NotificationKeys.all,
        decode: NotificationKeys.decode
    )
}

/// The keys of a notification target.
private enum NotificationKeys {
    static let type = Key<NotificationTarget.Kind>.required("type", .choice, "How they travel.")
    static let url = Key(
        "url",
        ValueType<Template>.httpAddress(example: "https://host/path"),
        "`webhook`: the address that gets a POST of JSON. `slack`: the address of the incoming webhook, as "
            + "`${secret:name}` or `${VAR}`."
    )
    static let headers = Key(
        "headers",
        ValueType<[(name: Located<String>, value: Template)]>.map(from: .fieldName, to: .withSecrets),
        "`webhook`: headers of the request."
    )
    static let token = Key(
        "token",
        ValueType<Template>.secretOnly("a token"),
        "`webhook`: what is sent as `Authorization: Bearer`, as `${secret:name}` or `${VAR}`."
    )
    static let command = Key(
        "command",
        ValueType<[Template]>.list(of: .withSecrets, atLeast: 1),
        "`command`: a program and its arguments, run in the project folder, with JSON on its standard input."
    )
    static let variables = Key(
        "variables",
        ValueType<[(name: Located<String>, value: Template)]>.map(from: .identifier, to: .withSecrets),
        "`command`: environment variables that the program gets beside its own."
    )
    static let host = Key("host", ValueType<Template>.withSecrets, "`smtp`: the server.")
    static let port = Key("port", ValueType<Template>.withSecrets, "`smtp`: the port.")
    static let user = Key("user", ValueType<Template>.withSecrets, "`smtp`: the user.")
    static let password = Key(
        "password",
        ValueType<Template>.secretOnly("a password"),
        "`smtp`: the password, as `${secret:name}` or `${VAR}`."
    )
    static let from = Key("from", ValueType<Template>.withSecrets, "`smtp`: who sends.")
    static let to = Key("to", ValueType<[Template]>.oneOrMore(.withSecrets), "`smtp`: who gets it.")
    static let topicARN = Key("topic_arn", ValueType<Template>.withSecrets, "`sns`: the topic.")

    static let all = [
        type.shape, url.shape, headers.shape, token.shape, command.shape, variables.shape, host.shape, port.shape,
        user.shape, password.shape, from.shape, to.shape, topicARN.shape,
    ]

    /// The keys beside `type` that go with a kind.
    private static func keys(of kind: NotificationTarget.Kind) -> [String] {
        switch kind {
        case .log: []
        case .webhook: [url.name, headers.name, token.name]
        case .slack: [url.name]
        case .command: [command.name, variables.name]
        case .smtp: [host.name, port.name, user.name, password.name, from.name, to.name]
        case .sns: [topicARN.name]
        }
    }

    @Sendable
    static func decode(_ reader: ObjectReader) -> NotificationTarget.Transport? {
        let kind = reader.value(type)
        let url = reader.value(url)
        let headers = named(reader.value(headers))
        let token = reader.value(token)
        let command = reader.value(command)
        let variables = named(reader.value(variables))
        let (host, port, user) = (reader.value(host), reader.value(port), reader.value(user))
        let (password, from, to) = (reader.value(password), reader.value(from), reader.value(to))
        let topic = reader.value(topicARN)
        guard let kind else { return nil }
        exclude(kind, reader)
        switch kind {
        case .log: return .log
        case .webhook:
            return required(url, NotificationKeys.url, kind, reader)
                .map { .webhook(url: $0, headers: headers, token: token) }
        case .slack:
            guard let url = required(url, NotificationKeys.url, kind, reader) else { return nil }
            guard url.parts.contains(where: { if case .literal = $0 { false } else { true } }) else {
                reader.reading.error(
                    .invalidValue,
                    "whoever knows the address of an incoming webhook can write to the channel: it cannot be written "
                        + "into a project file",
                    at: url.location,
                    hint: "${secret:name}"
                )
                return nil
            }
            return .slack(url: url)
        case .command:
            return required(command, NotificationKeys.command, kind, reader)
                .map { .command(arguments: $0, variables: variables) }
        case .smtp:
            let host = required(host, NotificationKeys.host, kind, reader)
            let from = required(from, NotificationKeys.from, kind, reader)
            let to = required(to, NotificationKeys.to, kind, reader)
            guard let host, let from, let to else { return nil }
            return .smtp(.init(host: host, port: port, user: user, password: password, from: from, to: to))
        case .sns: return required(topic, topicARN, kind, reader).map { .sns(topicARN: $0) }
        }
    }

    /// Reports the keys that go with other kinds.
    private static func exclude(_ kind: NotificationTarget.Kind, _ reader: ObjectReader) {
        let own = keys(of: kind)
        let hint = own.isEmpty ? "\(kind.rawValue) takes no keys but type" : "its keys: \(own.joined(separator: ", "))"
        for key in all.map(\.name) where key != type.name && !own.contains(key) && reader.has(named: key) {
            reader.conflict(
                named: key,
                "a \(kind.rawValue) notification takes no \(key)",
                hint: hint
            )
        }
    }

    private static func required<Value>(
        _ value: Value?,
        _ key: Key<Value>,
        _ kind: NotificationTarget.Kind,
        _ reader: ObjectReader
    ) -> Value? {
        if !reader.isMeant(key) {
            reader.reading.error(
                .missingKey,
                "a \(kind.rawValue) notification needs the key \"\(key.name)\"",
                at: reader.location
            )
        }
        return value
    }

    private static func named(_ entries: [(name: Located<String>, value: Template)]?) -> [String: Template] {
        Dictionary((entries ?? []).map { ($0.name.value, $0.value) }) { $1 }
    }
}
