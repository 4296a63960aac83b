import IngotCore

/// Which versions of Ingot a project runs with: conditions that must all hold, as `>=0.1, <1.0`.
struct VersionRequirement: Sendable {
    private enum Comparison: String, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
        case equal = "="
    }

    private var conditions: [(comparison: Comparison, version: Version)]

    /// Reads the conditions; `nil` where the text holds anything else.
    init?(_ text: String) {
        conditions = []
        for part in text.split(separator: ",") {
            let condition = part.filter { $0 != " " }
            let comparison = Comparison.allCases.first { condition.hasPrefix($0.rawValue) }
            let number = condition.dropFirst(comparison?.rawValue.count ?? 0)
            guard let version = Version(number) else { return nil }
            conditions.append((comparison ?? .equal, version))
        }
        if conditions.isEmpty { return nil }
    }

    func allows(_ version: Version) -> Bool {
        conditions.allSatisfy { comparison, bound in
            switch comparison {
            case .atLeast: version >= bound
            case .atMost: version <= bound
            case .above: version > bound
            case .below: version < bound
            case .equal: version == bound
            }
        }
    }
}

extension ValueType where Value == VersionRequirement {
    static let versionRequirement = ValueType(
        .scalar(label: "version condition", schema: ["type": "string", "examples": [">=0.1", ">=0.1, <1.0"]])
    ) { node, reading in
        guard let requirement = VersionRequirement(node.text) else {
            reading.error(
                .invalidValue,
                "\(node.summary) is not a condition on a version",
                at: node.location,
                hint: "\">=0.1\" or \">=0.1, <1.0\""
            )
            return nil
        }
        return requirement
    }
}
