/// What a path of the REST specification means.
enum CatalogRoute: Sendable, Hashable {
    case config
    case namespaces
    case namespace(Namespace)
    case namespaceProperties(Namespace)
    case tables(Namespace)
    case table(TableIdentifier)
    case metrics(TableIdentifier)
    case register(Namespace)
    case renameTable
    case transaction
    case views(Namespace)
    case view(TableIdentifier)
    case renameView

    /// Reads a path; `nil` where there is no such route.
    ///
    /// - Throws: ``IcebergError`` for names that cannot be.
    static func parse(_ path: String, prefix: String?) throws -> CatalogRoute? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard parts.first == "v1" else { return nil }
        parts.removeFirst()
        if parts == ["config"] { return .config }
        if let prefix {
            let wanted = prefix.split(separator: "/").map(String.init)
            guard parts.starts(with: wanted) else { return nil }
            parts.removeFirst(wanted.count)
        }
        switch parts.count {
        case 1 where parts[0] == "namespaces": return .namespaces
        case 2 where parts == ["tables", "rename"]: return .renameTable
        case 2 where parts == ["views", "rename"]: return .renameView
        case 2 where parts == ["transactions", "commit"]: return .transaction
        case 2... where parts[0] == "namespaces": return try inNamespace(Array(parts.dropFirst()))
        default: return nil
        }
    }

    private static func inNamespace(_ parts: [String]) throws -> CatalogRoute? {
        let namespace = try namespace(PercentEncoding.decode(parts[0]))
        switch (parts.count, parts.dropFirst().first) {
        case (1, _): return .namespace(namespace)
        case (2, "properties"): return .namespaceProperties(namespace)
        case (2, "tables"): return .tables(namespace)
        case (2, "register"): return .register(namespace)
        case (2, "views"): return .views(namespace)
        case (3, "tables"): return .table(try table(namespace, parts[2]))
        case (3, "views"): return .view(try table(namespace, parts[2]))
        case (4, "tables") where parts[3] == "metrics": return .metrics(try table(namespace, parts[2]))
        default: return nil
        }
    }

    /// A namespace from its names with the separator between them.
    static func namespace(_ text: String) throws -> Namespace {
        try Namespace(
            checking: text.split(separator: Namespace.separator, omittingEmptySubsequences: false).map(String.init)
        )
    }

    private static func table(_ namespace: Namespace, _ part: String) throws -> TableIdentifier {
        TableIdentifier(namespace, try TableIdentifier.checked(PercentEncoding.decode(part)))
    }
}

enum PercentEncoding {
    static func decode(_ text: String) throws -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                throw IcebergError(.invalidArgument, "the path is not encoded correctly")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw IcebergError(.invalidArgument, "the path is not valid UTF-8")
        }
        return decoded
    }
}
