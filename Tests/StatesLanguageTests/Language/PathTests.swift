import JSONTree
import Testing

@testable import StatesLanguage

@Suite("Paths")
struct PathTests {
    /// The document of the article that JSONPath was proposed in.
    private static let store: JSON = [
        "store": [
            "book": [
                ["category": "reference", "author": "Rees", "price": 8.95],
                ["category": "fiction", "author": "Waugh", "price": 12.99],
                ["category": "fiction", "author": "Melville", "isbn": "0-553", "price": 8.99],
                ["category": "fiction", "author": "Tolkien", "isbn": "0-395", "price": 22.99],
            ],
            "bicycle": ["color": "red", "price": 19.95],
        ],
        "limit": 10,
    ]

    @Test(
        "Paths select what the proposal of JSONPath says",
        arguments: [
            ("$.store.bicycle.color", #""red""#),
            ("$['store']['bicycle']['color']", #""red""#),
            ("$.store.book[0].author", #""Rees""#),
            ("$.store.book[-1].author", #""Tolkien""#),
            ("$.store.book[*].author", #"["Rees","Waugh","Melville","Tolkien"]"#),
            ("$..author", #"["Rees","Waugh","Melville","Tolkien"]"#),
            ("$.store..price", "[8.95,12.99,8.99,22.99,19.95]"),
            ("$..book[2].author", #"["Melville"]"#),
            ("$..book[-1].author", #"["Tolkien"]"#),
            ("$..book[0,1].author", #"["Rees","Waugh"]"#),
            ("$..book[:2].author", #"["Rees","Waugh"]"#),
            ("$.store.book[1:3].author", #"["Waugh","Melville"]"#),
            ("$.store.book[-2:].author", #"["Melville","Tolkien"]"#),
            ("$..book[?(@.isbn)].author", #"["Melville","Tolkien"]"#),
            ("$..book[?(@.price < 10)].author", #"["Rees","Melville"]"#),
            ("$..book[?(@.price < $.limit)].author", #"["Rees","Melville"]"#),
            ("$.store.book[?(@.price > 8 && @.category == 'reference')].author", #"["Rees"]"#),
            ("$.store.book[?(@.price > 20 || @.author == \"Rees\")].author", #"["Rees","Tolkien"]"#),
            ("$.store.book[?(!@.isbn)].author", #"["Rees","Waugh"]"#),
            ("$.store.book[?(@.author in ['Rees', 'Waugh'])].price", "[8.95,12.99]"),
            ("$.store.book[?(@.author =~ /.*ee.*/i)].author", #"["Rees"]"#),
            ("$.store.bicycle['color','price']", #"[{"color":"red","price":19.95}]"#),
            ("$.store.book.length()", "4"),
            ("$.store.nothing[*].author", "[]"),
            ("$", "STORE"),
        ]
    )
    func selection(path: String, expected: String) throws {
        let value = try Path(parsing: path).value(in: Self.store)
        #expect(value == (expected == "STORE" ? Self.store : try JSON(parsing: expected)))
    }

    @Test(
        "A definite path that leads nowhere says how far it went",
        arguments: [
            ("$.nothing", "No results for path: $['nothing']"),
            ("$.store.nothing", "No results for path: $['store']['nothing']"),
            ("$.nothing.at.all", "Missing property in path $['nothing']"),
            ("$.store.book[9].author", "No results for path: $['store']['book'][9]['author']"),
        ]
    )
    func absence(path: String, detail: String) throws {
        let path = try Path(parsing: path)
        #expect(throws: PathFailure.notFound(detail: detail)) { try path.value(in: Self.store) }
    }

    @Test(
        "Texts that are no paths are refused",
        arguments: [
            "", "store", "$.", "$..", "$.a.", "$[", "$[']", "$['a", "$.a b", "$[?(]", "$[?(@.a ==)]", "$.a[1", "$.a[x]",
            "$.a.nothing()", "$[?(@.a =~ /(/)]", "$]",
        ]
    )
    func syntax(path: String) {
        #expect(throws: PathSyntaxError.self) { try Path(parsing: path) }
    }

    @Test("A path starts at the input, the context object or a variable")
    func roots() throws {
        #expect(try Path(parsing: "$.a").root == .input)
        #expect(try Path(parsing: "$$.Execution.Id").root == .context)
        #expect(try Path(parsing: "$order.lines[0]").root == .variable("order"))
        #expect(try Path(parsing: "$order").steps.isEmpty)
    }

    @Test("Only names and indices make a Reference Path")
    func reference() throws {
        #expect(try Path(parsing: "$.a['b c'][0]").isReference)
        for text in ["$.a[*]", "$..a", "$.a[-1]", "$.a[0,1]", "$.a[?(@.b)]"] {
            #expect(try !Path(parsing: text).isReference)
        }
    }

    @Test("A value is put at a Reference Path, with objects made on the way")
    func insertion() throws {
        let document: JSON = ["a": ["b": [1, 2]], "c": 3]
        #expect(
            try Path(parsing: "$.a.x.y").inserting(9, into: document) == ["a": ["b": [1, 2], "x": ["y": 9]], "c": 3]
        )
        #expect(try Path(parsing: "$.a.b[1]").inserting(9, into: document) == ["a": ["b": [1, 9]], "c": 3])
        #expect(throws: PathFailure.self) { try Path(parsing: "$.c.d").inserting(9, into: document) }
        #expect(throws: PathFailure.self) { try Path(parsing: "$.a.b[7]").inserting(9, into: document) }
    }

    @Test("A path that looks at too many values ends")
    func cost() throws {
        let row = JSON.array(Array(repeating: ["a": 1], count: 2000))
        let path = try Path(parsing: "$..[?(@.a == $..a.length())]..[?(@..a)]")
        #expect(throws: PathFailure.tooCostly) { try path.value(in: .array(Array(repeating: row, count: 40))) }
    }
}
