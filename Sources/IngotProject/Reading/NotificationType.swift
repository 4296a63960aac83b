import IngotCore

/// A target of notifications before it has its name.
struct NotificationSettings: Sendable {
    var kind: NotificationTarget.Kind
    var options: [String: Template]
}

extension ValueType where Value == NotificationSettings {
    /// A kind, and settings that are the kind's own.
    static let notification = ValueType(.object(shape)) { node, reading in
        guard case .mapping(let entries) = node.content else {
            reading.error(
                .wrongType,
                "expected a mapping with the key \"type\", found \(node.summary)",
                at: node.location
            )
            return nil
        }
        guard let type = entries.first(where: { $0.key.value == "type" }) else {
            reading.error(.missingKey, "a notification needs the key \"type\"", at: node.location)
            return nil
        }
        let kind = ValueType<NotificationTarget.Kind>.choice.parse(type.value, reading)
        var options: [String: Template] = [:]
        for entry in entries where entry.key.value != "type" {
            options[entry.key.value] = ValueType<Template>.withSecrets.parse(entry.value, reading)
        }
        return kind.map { NotificationSettings(kind: $0, options: options) }
    }

    private static let shape = ObjectShape(
        name: "notification",
        summary: "Where notifications go. Beside `type` it has the settings of its kind, each a text.",
        keys: [Key<NotificationTarget.Kind>.required("type", .choice, "How they travel.").shape],
        takesOtherKeys: true
    )
}
