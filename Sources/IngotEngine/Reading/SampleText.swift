import DelimitedText
import Foundation
import IngotCore
package import IngotProject

/// A file of text that is looked at before there is a pipeline for it.
package struct SampleText {
    /// How much of the text shows its encoding.
    private static let prefixSize = 4096

    private let path: String
    private let compression: Compression

    package init(path: String) {
        self.path = path
        compression = Compression(key: path)
    }

    /// UTF-16, if the text begins as that does; `nil` where it does not, or is compressed in a way that only the query
    /// engine reads.
    ///
    /// - Throws: `IngotError` with `cannotInfer` where the compressed bytes are damaged, or what the file meets.
    package func utf16() throws -> Source.Encoding? {
        guard var source = try bytes() else { return nil }
        var prefix: [UInt8] = []
        while prefix.count < Self.prefixSize, let piece = try next(&source) { prefix += piece }
        let peek = TextPeek(Array(prefix.prefix(Self.prefixSize)), isWhole: false, dialect: .lines())
        switch peek.markedEncoding ?? peek.looksLikeUTF16 {
        case .utf16BigEndian?: return peek.markedEncoding == nil ? .utf16BigEndian : .utf16
        // The mark says which; without one, it is little-endian.
        case .utf16LittleEndian?: return .utf16
        default: return nil
        }
    }

    /// Writes the text in UTF-8, decompressed.
    ///
    /// - Throws: `IngotError` with `cannotInfer` where the compressed bytes are damaged, or what the files meet.
    package func copy(from encoding: Source.Encoding, to target: String) throws {
        guard let source = try bytes() else { return }
        var text: any ByteSource = UTF8ByteSource(source, from: TextEncoding(name: encoding.rawValue) ?? .utf8)
        try Data().write(to: URL(fileURLWithPath: target))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
        defer { try? output.close() }
        while let piece = try next(&text) {
            try Task.checkCancellation()
            try output.write(contentsOf: Data(piece))
        }
    }

    private func next(_ source: inout any ByteSource) throws -> [UInt8]? {
        do {
            return try source.next()
        } catch let error as DelimitedTextError {
            throw IngotError(.cannotInfer, "the file \(path) cannot be read", cause: error.description)
        }
    }

    private func bytes() throws -> (any ByteSource)? {
        try StreamByteSource.text(at: path, compression)
    }
}
