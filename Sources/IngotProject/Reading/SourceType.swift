import IngotCore

extension ValueType where Value == Source {
    static let source = object(
        "source",
        "Where a pipeline's objects arrive, and how their bytes are read.",
        keys: SourceKeys.all,
        decode: SourceKeys.decode
    )
}

/// The keys of `source`.
private enum SourceKeys {
    static let path = Key.required(
        "path",
        .sourcePath,
        "A folder, a file, or `s3://bucket/prefix/`. Relative paths start at the project folder."
    )
    static let format = Key<Source.Format>.required("format", .choice, "What arrives. `.gz` and `.zst` are read too.")
    static let includeExistingFiles = Key(
        "include_existing_files",
        .boolean,
        default: true,
        written: "true",
        "Whether files that lie there before the first run count as arrived."
    )
    static let pathGlobFilter = Key(
        "path_glob_filter",
        ValueType<String>.glob.located,
        "A glob that a file's name must match, for example `*.csv`."
    )
    static let ignorePatterns = Key(
        "ignore_patterns",
        ValueType.list(of: ValueType<String>.glob.located),
        default: [],
        written: "[]",
        "Globs of names that never arrive, beyond hidden files and unfinished ones (`.tmp`, `.part`, `_SUCCESS`)."
    )
    static let cleanSource = Key<CleanSourceMode>(
        "clean_source",
        .choice,
        default: .off,
        written: "off",
        "What happens to a file after its rows are committed."
    )
    static let moveDestination = Key(
        "clean_source_move_destination",
        .sourcePath,
        "The folder that `clean_source: move` moves files to."
    )
    static let retention = Key(
        "clean_source_retention_duration",
        .duration,
        default: .zero,
        written: "0 s",
        "How long a committed file stays before `clean_source` takes it away."
    )
    static let header = Key(
        "header",
        .boolean,
        default: true,
        written: "true",
        "`csv`: whether the first record names the fields."
    )
    static let names = Key(
        "names",
        ValueType.list(of: ValueType<String>.fieldName.located, atLeast: 1),
        "`csv` without a header: the fields' names in order. Without it the columns are taken in their order."
    )
    static let delimiter = Key(
        "delimiter",
        .delimiter,
        default: ",",
        written: "\",\"",
        "`csv`: what separates fields, one to four characters; `\\t` for a tab."
    )
    static let quote = Key(
        "quote",
        .characterOrNone,
        default: "\"",
        written: "'\"'",
        "`csv`: what surrounds a field that holds a delimiter or a line end; `none` for nothing."
    )
    static let escape = Key(
        "escape",
        .characterOrNone,
        default: "\"",
        written: "the quote",
        "`csv`: what stands before a quote inside a quoted field; `none` for nothing."
    )
    static let comment = Key("comment", .character, "`csv`: the character that begins a comment line.")
    static let skipRows = Key(
        "skip_rows",
        .integer(0...1_000_000),
        default: 0,
        written: "0",
        "`csv`: how many lines stand before the header."
    )
    static let encoding = Key<Source.Encoding>(
        "encoding",
        .choice,
        default: .utf8,
        written: "utf-8",
        "`csv`, `json`, `jsonl`: the encoding of the text."
    )
    static let maxLineSize = Key(
        "max_line_size",
        .byteSize,
        default: ByteSize(bytes: 16 << 20),
        written: "16MiB",
        "`csv`, `json`, `jsonl`: the longest record; a longer one is a rejected row, or in a JSON "
            + "array makes the object unreadable."
    )

