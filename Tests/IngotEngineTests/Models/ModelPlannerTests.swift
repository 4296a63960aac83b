import IngotCore
import IngotEngine
import IngotProject
import Testing

@Suite("Planner of models")
struct ModelPlannerTests {
    private static let dayLength: Int64 = 86_400_000_000

    private static func model(_ settings: String) throws -> Model {
        let files = InMemoryProjectFiles([
            "ingot.yml": "name: shop\n",
            "models/gold/m.sql": "/* @ingot\n\(settings)\n*/\nSELECT 1 AS a FROM silver.t\n",
        ])
        return try #require(try Project.load(directory: "/p", files: files).project.models.first)
    }

    /// A day of January 2026, as an instant.
    private static func day(_ number: Int) -> Int64 {
        Int64(CivilDate.days(year: 2026, month: 1, day: number)) * dayLength
    }

    private static func facts(
        _ settings: String,
        pending: [PendingChange.Extent],
        grain: ChangeGrain? = .intervals(eventTime: "at", .day),
        change: (inout ModelFacts) -> Void = { _ in }
    ) throws -> ModelFacts {
        let name = TableName(namespace: "silver", name: "t")
        var facts = ModelFacts(
            model: try model(settings),
            fingerprint: "f",
            state: ModelState(model: "m", fingerprint: "f", inputs: ["silver.t": 4], computed: 0),
            tableExists: true,
            pending: pending.map { PendingChange(model: "m", input: "silver.t", extent: $0, generation: 1) },
            inputs: [.init(name: name, grain: grain, history: .known)]
        )
        change(&facts)
        return facts
    }

    private static let daily = "materialized: incremental\nevent_time: a\nbatch_size: day"

    private static func ranges(_ days: (Int, Int)...) -> ModelPlan.Work {
        .intervals(days.map { IntervalRange(start: day($0.0), end: day($0.1)) })
    }

    @Test("computes exactly the intervals that changes touch, neighbours together")
    func intervals() throws {
        let facts = try Self.facts(Self.daily, pending: [9, 3, 4, 20].map { .interval(Self.day($0)) })
        let plan = ModelPlanner.plan(facts)
        #expect(plan.work == Self.ranges((3, 5), (9, 10), (20, 21)))
        #expect(plan.taken == facts.pending)
        #expect(plan.reasons == ["new rows in silver.t"])
    }

    @Test("looks ahead by lookback and back by affects")
    func reach() throws {
        let settings = Self.daily + "\nlookback: 2\naffects: 1"
        let plan = ModelPlanner.plan(try Self.facts(settings, pending: [.interval(Self.day(10))]))
        #expect(plan.work == Self.ranges((9, 13)))
    }

    @Test("does not reach before begin")
    func begin() throws {
        let settings = Self.daily + "\naffects: 3\nbegin: 2026-01-05"
        let plan = ModelPlanner.plan(
            try Self.facts(settings, pending: [.interval(Self.day(2)), .interval(Self.day(6))])
        )
        #expect(plan.work == Self.ranges((5, 7)))
        let early = ModelPlanner.plan(try Self.facts(settings, pending: [.interval(Self.day(2))]))
        #expect(early.work == .upToDate)
        #expect(early.taken.count == 1)
    }

    @Test("keys and loads are each taken once, in order")
    func keysAndLoads() throws {
        let keys = try Self.facts(
            "materialized: incremental\nunique_key: a",
            pending: [.key("[\"b\"]"), .key("[\"a\"]"), .key("[\"b\"]")],
            grain: .keys(["a"])
        )
        #expect(ModelPlanner.plan(keys).work == .keys(["[\"a\"]", "[\"b\"]"]))
        let loads = try Self.facts(
            "materialized: incremental\nincremental_strategy: append",
            pending: [.load("l2"), .load("l1")],
            grain: .loads
        )
        #expect(ModelPlanner.plan(loads).work == .loads(["l1", "l2"]))
    }

    @Test("everything is computed where a change has no place")
    func restatement() throws {
        let change: [PendingChange.Extent] = [.interval(Self.day(1))]
        func work(_ change: (inout ModelFacts) -> Void) throws -> ModelPlan {
            ModelPlanner.plan(try Self.facts(Self.daily, pending: [.interval(Self.day(1))], change: change))
        }
        #expect(try work { $0.state = nil }.reasons == ["new model"])
        #expect(try work { $0.fingerprint = "g" }.reasons == ["the model changed"])
        #expect(try work { $0.tableExists = false }.reasons == ["the table is gone"])
        #expect(try work { $0.state?.inputs = [:] }.reasons == ["silver.t is a new input"])
        #expect(try work { $0.inputs[0].history = .anew }.reasons == ["silver.t was made anew or set back"])
        #expect(try work { $0.inputs[0].history = .foreign }.reasons == ["another engine wrote silver.t"])
        #expect(try work { $0.inputs[0].history = .changed }.reasons == ["silver.t changed"])
        #expect(try work { $0.pending[0].extent = .everything }.reasons == ["silver.t changed as a whole"])
        for mutation in [{ $0.state = nil }, { $0.pending[0].extent = .everything }] as [(inout ModelFacts) -> Void] {
            #expect(try work(mutation).work == .everything)
        }
        let full = ModelPlanner.plan(try Self.facts(Self.daily, pending: change), isFullRefresh: true)
        #expect(full.work == .everything)
    }

