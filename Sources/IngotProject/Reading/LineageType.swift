import IngotCore

extension ValueType where Value == LineageSettings {
    /// Where events of OpenLineage go.
    static let lineage = object(
        "lineage",
        "Where the events of OpenLineage go that tell of every run of a pipeline or model: to a `file` or to a `url`. "
            + "[Operations](operations.md#lineage) says what they hold.",
        keys: LineageKeys.all,
        decode: LineageKeys.decode
    )
}

/// The keys of `lineage`.
private enum LineageKeys {
    static let file = Key(
        "file",
        ValueType<Template>.insidePath,
        "A file to which events are appended, one a line."
    )
    static let url = Key(
        "url",
        ValueType<Template>.httpAddress(example: "https://host/api/v1/lineage"),
        "The address to which events are sent, one a request: `https://host/api/v1/lineage`."
    )
    static let token = Key(
        "token",
        ValueType<Template>.secretOnly("a token"),
        "`url`: what is sent as `Authorization: Bearer`, as `${secret:name}` or `${VAR}`."
    )
    static let namespace = Key<String>(
        "namespace",
        .text,
        "The namespace of the jobs. Without it `<project>/<environment>`."
    )

    static let all = [file.shape, url.shape, token.shape, namespace.shape]

    @Sendable
    static func decode(_ reader: ObjectReader) -> LineageSettings? {
        let file = reader.value(file)
        let url = reader.value(url)
        let token = reader.value(token)
        let namespace = reader.value(namespace)
        if reader.has(LineageKeys.file), reader.has(LineageKeys.url) {
            reader.conflict(LineageKeys.url, "lineage goes to a file or to a url, not to both")
            return nil
        }
        if reader.has(LineageKeys.token), !reader.isMeant(LineageKeys.url) {
            reader.conflict(LineageKeys.token, "a file takes no token")
        }
        if let file { return LineageSettings(destination: .file(file), namespace: namespace) }
        if let url { return LineageSettings(destination: .url(url, token: token), namespace: namespace) }
        if !reader.isMeant(LineageKeys.file), !reader.isMeant(LineageKeys.url) {
            reader.reading.error(.missingKey, "lineage needs the key \"file\" or \"url\"", at: reader.location)
        }
        return nil
    }
}
