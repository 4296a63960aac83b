/// The files of a project folder, by their paths relative to it, with `/` between the parts.
///
/// The seam between reading a project and the disk: tests and editors hand in files that lie in memory.
public protocol ProjectFiles: Sendable {
    /// The paths of all files under a folder of the project, `""` for its top only, hidden ones left out.
    ///
    /// A folder that does not exist has no files.
    func paths(under folder: String) throws -> [String]

    /// The bytes of a file, or `nil` where it does not exist; at most `limit` bytes and one more are read.
    func contents(of path: String, limit: Int) throws -> [UInt8]?
}
