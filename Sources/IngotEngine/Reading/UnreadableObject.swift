import DuckDB
import IngotCore
import IngotProject

extension BatchObject.Fault {
    /// An object that the query engine cannot read at all, with its reason in words for the user.
    static func unreadable(_ error: DuckDBError, _ object: BatchObject, as format: Source.Format) -> Self {
        // The user knows the file by its key, and not by where its bytes are kept.
        var message = error.message.trimmingBlanks().replacing(object.path, with: object.entry.object.key)
        if let limit = message.firstMatch(of: /"maximum_object_size" of ([0-9]+) bytes exceeded/) {
            message = "a record is longer than \(limit.1) bytes; a larger max_line_size of the source lets it in"
        }
        let name =
            switch format {
            case .csv: "CSV"
            case .json: "JSON"
            case .jsonl: "JSON lines"
            case .parquet: "Parquet"
            }
        return Self(.unreadable, "cannot be read as \(name): \(message)")
    }
}
