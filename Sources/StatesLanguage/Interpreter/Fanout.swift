import JSONTree

/// The branches or iterations of a Parallel or Map state that is running.
final class Fanout {
    enum Kind {
        case parallel
        case inlineMap(MapBody)
        case distributedMap(MapBody)
    }

    /// How a Map run ends once its results are written.
    enum Ending: Equatable {
        case success
        case failure(StateError)
    }

    let parent: Strand
    let kind: Kind
    /// The input that selectors of items see.
    let input: JSON
    var items: ItemSource
    let concurrencyMax: Int
    /// How many branches or iterations were started.
    var startedCount = 0
    var finishedCount = 0
    var failedCount = 0
    /// Those that run.
    var running = RunningStrands()
    /// Those that failed or were cancelled, by index: where a redrive goes on.
    var suspended: [Int: Strand] = [:]
    /// Outputs by index; those that are written to files are handed out instead.
    var outputs: [JSON?] = []
    /// How many bytes the outputs have together; beyond the limit no more are kept.
    var outputSize = 0
    var mapRun: MapRun?
    /// The results, if they are written to files.
    var results: MapResults?
    var ending: Ending?
    /// The last request for items, and how many items were read before they were batched.
    var lastRequest: ItemRequest?
    var readCount = 0
    /// The last items read that do not fill a batch.
    var openBatch: [JSON] = []

    init(parent: Strand, kind: Kind, input: JSON, items: ItemSource, concurrencyMax: Int) {
        self.parent = parent
        self.kind = kind
        self.input = input
        self.items = items
        self.concurrencyMax = concurrencyMax
    }

    /// How many iterations are kept for a redrive; beyond them only those that still ran are.
    private static let suspendedCountMax = 10_000

    func suspend(_ strand: Strand) {
        guard suspended.count < Self.suspendedCountMax else { return }
        suspended[strand.index] = strand
    }

    var map: MapBody? {
        switch kind {
        case .parallel: nil
        case .inlineMap(let map), .distributedMap(let map): map
        }
    }
}

/// A run of a distributed Map.
struct MapRun {
    /// The last part of the run's ARN.
    let name: String
    let arn: String
    let toleratedCount: Int
    let toleratedPercentage: Double
}

/// The items of a Map state: given at once, or read page by page.
struct ItemSource {
    private var items: ArraySlice<MapItem>
    /// How many more items may be taken, if that is limited.
    private var countLeft: Int?
    /// The request for the next page, if there is one.
    private(set) var nextPage: ItemRequest?
    private(set) var isReading = false

    init(items: [MapItem]) {
        self.items = items[...]
    }

    /// Items that are read; batches are limited before they are made, and are not counted here.
    init(firstPage: ItemRequest, countsItems: Bool) {
        items = []
        nextPage = firstPage
        countLeft = countsItems ? firstPage.itemCountMax : nil
    }

    /// Whether nothing is left and nothing will come.
    var isExhausted: Bool {
        (items.isEmpty || countLeft == 0) && nextPage == nil && !isReading
    }

    /// The items that were read and not taken.
    var left: ArraySlice<MapItem> {
        items.prefix(countLeft ?? .max)
    }

    var hasItem: Bool {
        !items.isEmpty && countLeft != 0
    }

    mutating func next() -> MapItem? {
        guard hasItem, let item = items.popFirst() else { return nil }
        if let left = countLeft {
            countLeft = left - 1
            if left == 1 { nextPage = nil }
        }
        return item
    }

    /// Takes the request for the next page, if one can be sent now.
    mutating func startReading() -> ItemRequest? {
        guard items.isEmpty, !isReading, let request = nextPage else { return nil }
        isReading = true
        nextPage = nil
        return request
    }

    /// Asks once more for a page that was never answered.
    mutating func forgetReading(_ request: ItemRequest?) {
        guard isReading else { return }
        isReading = false
        nextPage = request
    }

    /// Takes a page in; a continuation asks for another.
    mutating func add(_ page: [MapItem], next: ItemRequest?) {
        isReading = false
        items = page[...]
        nextPage = countLeft == 0 ? nil : next
    }
}
