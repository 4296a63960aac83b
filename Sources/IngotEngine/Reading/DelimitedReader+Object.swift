import DelimitedText
import IngotProject

extension DelimitedReader {
    /// A reader of an object's records as the engine is to read them; `nil` where only the engine decompresses its text.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - signature: How it is read.
    ///   - source: Where it comes from.
    ///   - stretch: Which part of its text is read, if not all: its own first record is number 1.
    /// - Throws: `IngotError` where the object cannot be read.
    init?(_ object: BatchObject, _ signature: ReadSignature, _ source: Source, _ stretch: TextStretch? = nil) throws {
        guard let text = try StreamByteSource.text(of: object, signature.compression, stretch) else { return nil }
        var dialect = try source.dialect
        if let stretch, stretch.start > 0 { (dialect.hasHeader, dialect.skippedRecords) = (false, 0) }
        self.init(
            text,
            dialect: dialect,
            expectedFields: signature.fields.count,
            limits: ReadingLimits(recordSizeMax: source.maxLineSize.bytes)
        )
    }
}