    static let all = [
        path.shape, format.shape, includeExistingFiles.shape, pathGlobFilter.shape, ignorePatterns.shape,
        cleanSource.shape, moveDestination.shape, retention.shape, header.shape, names.shape, delimiter.shape,
        quote.shape, escape.shape, comment.shape, skipRows.shape, encoding.shape, maxLineSize.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Source? {
        let path = reader.value(path)
        let format = reader.value(format)
        let includeExistingFiles = reader.defaulted(includeExistingFiles)
        let pathGlobFilter = reader.value(pathGlobFilter)
        let ignorePatterns = reader.defaulted(ignorePatterns)
        let cleanSource = cleanSource(reader)
        let retention = reader.defaulted(retention)
        let csv = csvOptions(reader, format: format)
        let encoding = reader.defaulted(encoding)
        let maxLineSize = reader.defaulted(maxLineSize)
        if format == .parquet {
            onlyFor(SourceKeys.encoding, "text", reader)
            onlyFor(SourceKeys.maxLineSize, "text", reader)
        }
        guard let path, let format else { return nil }
        return Source(
            path: path,
            format: format,
            includeExistingFiles: includeExistingFiles,
            pathGlobFilter: pathGlobFilter,
            ignorePatterns: ignorePatterns,
            cleanSource: cleanSource,
            cleanSourceRetention: retention,
            csv: csv,
            encoding: encoding,
            maxLineSize: maxLineSize
        )
    }

    private static func cleanSource(_ reader: ObjectReader) -> Source.CleanSource {
        let mode = reader.defaulted(cleanSource)
        let destination = reader.value(moveDestination)
        switch mode {
        case .off, .delete:
            if reader.has(moveDestination) {
                reader.conflict(
                    moveDestination,
                    "clean_source_move_destination goes with clean_source: move only",
                    hint: "clean_source: move"
                )
            }
            return mode == .off ? .off : .delete
        case .move:
            guard let destination else {
                if !reader.isMeant(moveDestination) {
                    reader.conflict(
                        cleanSource,
                        "clean_source: move needs clean_source_move_destination",
                        hint: "clean_source_move_destination: archive/"
                    )
                }
                return .off
            }
            return .move(to: destination)
        }
    }

    private static func csvOptions(_ reader: ObjectReader, format: Source.Format?) -> CSVOptions? {
        let quote = reader.defaulted(quote)
        let options = CSVOptions(
            header: reader.defaulted(header),
            delimiter: reader.defaulted(delimiter),
            quote: quote,
            escape: reader.has(escape) ? reader.defaulted(escape) : quote,
            comment: reader.value(comment),
            skipRows: reader.defaulted(skipRows),
            names: reader.value(names) ?? []
        )
        guard format == .csv else {
            if format != nil {
                onlyFor(header, "csv", reader)
                onlyFor(names, "csv", reader)
                onlyFor(delimiter, "csv", reader)
                onlyFor(SourceKeys.quote, "csv", reader)
                onlyFor(escape, "csv", reader)
                onlyFor(comment, "csv", reader)
                onlyFor(skipRows, "csv", reader)
            }
            return nil
        }
        check(options, reader)
        return options
    }

    private static func check(_ options: CSVOptions, _ reader: ObjectReader) {
        if !options.names.isEmpty, options.header {
            reader.conflict(names, "names goes with header: false only", hint: "header: false, or a column's from")
        }
        Duplicates.report(options.names, what: "field", in: reader.reading)
        let marks = [options.quote, options.comment].compactMap(\.self)
        if let clash = marks.first(where: { options.delimiter.contains($0) }) {
            reader.reading.error(
                .conflictingKeys,
                "the delimiter and the quote or comment character are both \"\(clash)\"",
                at: reader.has(delimiter) ? reader.place(delimiter) : reader.place(quote)
            )
        }
    }

    private static func onlyFor<Value>(_ key: Key<Value>, _ formats: String, _ reader: ObjectReader) {
        if reader.has(key) {
            reader.conflict(key, "\(key.name) goes with \(formats) sources only", hint: "remove the key")
        }
    }
}

extension Source {
    /// The source of a pipeline whose own has errors, so that the rest is looked at.
    static func unread(at location: SourceLocation) -> Source {
        Source(
            path: Template(parts: [.variable(name: "unread", default: nil)], location: location),
            format: .csv,
            includeExistingFiles: true,
            ignorePatterns: [],
            cleanSource: .off,
            cleanSourceRetention: .zero,
            encoding: .utf8,
            maxLineSize: ByteSize(bytes: 0)
        )
    }
}
