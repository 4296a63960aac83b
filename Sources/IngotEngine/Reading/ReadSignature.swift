/// What must be equal for objects to be read by one statement.
package struct ReadSignature: Hashable, Sendable {
    /// The form of the bytes.
    package enum Form: Hashable, Sendable {
        /// Delimited text with these fields.
        case csv
        /// One JSON value a line.
        case jsonLines
        /// A JSON array of objects.
        case jsonArray
        /// Parquet with these columns.
        case parquet
    }

    /// How the records get into the engine.
    package enum Route: Hashable, Sendable {
        /// The engine reads the object itself.
        case direct
        /// The engine refused the object, and reads a copy that was split record by record.
        case repaired
    }

    package var form: Form
    package var compression: Compression
    /// The fields' names and types in order; empty for JSON, whose records name their own.
    package var fields: [Field]
    package var route: Route = .direct

    package struct Field: Hashable, Sendable {
        package var name: String
        /// DuckDB's type; `VARCHAR` unless the form has types of its own.
        package var type: String

        package init(name: String, type: String = "VARCHAR") {
            self.name = name
            self.type = type
        }
    }

    package init(form: Form, compression: Compression, fields: [Field] = [], route: Route = .direct) {
        self.form = form
        self.compression = compression
        self.fields = fields
        self.route = route
    }
}
