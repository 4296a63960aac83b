import DelimitedText
import IngotProject

/// Checks that the engine read all records of a delimited text.
///
/// It leaves out a last record that is longer than its buffer, without a word.
enum RecordCount {
    /// Whether an object has so many records, each of which can be read; also where only the engine can tell.
    ///
    /// An object that is no larger than a record may be is not looked at.
    static func isRight(
        _ count: Int,
        of object: BatchObject,
        _ signature: ReadSignature,
        _ source: Source
    ) throws -> Bool {
        let recordSizeMax = source.maxLineSize.bytes
        guard signature.form == .csv, signature.route == .direct, object.textSize > recordSizeMax,
            let text = try StreamByteSource.text(of: object, signature.compression)
        else { return true }
        let dialect = try source.dialect
        let hash = RecordHash(dialect)
        var reader = DelimitedReader(
            text,
            dialect: dialect,
            expectedFields: signature.fields.count,
            limits: ReadingLimits(recordSizeMax: recordSizeMax)
        )
        while try reader.next(hash) != nil {
            guard reader.fault == nil else { return false }
            if reader.number & 0xFFFF == 0 { try Task.checkCancellation() }
        }
        return reader.number == count
    }
}
