import Foundation
import JSONTree
import JSONata
import Synchronization
import Testing

@Suite("Limits")
struct LimitTests {
    private static let endless = [
        "($f := function(){ $f() }; $f())",
        "($f := function($n){ 1 + $f($n) }; $f(0))",
        "($f := function($n){ $map([1, 2], $f) }; $f(0))",
        "($f := function($n){ $sort([3, 1, 2], function($a, $b){ $f(1) > 1 }) }; $f(0))",
        "($f := function($n){ [1, 2]^($f($)) }; $f(0))",
        "($f := function($n){ {\"a\": {\"b\": 1}}.a.%.{\"x\": $f(1)} }; $f(0))",
        "($f := function($n){ $eval(\"1 + $f(1)\") }; $f(0))",
        "($f := function($s){ $f($s & $s) }; $f(\"12345678\"))",
        "($f := function($s){ $f($append($s, $s)) }; $f([1, 2]))",
        "($f := function($x){ $f([[$x]]) }; $f(1))",
        "($f := function($x){ $f({\"a\": $x}) }; $f(1))",
        "($f := function($g){ $f(function(){ $g() }) }; $f($sum))",
        "($f := function($g){ $f($g ~> $string) }; $f($string))",
        "($f := function($g){ $f($g(?)) }; $f($string))",
        "$pad(\"\", 1e12)", "$string([1..1e7])", "$map([1..1e7], function($x){ $x })", "[1..1e8]", "[1..1e7]",
        "[1..1e7]#$i", "$sort([1..1e7])", "$reverse([1..1e7])",
        "$zip([1..1e7], [1..1e7])", "$distinct([1..200000].{\"a\": $})", "$formatInteger(1e300, \"i\")",
    ]

    /// The depth that is usual, but few steps, because debug builds take them slowly.
    private static let small = JSONataLimits(stepCountMax: 100_000)

    @Test("What would go on for ever or grow without end is stopped with an error", arguments: endless)
    func stopped(source: String) {
        let code = failure(source, limits: Self.small)?.code
        #expect(code == "U1001" || code == "D2014")
    }

    @Test("Nothing of this needs more than a stack of 512 KiB", .timeLimit(.minutes(30)))
    func smallStack() {
        let nested = [
            String(repeating: "(", count: 290) + "1" + String(repeating: ")", count: 290),
            String(repeating: "[", count: 290) + String(repeating: "]", count: 290),
            String(repeating: "{\"a\":", count: 250) + "1" + String(repeating: "}", count: 250),
            String(repeating: "function(){", count: 250) + "1" + String(repeating: "}", count: 250),
            String(repeating: "-", count: 10000) + "1", String(repeating: "1+", count: 10000) + "1",
            String(repeating: "a.", count: 10000) + "a", String(repeating: "(", count: 10000),
            "$string(" + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + ")",
        ]
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            for source in Self.endless + nested { _ = failure(source, limits: Self.small) }
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
    }

    @Test("Depth is counted as the reference implementation counts it")
    func depth() throws {
        // Its suite has these two, at a depth of 302.
        let factorial = "($factorial := function($n){$n = 0 ? 1 : $n * $factorial($n - 1)}; $factorial(%))"
        var limits = JSONataLimits()
        limits.depthMax = 302
        #expect(failure(factorial.replacingOccurrences(of: "%", with: "99"), limits: limits) == nil)
        #expect(failure(factorial.replacingOccurrences(of: "%", with: "100"), limits: limits)?.code == "U1001")
    }

    @Test("Time, steps and sizes can be limited")
    func otherLimits() {
        let loop = "($f := function($n){ $f($n + 1) }; $f(0))"
        #expect(failure(loop, limits: JSONataLimits(stepCountMax: 1000))?.code == "U1001")
        #expect(failure(loop, limits: JSONataLimits(stepCountMax: .max, timeMax: .milliseconds(20)))?.code == "U1001")
        #expect(failure("$string([1..100])", limits: JSONataLimits(textSizeMax: 50))?.code == "U1001")
        #expect(failure("[1..100]", limits: JSONataLimits(elementCountMax: 50))?.code == "U1001")
        #expect(failure("[1..100] ~> $count()", limits: JSONataLimits(elementCountMax: 50)) == nil)
    }

    @Test("A deep input is read as far as it goes")
    func deepInput() throws {
        var input: JSON = 1
        for _ in 0..<200 { input = ["a": input] }
        #expect(try value("**[$type($) = \"number\"]", of: input) == 1)
        #expect(try value("$string($) = $string($clone($))", of: input) == true)
    }

    @Test("Large inputs are no reason to stop")
    func largeInput() throws {
        let items: JSON = .array((0..<20_000).map { ["id": .integer($0), "tags": ["a", "b"]] })
        #expect(try value("$count(items.tags)", of: ["items": items]) == 40_000)
        #expect(try value("$count($spread(items))", of: ["items": items]) == 40_000)
        #expect(try value("$count(items@$i.$i.tags)", of: ["items": items]) == 40_000)
        let texts: JSON = .array((0..<5000).map { .string("text \($0)") })
        #expect(try value("$length($reduce($, function($a, $b){ $a & $b }))", of: texts) == 43_890)
        #expect(try value("$count($reduce($, $append))", of: texts) == 5000)
        #expect(try value("$length($replace($join($), /e/, \"ee\"))", of: texts) == 48_890)
    }
}
