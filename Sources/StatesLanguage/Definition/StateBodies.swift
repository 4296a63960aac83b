import JSONTree

/// What only a Task state has.
final class TaskBody: Sendable {
    let resource: TaskResource
    let timeout: Quantity?
    let heartbeat: Quantity?
    let credentials: Template?

    init(resource: TaskResource, timeout: Quantity?, heartbeat: Quantity?, credentials: Template?) {
        self.resource = resource
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.credentials = credentials
    }
}

/// What only a Choice state has.
struct ChoiceBody: Sendable {
    /// One rule; the first that holds decides.
    struct Rule: Sendable {
        let condition: ChoiceCondition
        let next: Int
        let output: Template?
        let assign: [(name: String, value: Template)]
    }

    let rules: [Rule]
    let defaultNext: Int?
}

/// What only a Wait state has.
enum WaitBody: Sendable {
    case seconds(Quantity)
    case timestamp(Quantity)
}

/// What only a Fail state has.
struct FailBody: Sendable {
    /// A text that is written down or computed.
    enum Text: Sendable {
        case constant(String)
        case path(Path, field: String)
        case intrinsic(Intrinsic, field: String)
        case query(Query, field: String)
    }

    let error: Text?
    let cause: Text?
}

/// What only a Map state has.
final class MapBody: Sendable {
    /// Where the items are.
    enum Items: Sendable {
        case path(Path)
        /// `Items` of JSONata.
        case template(Template)
        case reader(ItemReader)
    }

    let items: Items
    let selector: Template?
    let processor: StateGraph
    let isDistributed: Bool
    let batcher: ItemBatcher?
    let writer: ResultWriter?
    let concurrencyMax: Quantity?
    let toleratedFailureCount: Quantity?
    let toleratedFailurePercentage: Quantity?
    let label: String?

    init(
        items: Items,
        selector: Template?,
        processor: StateGraph,
        isDistributed: Bool,
        batcher: ItemBatcher?,
        writer: ResultWriter?,
        concurrencyMax: Quantity?,
        toleratedFailureCount: Quantity?,
        toleratedFailurePercentage: Quantity?,
        label: String?
    ) {
        self.items = items
        self.selector = selector
        self.processor = processor
        self.isDistributed = isDistributed
        self.batcher = batcher
        self.writer = writer
        self.concurrencyMax = concurrencyMax
        self.toleratedFailureCount = toleratedFailureCount
        self.toleratedFailurePercentage = toleratedFailurePercentage
        self.label = label
    }
}

/// How items are read from outside.
struct ItemReader: Sendable {
    let resource: String
    let arguments: Template?
    let format: ItemFormat
    let itemCountMax: Quantity?
}

/// How items are put together.
struct ItemBatcher: Sendable {
    let itemCountMax: Quantity?
    let byteCountMax: Quantity?
    let input: Template?
}

/// Where results are written.
struct ResultWriter: Sendable {
    let resource: String?
    let arguments: Template?
    /// `JSON` or `JSONL`.
    let outputType: String
    /// `NONE`, `COMPACT` or `FLATTEN`.
    let transformation: String
}

/// How the items of a file are written.
public struct ItemFormat: Sendable, Hashable {
    /// Which files hold the items.
    public enum Files: Sendable, Hashable {
        /// The one that the reader's arguments name.
        case named
        /// All that a listing finds (`LOAD_AND_FLATTEN`).
        case listed
        /// Those that a manifest of an `UNLOAD` of Athena names.
        case unloaded
    }

    /// The kinds of files.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A table with a header.
        case csv = "CSV"
        /// An array, or the array that a pointer names.
        case json = "JSON"
        /// A value on every line.
        case jsonLines = "JSONL"
        /// An S3 inventory.
        case manifest = "MANIFEST"
        /// No file at all: the items are the objects that a listing names.
        case listing = "LISTING"
        /// A columnar file, which only a driver can read.
        case parquet = "PARQUET"
    }

    /// The kind of the files.
    public var kind: Kind
    /// Which files they are.
    public var files: Files
    /// The columns of a CSV file without a header; nil takes them from the first row.
    public var csvHeaders: [String]?
    /// What separates the columns.
    public var csvDelimiter: String
    /// The pointer to the array in a JSON file, as in `/data/rows`.
    public var itemsPointer: String?

    /// Makes a format.
    public init(
        _ kind: Kind,
        files: Files = .named,
        csvHeaders: [String]? = nil,
        csvDelimiter: String = ",",
        itemsPointer: String? = nil
    ) {
        self.kind = kind
        self.files = files
        self.csvHeaders = csvHeaders
        self.csvDelimiter = csvDelimiter
        self.itemsPointer = itemsPointer
    }
}
