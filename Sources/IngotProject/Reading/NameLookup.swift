import IngotCore

/// Looks up names that files use among those that the project has.
struct NameLookup {
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>

    /// The error for a name that nothing has.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - what: What it is to be the name of.
    ///   - names: The names that there are.
    ///   - folder: Where things of the kind are declared: a folder or a file.
    /// - Returns: The error; `nil` where the name is one of them, or may be one in a file that cannot be read.
    func missing(
        _ name: Located<String>,
        _ what: String,
        among names: [String],
        in folder: String
    ) -> Diagnostic? {
        guard !names.contains(name.value), !brokenFiles.contains(where: { $0.hasPrefix(folder) }) else { return nil }
        let known = names.isEmpty ? "the project has none" : "\(what)s: \(names.joined(separator: ", "))"
        return Diagnostic(
            .error,
            IngotError(
                .unknownName,
                "there is no \(what) \"\(name.value.abbreviated)\"; \(known)",
                at: name.location,
                hint: NearestMatch.find(name.value, among: names)
            )
        )
    }
}
