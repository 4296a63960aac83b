import IngotCore
import IngotProject
import Testing

@Suite("The reference projects")
struct ReferenceProjectTests {
    @Test("are read without a finding, the same from memory as from the disk", arguments: Fixtures.names)
    func load(_ name: String) throws {
        let (project, warnings) = try Project.load(directory: Fixtures.directory(name))
        #expect(warnings.isEmpty)
        #expect(!project.pipelines.isEmpty)
        #expect(!project.models.isEmpty)
        let files = InMemoryProjectFiles(try Fixtures.files(name))
        #expect(try Project.load(directory: project.directory, files: files).project == project)
    }

    @Test("users: the contract of DESIGN's example")
    func users() throws {
        let table = try #require(Fixtures.load("users").pipeline(named: "users")).tables[0]
        #expect(table.columns.map(\.name.value) == ["id", "name", "email", "create_ts", "update_ts"])
        #expect(table.columns.map(\.dataType.value) == [.bigint, .varchar, .varchar, .timestamptz, .timestamptz])
        let email = try #require(table.column(named: "email"))
        #expect(email.transform?.text == "lower(trim(email))")
        #expect(email.matches?.value == #"^[\w\.-]+@[\w\.-]+\.\w+$"#)
        #expect(table.rules.map(\.expression.text) == ["update_ts >= create_ts"])
        #expect(table.partitionBy.map(\.description) == ["hour(_ingested_at)"])
        #expect(table.eventTime?.value == "create_ts")
        #expect(table.onExpectationFailure == .quarantineObject)
    }

    @Test("customer-purchases: a seed's row is joined, and the oldest purchase of an id stays")
    func purchases() throws {
        let project = try Fixtures.load("customer-purchases")
        let table = try #require(project.pipeline(named: "purchases")).tables[0]
        let currency = try #require(table.column(named: "currency")?.relationship)
        #expect(currency.to.value.description == "seeds.rates")
        #expect(currency.field.value == "currency")
        #expect(currency.alias.value == "rates")
        #expect(table.column(named: "amount_aud")?.origin.expression == "amount * rates.rate_aud")
        #expect(table.uniqueKey.map(\.value) == ["purchase_id"])
        #expect(table.dedupSort.map(\.column.value) == ["_source_time", "_source_file", "_source_row"])
        #expect(table.dedupSort.allSatisfy { !$0.isDescending })
        #expect(project.seeds[0].columns.map(\.name.value) == ["currency", "rate_aud"])
        #expect(project.pipelines[0].nullValues == [""])
    }

    @Test("shipments: one source feeds three tables, which share what stands at the top")
    func shipments() throws {
        let pipeline = try #require(Fixtures.load("shipments").pipeline(named: "shipments"))
        #expect(pipeline.routeBy?.value == "record_type")
        #expect(pipeline.tables.map { $0.routeValue?.value } == ["shipments", "tracking_events", "invoice_lines"])
        #expect(
            pipeline.tables.map(\.table.value.description) == [
                "silver.shipments", "silver.tracking_events", "silver.invoice_lines",
            ]
        )
        for table in pipeline.tables {
            #expect(table.columns.prefix(2).map(\.name.value) == ["record_type", "event_time"])
            #expect(table.eventTime?.value == "event_time")
            #expect(table.partitionBy.map(\.description) == ["day(event_time)"])
            #expect(table.expectations[0].name.value == "expect_table_row_count_to_be_between")
        }
        #expect(pipeline.tables.map(\.expectations.count) == [5, 4, 5])
        #expect(pipeline.tables[2].columns.map(\.name.value).suffix(2) == ["unit_price", "line_total"])
        guard case .columnValuesToBeBetween(let column, let bounds) = pipeline.tables[0].expectations[4].check else {
            Issue.record("the last expectation of shipments is the weight's")
            return
        }
        #expect(column.value == "weight_kg")
        #expect(bounds.min?.text == "0" && bounds.max?.text == "200")
        #expect(!bounds.strictMin && !bounds.strictMax)
    }

    @Test("agent-activity: prod differs from dev in its settings only")
    func agentActivity() throws {
        let dev = try Fixtures.load("agent-activity")
        let prod = try Fixtures.load("agent-activity", environment: "prod")
        #expect(dev.pipelines == prod.pipelines)
        #expect(dev.models == prod.models)
        #expect(prod.environment.lake.description == "s3://${LAKE_BUCKET}/lake/")
        #expect(prod.environment.schedules)
        #expect(dev.environment.notifications["operations"]?.kind == .log)
        #expect(prod.environment.notifications["operations"]?.kind == .slack)
        #expect(dev.pipelines[0].tables[0].columns[0].formats.map(\.value).count == 2)
        #expect(dev.pipelines[0].tables[0].columns[0].origin.field == "Done On")
    }

    @Test("conversations: nested JSON, defaults and quoted names")
    func conversations() throws {
        let project = try Fixtures.load("conversations")
        #expect(project.environment.name == "test")
        let table = project.pipelines[0].tables[0]
        #expect(table.column(named: "ciudad")?.origin.path == "$.UserData.ciudad")
        #expect(table.column(named: "nombre")?.defaultValue?.text == "Usuario Anónimo")
        let messages = DataType.list(
            .structure([
                DataType.Field(name: "from", type: .varchar), DataType.Field(name: "text", type: .varchar),
                DataType.Field(name: "timestamp", type: .varchar),
            ])
        )
        #expect(table.column(named: "messages")?.dataType.value == messages)
        #expect(table.partitionBy.map(\.description) == ["day(created_at)", "bucket(8, user_id)"])
        #expect(table.dedupSort.map(\.column.value) == ["created_at", "_source_time", "_source_file", "_source_row"])
        #expect(table.dedupSort.allSatisfy { $0.isDescending })
        #expect(project.pipelines[0].nullValues == ["", "null"])
    }
}

extension Column.Origin {
    fileprivate var expression: String? {
        if case .expression(let sql) = self { sql.text } else { nil }
    }

    fileprivate var field: String? {
        if case .field(let name) = self { name.value } else { nil }
    }

    fileprivate var path: String? {
        if case .path(let path) = self { path.value } else { nil }
    }
}
