import IngotCore

extension ValueType where Value == Duration {
    /// A length of time: `90 s`, `12h`, `7 days`, `1 hour 30 minutes`.
    static let duration = ValueType(
        .scalar(label: "duration", schema: ["type": "string", "pattern": "^ *[0-9]+(\\.[0-9]+)? *[A-Za-z]+"])
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch Quantity.parseDuration(text) {
        case .success(let duration): return duration
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }
}

extension ValueType where Value == ByteSize {
    /// A number of bytes: `512MiB`, `2GB`, `1048576 B`.
    static let byteSize = ValueType(
        .scalar(
            label: "size",
            schema: ["type": "string", "pattern": "^ *[0-9]+(\\.[0-9]+)? *[KMGTkmgt]?[iI]?[Bb]? *$"]
        )
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch Quantity.parseByteSize(text) {
        case .success(let size): return size
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }
}
