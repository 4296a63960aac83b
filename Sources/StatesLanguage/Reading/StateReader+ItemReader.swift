import JSONTree

extension StateReader {
    func itemReader() -> ItemReader? {
        guard let reader = object.object("ItemReader") else { return nil }
        let resource = reader.require(["Resource"]) ? reader.string("Resource") : nil
        let arguments = template(isJSONata ? "Arguments" : "Parameters", in: reader, field: "ItemReader/Arguments")
        let isListing = resource?.hasSuffix(":listObjectsV2") ?? false
        var format = ItemFormat(isListing ? .listing : .json)
        var countMax: Quantity?
        if let config = reader.object("ReaderConfig") {
            format = self.format(config, isListing: isListing)
            countMax = number("MaxItems", in: config, minimum: 0, maximum: 100_000_000)
            config.finish { foreign($0, to: ["MaxItemsPath"]) }
        }
        reader.finish()
        guard let resource else { return nil }
        return ItemReader(resource: resource, arguments: arguments, format: format, itemCountMax: countMax)
    }

    private func format(_ config: ObjectReader, isListing: Bool) -> ItemFormat {
        let isFlattened = oneOf("Transformation", ["NONE", "LOAD_AND_FLATTEN"], in: config) == "LOAD_AND_FLATTEN"
        let manifest = oneOf("ManifestType", ["ATHENA_DATA", "S3_INVENTORY"], in: config)
        let name = oneOf("InputType", ["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"], in: config)
        if isFlattened, !isListing {
            config.report("Transformation", "LOAD_AND_FLATTEN needs the resource arn:aws:states:::s3:listObjectsV2")
        }
        if isFlattened { requireFiles("Transformation", name, ["CSV", "JSON", "JSONL", "PARQUET"], config) }
        if manifest == "ATHENA_DATA" { requireFiles("ManifestType", name, ["CSV", "JSONL", "PARQUET"], config) }
        if manifest == "S3_INVENTORY", name != nil {
            config.report("InputType", "The field 'InputType' cannot be set with the ManifestType S3_INVENTORY")
        }
        var kind = manifest == "S3_INVENTORY" ? .manifest : name.flatMap(ItemFormat.Kind.init) ?? .json
        if isListing, !isFlattened { kind = .listing }
        let files: ItemFormat.Files = isFlattened ? .listed : manifest == "ATHENA_DATA" ? .unloaded : .named
        var format = ItemFormat(kind, files: files, itemsPointer: config.string("ItemsPointer"))
        let location = config.string("CSVHeaderLocation")
        let headers = config.strings("CSVHeaders")
        switch location {
        case "GIVEN":
            format.csvHeaders = headers
            if headers == nil {
                config.report("CSVHeaderLocation", "CSVHeaders are required with CSVHeaderLocation GIVEN")
            }
        case "FIRST_ROW", nil: break
        default: config.reportValue("CSVHeaderLocation", allowed: "FIRST_ROW, GIVEN")
        }
        if let delimiter = config.string("CSVDelimiter") {
            let delimiters = ["COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"]
            if let character = delimiters[delimiter] {
                format.csvDelimiter = character
            } else {
                config.reportValue("CSVDelimiter", allowed: "\(delimiters.keys.sorted().joined(separator: ", "))")
            }
        }
        return format
    }

    /// Reports where a setting for many files does not say what they are.
    private func requireFiles(_ key: String, _ name: String?, _ names: [String], _ config: ObjectReader) {
        guard !names.contains(name ?? "") else { return }
        let value = config.node(key)?.string ?? ""
        config.report(key, "\(value) needs an InputType of [\(names.joined(separator: ", "))]")
    }
}
