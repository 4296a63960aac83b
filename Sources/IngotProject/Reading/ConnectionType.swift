import IngotCore

/// A connection before it has its name.
struct ConnectionSettings: Sendable {
    var kind: Connection.Kind
    var address: Connection.Address
}

/// The keys of a connection.
private enum ConnectionKeys {
    static let type = Key<Connection.Kind>.required("type", .choice, "What kind of database it is.")
    static let url = Key(
        "url",
        .databaseURL,
        "`postgres`, `mysql`: the whole address, `postgres://user:password@host:5432/database`."
    )
    static let path = Key("path", .insidePath, "`sqlite`, `duckdb`: the file.")
    static let host = Key("host", .withSecrets, "`postgres`, `mysql`: the server.")
    static let port = Key("port", .withSecrets, "`postgres`, `mysql`: the port, where it is not the usual one.")
    static let database = Key("database", .withSecrets, "`postgres`, `mysql`: the database.")
    static let user = Key("user", .withSecrets, "`postgres`, `mysql`: the user.")
    static let password = Key(
        "password",
        .secretOnly("a password"),
        "`postgres`, `mysql`: the password, as `${secret:name}` or `${VAR}`."
    )

    static let all = [
        type.shape, url.shape, path.shape, host.shape, port.shape, database.shape, user.shape, password.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> ConnectionSettings? {
        let kind = reader.value(type)
        let url = reader.value(url)
        let path = reader.value(path)
        let host = reader.value(host)
        let port = reader.value(port)
        let database = reader.value(database)
        let user = reader.value(user)
        let password = reader.value(password)
        guard let kind else { return nil }
        switch kind {
        case .sqlite, .duckdb:
            exclude([ConnectionKeys.url, ConnectionKeys.host, ConnectionKeys.port], kind, "path", reader)
            exclude([ConnectionKeys.database, ConnectionKeys.user, ConnectionKeys.password], kind, "path", reader)
            guard let path else { return missing("path", kind, reader, has: reader.isMeant(ConnectionKeys.path)) }
            return ConnectionSettings(kind: kind, address: .file(path))
        case .postgres, .mysql:
            exclude([ConnectionKeys.path], kind, "url", reader)
            let parts = [ConnectionKeys.host, ConnectionKeys.port, ConnectionKeys.database]
            if reader.has(ConnectionKeys.url) {
                exclude(parts + [ConnectionKeys.user, ConnectionKeys.password], kind, "url", reader)
                return url.map { ConnectionSettings(kind: kind, address: .url($0)) }
            }
            guard let host, let database else {
                let areGiven = reader.isMeant(ConnectionKeys.host) && reader.isMeant(ConnectionKeys.database)
                return missing("url, or host and database", kind, reader, has: areGiven)
            }
            return ConnectionSettings(
                kind: kind,
                address: .server(host: host, port: port, database: database, user: user, password: password)
            )
        }
    }

    private static func exclude(
        _ keys: [Key<Template>],
        _ kind: Connection.Kind,
        _ instead: String,
        _ reader: ObjectReader
    ) {
        for key in keys where reader.has(key) {
            reader.conflict(key, "a \(kind.rawValue) connection given by \(instead) takes no \(key.name)")
        }
    }

    private static func missing(
        _ keys: String,
        _ kind: Connection.Kind,
        _ reader: ObjectReader,
        has: Bool
    ) -> ConnectionSettings? {
        if !has {
            reader.reading.error(
                .missingKey,
                "a \(kind.rawValue) connection needs \(keys)",
                at: reader.location
            )
        }
        return nil
    }
}

extension ValueType where Value == ConnectionSettings {
    static let connection = object(
        "connection",
        "A way to a database outside the lake.",
        keys: ConnectionKeys.all,
        decode: ConnectionKeys.decode
    )
}

extension ValueType where Value == Template {
    /// The address of a database; a password in it cannot be written out.
    fileprivate static let databaseURL = withSecrets.checked { template, node, reading -> Template? in
        // What is known only later stands as a private-use character, which no address holds.
        let later = "\u{E000}"
        let text = template.parts.map { part in if case .literal(let literal) = part { literal } else { later } }
            .joined()
        let address = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let credentials = address.prefix { $0 != "/" && $0 != "?" }.split(separator: "@").dropLast().joined()
        let password = credentials.split(separator: ":", maxSplits: 1).dropFirst().joined()
        let parameter = text.firstRange(of: "password=").map { text[$0.upperBound...].prefix { $0 != "&" } } ?? ""
        guard [password[...], parameter].allSatisfy({ $0.isEmpty || $0.contains(later) }) else {
            reading.error(
                .invalidValue,
                "a password cannot be written into a project file",
                at: node.location,
                hint: "postgres://user:${secret:name}@host/database"
            )
            return nil
        }
        return template
    }

    /// A text that may be known to few: it cannot be written out in the file.
    static func secretOnly(_ what: String) -> ValueType {
        withSecrets.checked { template, node, reading -> Template? in
            guard template.parts.contains(where: { if case .literal = $0 { false } else { true } }) else {
                reading.error(
                    .invalidValue,
                    "\(what) cannot be written into a project file",
                    at: node.location,
                    hint: "${secret:name}"
                )
                return nil
            }
            return template
        }
    }
}
