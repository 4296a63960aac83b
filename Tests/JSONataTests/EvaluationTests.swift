import JSONTree
import JSONata
import Testing

/// What the documentation of JSONata (docs.jsonata.org) promises, on data of our own.
@Suite("Evaluating expressions")
struct EvaluationTests {
    private let order: JSON = [
        "customer": "Ada",
        "lines": [
            ["sku": "a", "price": 2.5, "count": 4, "tags": ["x", "y"]],
            ["sku": "b", "price": 10, "count": 1, "tags": ["z"]],
            ["sku": "c", "price": 0.5, "count": 100],
        ],
        "empty": [],
    ]

    @Test("Paths go through objects and flatten arrays; one result stands for itself, none is undefined")
    func paths() throws {
        #expect(try value("lines.sku", of: order) == ["a", "b", "c"])
        #expect(try value("lines.tags", of: order) == ["x", "y", "z"])
        #expect(try value("lines[sku=\"b\"].tags", of: order) == ["z"])
        #expect(try value("lines[sku=\"b\"].price", of: order) == 10)
        #expect(try value("lines[sku=\"b\"].price[]", of: order) == [10])
        #expect(try value("lines.nothing", of: order) == nil)
        #expect(try value("empty", of: order) == [])
        #expect(try value("lines[-1].sku", of: order) == "c")
        #expect(try value("lines[[0..1]].sku", of: order) == ["a", "b"])
        #expect(try value("lines.`sku`[0]", of: order) == ["a", "b", "c"])
        #expect(try value("(lines.sku)[0]", of: order) == "a")
    }

    @Test("Wildcards, descendants and parents reach what names do not")
    func axes() throws {
        #expect(try value("lines[0].*[$type($)=\"number\"]", of: order) == [2.5, 4])
        #expect(try value("$count(**.price)", of: order) == 3)
        #expect(try value("lines.tags.{\"tag\": $, \"sku\": %.sku}[2]", of: order) == ["tag": "z", "sku": "b"])
        #expect(
            try value("lines.tags.(%.sku & $)", of: order) == ["ax", "ay", "bz"]
        )
    }

    @Test("Results can be bound, numbered, sorted and grouped")
    func joins() throws {
        #expect(try value("lines#$i[$i > 0].sku", of: order) == ["b", "c"])
        #expect(try value("lines@$l.($l.sku & $l.count)", of: order) == ["a4", "b1", "c100"])
        #expect(try value("lines^(>price).sku", of: order) == ["b", "a", "c"])
        #expect(try value("lines^(count, <price).sku", of: order) == ["b", "a", "c"])
        #expect(
            try value("lines{count > 2 ? \"many\" : \"few\": $sum($.(price * count))}", of: order)
                == ["many": 60, "few": 10]
        )
    }

    @Test("Operators have the reference implementation's types and results")
    func operators() throws {
        #expect(try value("1 + 2 * 3 - 4 / 2") == 5)
        #expect(try value("7 % -4") == 3)
        #expect(try value("\"a\" & 1 & true & null & nothing") == "a1truenull")
        #expect(try value("[1, 2] = [1, 2] and {\"a\": 1, \"b\": 2} = {\"b\": 2, \"a\": 1}") == true)
        #expect(try value("nothing = nothing") == false)
        #expect(try value("2 in [1, 2] and not_there in [1]") == false)
        #expect(try value("\"b\" > \"a\"") == true)
        #expect(failure("1 < \"a\"")?.code == "T2009")
        #expect(failure("true < 1")?.code == "T2010")
        #expect(try value("true ? 1 : 2") == 1)
        #expect(try value("false ? 1") == nil)
        #expect(failure("1/0 + 1")?.code == "D1001")
    }

    @Test("Functions close over variables, call themselves, and are applied in part and in chains")
    func functions() throws {
        #expect(try value("($f := function($n){ $n < 2 ? 1 : $n * $f($n - 1) }; $f(10))") == 3_628_800)
        #expect(try value("($add := function($a, $b){ $a + $b }; $add(?, 2)(3))") == 5)
        #expect(try value("\" x \" ~> $trim ~> $uppercase") == "X")
        #expect(try value("($t := $trim ~> $uppercase; $t(\" y \"))") == "Y")
        #expect(try value("($none := $filter(?, function($v){ $v > 9 }) ~> $sum; $none([1..3]))") == nil)
        #expect(try value("$map([1..3], function($v, $i, $a){ $v * $i + $count($a) })") == [3, 5, 9])
        #expect(try value("$reduce([1..5], function($a, $b){ $a * $b })") == 120)
        #expect(try value("$sort([3, 1, 2], function($a, $b){ $a < $b })") == [3, 2, 1])
        #expect(try value("$filter([1..6], function($v){ $v % 2 = 0 })") == [2, 4, 6])
        #expect(failure("function($a)<n:n>{ $a }(\"x\")")?.code == "T0410")
    }

    @Test("Calls at the end of a function do not nest, however many there are")
    func tailCalls() throws {
        #expect(try value("($f := function($n, $s){ $n = 0 ? $s : $f($n - 1, $s + $n) }; $f(20000, 0))") == 200_010_000)
    }

    @Test("A transform changes a copy and leaves the original as it was")
    func transforms() throws {
        let changed = try value("$ ~> |lines[sku=\"b\"]|{\"price\": price * 2}, [\"tags\"]|", of: order)
        #expect(changed?["lines"]?[1] == ["sku": "b", "price": 20, "count": 1])
        #expect(changed?["lines"]?[0] == order["lines"]?[0])
        #expect(try value("($c := $ ~> |$|{\"customer\": \"B\"}|; customer)", of: order) == "Ada")
        #expect(try value("$ ~> |$|{\"self\": $}|", of: ["a": 1]) == ["a": 1, "self": ["a": 1]])
    }

    @Test("What is read from the input and handed on is the same to the last digit")
    func passThrough() throws {
        let big: JSON = ["id": 9_007_199_254_740_993, "price": .number(try #require(JSONNumber(text: "1.10")))]
        #expect(try value("$", of: big) == big)
        #expect(try value("id", of: big) == 9_007_199_254_740_993)
        #expect(try value("{\"x\": $}", of: big)?["x"] == big)
    }

    @Test("Variables come from the caller unless the expression binds them")
    func bindings() throws {
        #expect(try value("$states.input.count + 1", of: nil, ["states": ["input": ["count": 41]]]) == 42)
        #expect(try value("($x := 1; $x)", of: nil, ["x": 2]) == 1)
        #expect(try value("$sum", of: nil, ["sum": 3]) == 3)
        #expect(try value("$unknown") == nil)
    }

    @Test("A function is no result, and an undefined result is none")
    func results() throws {
        #expect(failure("function(){1}")?.code == "U1002")
        #expect(failure("$sum")?.code == "U1002")
        #expect(try value("[function(){1}, 1]") == [nil, 1])
        #expect(failure("1/0")?.code == "D1001")
    }
}
