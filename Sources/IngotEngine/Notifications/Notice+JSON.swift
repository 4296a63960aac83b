public import IngotCore
public import JSONTree

extension Notice {
    /// The notice as programs get it.
    public var json: JSON {
        [
            "id": .string(id), "time": .string(Timestamps.iso(time)), "project": .string(project),
            "environment": .string(environment),
            "source": ["kind": .string(source.kind.rawValue), "name": .string(source.name)],
            "severity": .string(severity.rawValue), "title": .string(title), "text": .string(text),
            "details": (try? JSON(parsing: details)) ?? .string(details),
        ]
    }
}
