/// The forms in which locations of files are written.
public enum FileLocation: Sendable {
    /// The local path that a location means; `nil` for other schemes, such as `s3`.
    ///
    /// `/a/b`, `file:/a/b`, `file:///a/b` and `file://localhost/a/b` mean the same. Percent signs stand for themselves,
    /// as they do in what other engines write: the names of partition folders hold them.
    public static func path(of location: String) -> String? {
        if location.hasPrefix("/") { return location }
        guard location.lowercased().hasPrefix("file:") else { return nil }
        var rest = location.dropFirst("file:".count)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            if rest.lowercased().hasPrefix("localhost/") { rest = rest.dropFirst("localhost".count) }
        }
        return rest.hasPrefix("/") ? String(rest) : nil
    }

    /// One form for all that mean the same place, to compare locations by.
    public static func normalized(_ location: String) -> String {
        path(of: location) ?? location
    }

    /// A location beneath a folder.
    public static func join(_ folder: String, _ name: String) -> String {
        (folder.hasSuffix("/") ? String(folder.dropLast()) : folder) + "/" + name
    }

    /// The last component.
    public static func name(of location: String) -> String {
        location.split(separator: "/").last.map(String.init) ?? location
    }
}
