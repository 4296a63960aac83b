/// A place in a text file that a person wrote.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file's path, as the user would type it: relative to the project folder where it lies inside it.
    public var file: String
    /// The line, counted from 1; `nil` where only the file is known.
    public var line: Int?
    /// The column in characters, counted from 1; `nil` where only the line is known.
    public var column: Int?

    /// Names a place.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as compilers print it and editors open it.
    public var description: String {
        switch (line, column) {
        case (let line?, let column?): "\(file):\(line):\(column)"
        case (let line?, nil): "\(file):\(line)"
        default: file
        }
    }
}
