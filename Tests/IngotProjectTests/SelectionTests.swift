import IngotCore
import IngotProject
import Testing

@Suite("Selection")
struct SelectionTests {
    /// ```
    /// users ──► accounts ──► summary ──► report
    /// orders ─► revenue ───┘
    /// rates ──┘
    /// ```
    private static let graph = SelectionGraph(
        nodes: [
            SelectionNode(
                name: "users",
                kind: .pipeline,
                tags: ["core"],
                path: "pipelines/users.yml",
                tables: ["silver.users"]
            ),
            SelectionNode(
                name: "orders",
                kind: .pipeline,
                path: "pipelines/shop/orders.yml",
                tables: ["silver.orders"]
            ),
            SelectionNode(name: "seeds.rates", kind: .seed, path: "seeds/rates.csv", tables: ["rates"]),
            SelectionNode(name: "accounts", kind: .model, tags: ["core", "daily"], path: "models/gold/accounts.sql"),
            SelectionNode(name: "revenue", kind: .model, tags: ["daily"], path: "models/gold/revenue.sql"),
            SelectionNode(name: "summary", kind: .model, path: "models/gold/summary.sql", tables: ["gold.summary"]),
            SelectionNode(name: "report", kind: .model, path: "models/report.sql"),
        ],
        edges: [
            ("users", "accounts"), ("orders", "revenue"), ("seeds.rates", "revenue"), ("accounts", "summary"),
            ("revenue", "summary"), ("summary", "report"), ("gone", "report"),
        ]
    )

    @Test(
        "follows dbt's grammar",
        arguments: [
            ("users", "users"),
            ("silver.users", "users"),
            ("report users", "users report"),
            ("+summary", "users orders seeds.rates accounts revenue summary"),
            ("1+summary", "accounts revenue summary"),
            ("2+report", "accounts revenue summary report"),
            ("users+", "users accounts summary report"),
            ("users+1", "users accounts"),
            ("0+users+0", "users"),
            ("+revenue+", "orders seeds.rates revenue summary report"),
            ("1+revenue+1", "orders seeds.rates revenue summary"),
            ("@users", "users orders seeds.rates accounts revenue summary report"),
            ("tag:daily", "accounts revenue"),
            ("tag:core,tag:daily", "accounts"),
            ("tag:daily,users", ""),
            ("tag:core+,+revenue report", "report"),
            ("path:models/gold", "accounts revenue summary"),
            ("path:models/gold/", "accounts revenue summary"),
            ("path:pipelines/*.yml", "users orders"),
            ("path:models/report.sql", "report"),
            ("pipeline:*", "users orders"),
            ("model:*", "accounts revenue summary report"),
            ("seed:*rates", "seeds.rates"),
            ("re*", "revenue report"),
            ("?sers", "users"),
            ("  users   report  ", "users report"),
            ("99999+report", "users orders seeds.rates accounts revenue summary report"),
        ]
    )
    func grammar(selection: String, expected: String) throws {
        let nodes = try SelectionSyntax(selection).evaluate(in: Self.graph)
        #expect(nodes.map(\.name).joined(separator: " ") == expected)
    }

    @Test(
        "that fits nothing or is malformed is told with the nearest match",
        arguments: [
            (
                "usrs",
                """
                error[ING0119]: "usrs" selects nothing; there are: users, orders, seeds.rates, accounts, revenue, summary, report
                  try: users
                """
            ),
            (
                "tag:dayly",
                "error[ING0119]: \"tag:dayly\" selects nothing; there are: core, daily\n  try: tag:daily"
            ),
            (
                "pipeline:revenue",
                "error[ING0119]: \"pipeline:revenue\" selects nothing; there are: users, orders"
            ),
            (
                "tags:core",
                """
                error[ING0119]: "tags" in "tags:core" is not a way to select; ways: tag:x, path:x, pipeline:x, model:x, seed:x, check:x, load:x
                  try: tag:core
                """
            ),
            (
                "users,",
                """
                error[ING0119]: "" in the selection "users," names nothing
                  try: name, +name, name+, 2+name, @name, tag:x, path:x; a blank unites, a comma intersects
                """
            ),
            ("  ", "error[ING0119]: the selection is empty\n  try: a name, tag:x or path:x"),
            (
                "99999999999999999999+users",
                "error[ING0119]: \"99999999999999999999\" in \"99999999999999999999+users\" is too large a number of steps"
            ),
        ]
    )
    func mistakes(selection: String, expected: String) {
        let error = #expect(throws: IngotError.self) { try SelectionSyntax(selection).evaluate(in: Self.graph) }
        #expect(error?.description == expected)
    }

    @Test("ends in a graph with cycles", .timeLimit(.minutes(30)))
    func cycles() throws {
        let nodes = ["a", "b", "c"].map { SelectionNode(name: $0, kind: .model, path: $0) }
        let graph = SelectionGraph(nodes: nodes, edges: [("a", "b"), ("b", "c"), ("c", "a")])
        #expect(try SelectionSyntax("+a+").evaluate(in: graph).count == 3)
    }

    @Test("A pattern of many stars is judged in little time", .timeLimit(.minutes(30)))
    func stars() throws {
        let name = String(repeating: "a", count: 2_000)
        let graph = SelectionGraph(nodes: [SelectionNode(name: name, kind: .model, path: "x")], edges: [])
        let pattern = String(repeating: "a*", count: 500) + "b"
        #expect(throws: IngotError.self) { try SelectionSyntax(pattern).evaluate(in: graph) }
    }

    @Test("A project's pipelines, models and seeds can be selected by name and table")
    func project() throws {
        let project = try Fixtures.load("customer-purchases")
        let graph = SelectionGraph(nodes: project.selectionNodes, edges: [])
        let selected = try SelectionSyntax("silver.purchases rates gold.*").evaluate(in: graph)
        #expect(selected.map(\.name) == ["purchases", "customer_purchase_summary", "seeds.rates"])
    }
}
