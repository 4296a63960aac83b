import Foundation
import IngotCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where a command writes: data to the standard output, everything else to the standard error.
struct Console: Sendable {
    /// The reader of the output went away, as `head` does; there is no one left to tell.
    struct OutputClosed: Error {}

    /// The width that is assumed where nothing tells it.
    private static let widthDefault = 80
    /// The height that is assumed where nothing tells it.
    private static let heightDefault = 24

    /// Whether data goes to a terminal.
    let isOutputTerminal: Bool
    /// Whether messages go to a terminal.
    let isErrorTerminal: Bool
    /// Whether colours are wanted.
    private let isColoured: Bool

    init(isColoured: Bool = true, variables: [String: String] = ProcessInfo.processInfo.environment) {
        isOutputTerminal = isatty(STDOUT_FILENO) == 1
        isErrorTerminal = isatty(STDERR_FILENO) == 1
        // https://no-color.org: any value but an empty one.
        let isRefused = !(variables["NO_COLOR"] ?? "").isEmpty || variables["TERM"] == "dumb"
        self.isColoured = isColoured && !isRefused
    }

    /// How many columns a table may take; `nil` where it does not go to a terminal.
    var tableWidth: Int? {
        isOutputTerminal ? Self.width(of: STDOUT_FILENO) : nil
    }

    /// How many columns a message line may take.
    var messageWidth: Int {
        Self.width(of: STDERR_FILENO)
    }

    /// Writes data.
    ///
    /// - Throws: ``OutputClosed`` if nobody reads it any more; `IngotError` if it cannot be written for another reason.
    func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            guard let reason = Self.systemReason(of: error), reason != EPIPE else { throw OutputClosed() }
            throw IngotError(
                .outputFailed,
                "the output cannot be written",
                hint: "see that there is room where it goes",
                cause: String(cString: strerror(reason))
            )
        }
    }

    /// The system's number of what keeps a file from being written.
    private static func systemReason(of error: any Error) -> Int32? {
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        return (error.userInfo[NSUnderlyingErrorKey] as? NSError).flatMap(systemReason)
    }

    /// Writes a line of data.
    func print(_ line: String) throws {
        try write(line + "\n")
    }

    /// Writes a message.
    func message(_ text: String) {
        // There is nobody to tell that messages cannot be written.
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Writes over the line of a terminal on which the last message stands.
    func replaceLine(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Writes lines of data over those that were written last, as far as the terminal is high.
    ///
    /// - Parameters:
    ///   - text: The lines.
    ///   - height: How many lines were written last.
    /// - Returns: How many are written now.
    /// - Throws: What ``write(_:)`` throws.
    func redraw(_ text: String, over height: Int) throws -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .prefix(max(1, Self.size(of: STDOUT_FILENO).rows - 1))
        let up = height > 0 ? "\u{1B}[\(height)A\r" : ""
        // Each line is cleared as it is written, so that nothing flickers.
        try write(up + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J")
        return lines.count
    }

    /// A text in a style, where the output shows styles.
    func styled(_ text: String, _ style: Style) -> String {
        isColoured && isOutputTerminal ? style.applied(to: text) : text
    }

    /// A message's text in a style, where messages show styles.
    func styledMessage(_ text: String, _ style: Style) -> String {
        isColoured && isErrorTerminal ? style.applied(to: text) : text
    }

    private static func width(of file: Int32) -> Int {
        size(of: file).columns
    }

    private static func size(of file: Int32) -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (widthDefault, heightDefault) }
        return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : heightDefault)
    }
}

/// How a text stands out on a terminal.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func applied(to text: String) -> String {
        "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}

extension Console {
    /// How many warnings are written one by one.
    private static let warningsMax = 10

    /// Writes errors as warnings, for what is done all the same.
    func warn(of errors: [IngotError]) {
        for error in errors.prefix(Self.warningsMax) { message(Diagnostic(.warning, error).description) }
        let rest = errors.count - Self.warningsMax
        if rest > 0 { message("\(HumanText.count(rest, "warning")) of that kind more") }
    }
}
