import DelimitedText
import IngotProject

extension DelimitedReader {
    /// A reader of an object's records as the engine is to read them; `nil` where only the engine decompresses its text.
    ///
    /// - Throws: `IngotError` where the object cannot be read.
    init?(_ object: BatchObject, _ signature: ReadSignature, _ source: Source) throws {
        guard let text = try StreamByteSource.text(of: object, signature.compression) else { return nil }
        self.init(
            text,
            dialect: try source.dialect,
            expectedFields: signature.fields.count,
            limits: ReadingLimits(recordSizeMax: source.maxLineSize.bytes)
        )
    }
}
