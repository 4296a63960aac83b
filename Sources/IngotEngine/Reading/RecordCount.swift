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
        guard signature.form == .csv, signature.route == .direct, object.textSize > source.maxLineSize.bytes,
            var reader = try DelimitedReader(object, signature, source)
        else { return true }
        let hash = RecordHash(try source.dialect)
        let none = RecordFilter([])
        while try reader.next(hash, among: none) != nil {
            guard reader.fault == nil else { return false }
        }
        return reader.number == count
    }
}