    @Test("a change of an ignored input changes nothing, nor does no change")
    func upToDate() throws {
        let ignored = try Self.facts(Self.daily, pending: [.everything], grain: nil)
        #expect(ModelPlanner.plan(ignored).work == .upToDate)
        #expect(ModelPlanner.plan(try Self.facts(Self.daily, pending: [])).work == .upToDate)
        let table = try Self.facts("materialized: table", pending: [.everything], grain: .everything)
        #expect(ModelPlanner.plan(table).work == .everything)
    }

    @Test("more than a hundred thousand intervals are everything")
    func bounded() throws {
        let settings = Self.daily + "\nlookback: 10000"
        let few = (0..<9).map { PendingChange.Extent.interval(Int64($0) * 20_000 * Self.dayLength) }
        guard case .intervals = ModelPlanner.plan(try Self.facts(settings, pending: few)).work else {
            Issue.record("nine times ten thousand intervals are not too many")
            return
        }
        let many = (0..<10).map { PendingChange.Extent.interval(Int64($0) * 20_000 * Self.dayLength) }
        #expect(ModelPlanner.plan(try Self.facts(settings, pending: many)).work == .everything)
    }

    @Test("grains follow the model's settings")
    func grains() throws {
        let table = TableName(namespace: "silver", name: "t")
        func grain(_ settings: String, eventTime: String? = "at", hasLoads: Bool = true) throws -> ChangeGrain? {
            try Self.model(settings).grain(of: table, eventTime: eventTime, hasLoads: hasLoads)
        }
        #expect(try grain("materialized: table") == .everything)
        #expect(try grain(Self.daily) == .intervals(eventTime: "at", .day))
        #expect(try grain(Self.daily, eventTime: nil) == .everything)
        #expect(try grain(Self.daily + "\ninputs: {silver.t: {filter: false}}") == .everything)
        #expect(try grain(Self.daily + "\ninputs: {silver.t: {on_change: ignore}}", eventTime: nil) == nil)
        #expect(try grain("materialized: incremental\nunique_key: [a, b]") == .keys(["a", "b"]))
        #expect(try grain("materialized: incremental\nincremental_strategy: append") == .loads)
        #expect(try grain("materialized: incremental\nincremental_strategy: append", hasLoads: false) == .everything)
    }
}

@Suite("Calendar of intervals")
struct IntervalCalendarTests {
    /// Microseconds of a date, by Julian day numbers, which owe nothing to the code under test.
    private static func instant(_ year: Int, _ month: Int, _ day: Int, hour: Int = 0) -> Int64 {
        let a = (14 - month) / 12
        let y = year + 4800 - a
        let m = month + 12 * a - 3
        let julian = day + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32_045
        return (Int64(julian - 2_440_588) * 24 + Int64(hour)) * 3_600_000_000
    }

    @Test(
        "an instant lies in the interval that the calendar says",
        arguments: [
            (Model.BatchSize.hour, instant(2026, 2, 28, hour: 23), instant(2026, 2, 28, hour: 23), instant(2026, 3, 1)),
            (.day, instant(2024, 2, 29, hour: 5), instant(2024, 2, 29), instant(2024, 3, 1)),
            // 2021-01-03 is a Sunday, and 1969-12-31 a Wednesday.
            (.week, instant(2021, 1, 3, hour: 23), instant(2020, 12, 28), instant(2021, 1, 4)),
            (.week, instant(1969, 12, 31), instant(1969, 12, 29), instant(1970, 1, 5)),
            (.month, instant(2024, 2, 29, hour: 23), instant(2024, 2, 1), instant(2024, 3, 1)),
            (.month, instant(1969, 12, 31), instant(1969, 12, 1), instant(1970, 1, 1)),
            (.year, instant(1969, 6, 1), instant(1969, 1, 1), instant(1970, 1, 1)),
            (.year, instant(2000, 12, 31, hour: 23), instant(2000, 1, 1), instant(2001, 1, 1)),
        ]
    )
    func bounds(size: Model.BatchSize, instant: Int64, start: Int64, end: Int64) {
        let calendar = IntervalCalendar(size)
        let number = calendar.number(of: instant)
        #expect(calendar.range(number...number) == IntervalRange(start: start, end: end))
        #expect(calendar.number(of: start) == number)
        #expect(calendar.number(of: end - 1) == number)
        #expect(calendar.number(of: end) == number + 1)
    }

    @Test("ranges are widened and sliced by whole intervals")
    func ranges() {
        let calendar = IntervalCalendar(.month)
        let quarter = IntervalRange(start: Self.instant(2026, 1, 1), end: Self.instant(2026, 4, 1))
        #expect(calendar.count(quarter) == 3)
        let wider = IntervalRange(start: Self.instant(2025, 11, 1), end: Self.instant(2026, 5, 1))
        #expect(calendar.widen(quarter, before: 2, after: 1) == wider)
        #expect(
            calendar.slices(quarter, of: 2) == [
                IntervalRange(start: Self.instant(2026, 1, 1), end: Self.instant(2026, 3, 1)),
                IntervalRange(start: Self.instant(2026, 3, 1), end: Self.instant(2026, 4, 1)),
            ]
        )
    }
}
