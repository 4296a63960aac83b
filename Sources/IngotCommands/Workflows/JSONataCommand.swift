import ArgumentParser
import Foundation
import IngotCore
import JSONTree
import JSONata

/// `ingot jsonata`.
struct JSONataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jsonata",
        abstract: "Evaluate a JSONata expression.",
        discussion: """
            The language is JSONata 2, as expressions of workflows have it, with $eval besides. The result is one line \
            of JSON; nothing is printed where the result is undefined.

            --cases runs a file of cases, one JSON object a line with id, expr, and data or the name of a dataset; \
            it prints a line for each, in order: {"id", "result"}, {"id", "undefined": true} or {"id", "code", \
            "error"}.

            Examples:
              ingot jsonata '$sum(Order.Price)' --input order.json
              echo '[1, 2, 3]' | ingot jsonata '$reverse($)' --input -
              ingot jsonata --cases cases.jsonl --datasets datasets.json
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The expression.", valueName: "expression"))
    var expression: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The input, a JSON file; - reads it from the standard input.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var input: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Run a file of cases.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var cases: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The inputs that cases name, a JSON object.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var datasets: String?

    func validate() throws {
        guard (expression == nil) != (cases == nil) else {
            throw ValidationError("Give an expression, or a file of cases with --cases.")
        }
        guard cases != nil || datasets == nil else { throw ValidationError("--datasets goes with --cases.") }
        guard cases == nil || input == nil else { throw ValidationError("--input goes with an expression.") }
    }

    func run() async throws {
        let console = global.console
        if let cases {
            let runner = JSONataCases(datasets: try datasets.map { try JSONFile($0).value() } ?? [:])
            try JSONFile(cases).forEachLine { try console.print(runner.outcome(of: $0).text()) }
            return
        }
        let value = try input.map { try JSONFile($0).value() }
        do {
            let context = JSONataContext(now: Int64(Date.now.timeIntervalSince1970 * 1000))
            let result = try JSONataExpression(expression ?? "").evaluate(value, context: context)
            if let result { try console.print(result.text()) }
        } catch let error as JSONataError {
            let place = error.position.map { " at position \($0)" } ?? ""
            throw IngotError(.expressionFailed, "\(error.code)\(place): \(error.message)")
        }
    }
}
