/// One finding about a project's files.
public struct Diagnostic: Sendable, CustomStringConvertible {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// The project cannot be used until it is mended.
        case error
        /// The project works; the user should look at it.
        case warning
    }

    /// How much it matters.
    public var severity: Severity
    /// What is wrong and where.
    public var error: IngotError

    /// Makes a finding.
    public init(_ severity: Severity = .error, _ error: IngotError) {
        self.severity = severity
        self.error = error
    }

    /// The finding as the command line prints it.
    public var description: String {
        switch severity {
        case .error: error.description
        case .warning: error.description.replacingFirst("error[", with: "warning[")
        }
    }
}

extension [Diagnostic] {
    /// The findings in the order of files and lines, each once.
    package var inOrder: [Diagnostic] {
        var seen: Set<String> = []
        return filter { seen.insert($0.description).inserted }.sorted { lhs, rhs in
            let (left, right) = (lhs.error.location, rhs.error.location)
            let leftKey = (left?.file ?? "", left?.line ?? 0, left?.column ?? 0, lhs.error.message)
            let rightKey = (right?.file ?? "", right?.line ?? 0, right?.column ?? 0, rhs.error.message)
            return leftKey < rightKey
        }
    }
}

/// Several errors at once: a validator reports everything that it finds.
public struct DiagnosticsError: Error, Sendable, CustomStringConvertible {
    /// The findings, in file and line order; at least one is an error.
    public var diagnostics: [Diagnostic]

    /// Wraps findings.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    /// One finding a paragraph.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
