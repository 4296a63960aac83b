import JSONTree
import JSONata
import Testing

@Suite("Parsing expressions")
struct ParsingTests {
    /// Codes, places and tokens as jsonata-js 2.0.6 reports them.
    @Test(
        "A syntax error has the reference implementation's code, place and token",
        arguments: [
            ("1 +", "S0207", 3, "(end)"),
            ("[1 2]", "S0202", 4, "2"),
            ("(1", "S0203", 2, "(end)"),
            ("a[1,2)", "S0202", 4, ","),
            ("{\"a\":}", "S0211", 6, "}"),
            ("1 ! 2", "S0204", 3, "!"),
            ("\"\\q\"", "S0103", 2, "q"),
            ("a := 1", "S0212", 1, "a"),
            ("function(1){1}", "S0208", 10, "1"),
            ("$x@i", "S0214", 4, "@"),
        ]
    )
    func syntaxErrors(source: String, code: String, position: Int, token: String) {
        let error = failure(source)
        #expect(error?.code == code)
        #expect(error?.position == position)
        #expect(error?.token == token)
    }

    @Test("Places count UTF-16 code units")
    func positions() {
        #expect(failure("\"😂\" 1")?.position == 6)
    }

    @Test("Messages are those of JSONata's catalogue, with the values filled in")
    func messages() {
        #expect(failure("[1 2]")?.message == "Expected \"]\", got 2")
        #expect(failure("\"x\" + 1")?.message == "The left side of the \"+\" operator must evaluate to a number")
        #expect(
            failure("$sum(\"x\")")?.message == "Argument 1 of function \"sum\" must be an array of \"numbers\""
        )
        #expect(failure("$count(1, 2)")?.message.hasPrefix("Argument 2 of function \"count\"") == true)
        #expect(failure("sum(1)")?.message == "Attempted to invoke a non-function. Did you mean $sum?")
    }

    @Test("Free variables are those that are read and bound nowhere around")
    func freeVariables() throws {
        let expression = try JSONataExpression(
            "($x := $a; function($p){ $p + $x + $b }($c)) & items#$i[$i > $d].name & $sum([1]) & $$.z & $"
        )
        #expect(expression.freeVariables == ["a", "b", "c", "d"])
        #expect(try JSONataExpression("($f := function($n){ $f($n) }; $f(1))").freeVariables.isEmpty)
        #expect(try JSONataExpression("($x := 1; $x) + $x").freeVariables == ["x"])
    }

    @Test("Comments and blanks may stand anywhere between tokens")
    func comments() throws {
        #expect(try value("/* a */ 1 /* b */ + /* c */\n\t2") == 3)
        #expect(failure("1 /* open")?.code == "S0106")
    }

    @Test("A slash divides after an operand and begins a regular expression elsewhere")
    func slashes() throws {
        #expect(try value("6/2/3") == 1)
        #expect(try value("$contains(\"a/b\", /a\\/b/)") == true)
    }
}
