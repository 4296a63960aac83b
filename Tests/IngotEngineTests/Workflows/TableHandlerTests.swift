import IngotCore
import IngotProject
import JSONTree
import Testing

@testable import IngotEngine
@testable import StatesLanguage

@Suite("DynamoDB in the project's state")
struct TableHandlerTests {
    private let store = InMemoryTableItems()
    private let tables = ["orders": TableKey(partition: "id"), "days": TableKey(partition: "shop", sort: "day")]

    @discardableResult
    private func perform(
        _ action: TableAction,
        _ request: String,
        table: String = "orders",
        service: String = "dynamodb"
    ) async throws -> JSON {
        var input = try #require(try JSON(parsing: request).objectValue)
        input["TableName"] = .string(table)
        let asked = TaskRequest(
            token: "t",
            state: "A",
            resource: TaskResource("arn:aws:states:::\(service):\(action.rawValue)"),
            input: .object(input),
            timeoutSeconds: nil,
            heartbeatSeconds: nil,
            credentials: nil,
            retryCount: 0,
            region: "us-east-1"
        )
        let handler = TableHandler(action: action, request: asked, tables: tables, store: store)
        return try await handler.perform(
            WorkflowTask(request: asked, input: .object(input), workflow: "w", execution: "e")
        )
    }

    private func failure(
        _ action: TableAction,
        _ request: String,
        table: String = "orders",
        service: String = "dynamodb"
    ) async throws -> String? {
        do {
            try await perform(action, request, table: table, service: service)
            return nil
        } catch let failure as TaskFailure {
            return failure.error
        }
    }

    private func item(_ key: String = "a") async throws -> JSON? {
        try await perform(.getItem, #"{"Key": {"id": {"S": "\#(key)"}}}"#)["Item"]
    }

    private static let put = #"{"Item": {"id": {"S": "a"}, "n": {"N": "1"}, "l": {"L": [{"S": "x"}, {"S": "y"}]}}}"#
    private static let key = #""Key": {"id": {"S": "a"}}"#

    @Test("An item is put, got and deleted by its key, with what was there before")
    func items() async throws {
        #expect(try await item() == nil)
        #expect(try await perform(.putItem, Self.put) == [:])
        let stored = try JSON(parsing: Self.put)["Item"]
        #expect(try await item() == stored)
        let old = try await perform(.putItem, #"{"Item": {"id": {"S": "a"}}, "ReturnValues": "ALL_OLD"}"#)
        #expect(old["Attributes"] == stored)
        let deleted = try await perform(.deleteItem, "{\(Self.key), \"ReturnValues\": \"ALL_OLD\"}")
        #expect(deleted["Attributes"] == ["id": ["S": "a"]])
        #expect(try await item() == nil)
        #expect(try await perform(.deleteItem, "{\(Self.key)}") == [:])
    }

    @Test("A key of two attributes, one of them a number, is one key however the number is written")
    func keys() async throws {
        let request = #"{"Item": {"shop": {"S": "x"}, "day": {"N": "7.0"}, "n": {"N": "5"}}}"#
        try await perform(.putItem, request, table: "days")
        let got = try await perform(.getItem, #"{"Key": {"day": {"N": "7"}, "shop": {"S": "x"}}}"#, table: "days")
        #expect(got["Item"]?["n"] == ["N": "5"])
        #expect(
            try await failure(.getItem, #"{"Key": {"shop": {"S": "x"}}}"#, table: "days")
                == "DynamoDB.AmazonDynamoDBException"
        )
    }

    @Test(
        "Conditions decide about an item that is there",
        arguments: [
            ("attribute_exists(n)", true), ("attribute_not_exists(id)", false), ("attribute_not_exists(x)", true),
            ("n = :one AND NOT n > :one", true), ("n < :one OR n >= :one", true), ("x <> :one", true),
            ("x = :one", false), ("n BETWEEN :zero AND :one", true), ("n IN (:zero, :one)", true), ("n = id", false),
            ("begins_with(id, :a) AND contains(l, :x)", true), ("size(l) = :two", true), ("l[1] = :x", false),
            ("attribute_type(l, :type)", true), ("(n = :zero OR n = :one) AND n <> :zero", true), ("id < :one", false),
        ] as [(String, Bool)]
    )
    func conditions(condition: String, holds: Bool) async throws {
        try await perform(.putItem, Self.put)
        let all = [
            ":one": #"{"N": "1"}"#, ":zero": #"{"N": "0"}"#, ":two": #"{"N": "2"}"#, ":a": #"{"S": "a"}"#,
            ":x": #"{"S": "x"}"#, ":type": #"{"S": "L"}"#,
        ]
        let used = all.filter { condition.contains($0.key) }.map { "\"\($0.key)\": \($0.value)" }
        let request = """
            {\(Self.key), "ConditionExpression": "\(condition)",
              "ExpressionAttributeValues": {\(used.joined(separator: ","))}}
            """
        let expected = holds ? nil : "DynamoDB.ConditionalCheckFailedException"
        #expect(try await failure(.deleteItem, request) == expected)
        #expect(try await item() == nil || !holds)
    }

    @Test("An update sets, counts, appends and removes, and says what it changed")
    func updates() async throws {
        let counted = try await perform(
            .updateItem,
            """
            {\(Self.key), "UpdateExpression": "SET #n = if_not_exists(#n, :zero) + :two, s = :s ADD tags :tags",
             "ExpressionAttributeNames": {"#n": "n"}, "ReturnValues": "UPDATED_NEW", "ExpressionAttributeValues":
             {":zero": {"N": "0"}, ":two": {"N": "0.2"}, ":s": {"S": "new"}, ":tags": {"SS": ["b", "a"]}}}
            """
        )
        #expect(counted["Attributes"] == ["n": ["N": "0.2"], "s": ["S": "new"], "tags": ["SS": ["a", "b"]]])
        try await perform(
            .updateItem,
            """
            {\(Self.key), "UpdateExpression": "set l = list_append(:l, :l), m = :m remove s delete tags :a add n :one",
             "ExpressionAttributeValues": {":l": {"L": [{"N": "1"}, {"N": "2"}]}, ":m": {"M": {"k": {"NULL": true}}},
             ":a": {"SS": ["a", "b"]}, ":one": {"N": "-1"}}}
            """
        )
        let nested = try await perform(
            .updateItem,
            """
            {\(Self.key), "UpdateExpression": "SET m.k = l[3], l[9] = :s REMOVE l[0], l[1]", "ReturnValues": "ALL_NEW",
             "ExpressionAttributeValues": {":s": {"BOOL": false}}}
            """
        )
        #expect(
            nested["Attributes"] == [
                "id": ["S": "a"], "n": ["N": "-0.8"], "m": ["M": ["k": ["N": "2"]]],
                "l": ["L": [["N": "1"], ["N": "2"], ["BOOL": false]]],
            ]
        )
        #expect(try await item() == nested["Attributes"])
    }

    @Test("Parentheses may stand around the values of a SET")
    func parentheses() async throws {
        try await perform(.putItem, Self.put)
        let updated = try await perform(
            .updateItem,
            """
            {\(Self.key), "UpdateExpression": "SET a = ((:three)), b = (:three + :one) - (:one - :three), c = (:l)",
             "ReturnValues": "UPDATED_NEW", "ExpressionAttributeValues":
             {":three": {"N": "3"}, ":one": {"N": "1"}, ":l": {"L": []}}}
            """
        )
        #expect(updated["Attributes"] == ["a": ["N": "3"], "b": ["N": "6"], "c": ["L": []]])
        for broken in ["(:one", ":one)", "()", "(:one + )", "(a) b"] {
            let request = """
                {\(Self.key), "UpdateExpression": "SET a = \(broken)", "ExpressionAttributeValues": {":one": {"N": "1"}}}
                """
            #expect(try await failure(.updateItem, request) == "DynamoDB.AmazonDynamoDBException", "\(broken)")
        }
    }

    @Test(
        "What makes no sense fails, and changes nothing",
        arguments: [
            #""UpdateExpression": "SET id = :v", "ExpressionAttributeValues": {":v": {"S": "b"}}"#,
            #""UpdateExpression": "SET a = :v""#, #""UpdateExpression": "SET a = nothing""#,
            #""UpdateExpression": "SET a.b = n""#, #""UpdateExpression": "SET a = n + id""#,
            #""UpdateExpression": "SET a = n, a = n""#, #""UpdateExpression": "SET a = n REMOVE a.b""#,
            #""UpdateExpression": "SET a = n SET b = n""#, #""UpdateExpression": "WISH a = n""#,
            #""UpdateExpression": "REMOVE a b""#, #""UpdateExpression": "  ""#,
            #""UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {":v": {"S": "b"}}"#,
            #""UpdateExpression": "REMOVE #a""#, #""ConditionExpression": "n = ", "UpdateExpression": "REMOVE a""#,
            #""UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"N": "1x"}}"#,
            #""UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"SS": []}}"#,
            #""UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": "b"}"#,
            #""UpdateExpression": "REMOVE a", "ReturnValues": "SOME""#,
        ]
    )
    func nonsense(members: String) async throws {
        try await perform(.putItem, Self.put)
        #expect(try await failure(.updateItem, "{\(Self.key), \(members)}") == "DynamoDB.AmazonDynamoDBException")
        #expect(try await item() == JSON(parsing: Self.put)["Item"])
    }

    @Test("Texts and names are their bytes: two ways to write one letter are two")
    func bytes() async throws {
        // Composed, and a letter with a mark; Swift takes them for one text.
        let (composed, marked) = ("\u{E9}", "e\u{301}")
        let set = #"{"SS": ["\#(composed)", "\#(marked)"]}"#
        try await perform(.putItem, #"{"Item": {"id": {"S": "\#(composed)"}, "s": \#(set)}}"#)
        #expect(try await item(marked) == nil)
        #expect(try await item(composed)?["s"]?["SS"]?.arrayValue?.count == 2)
        let (same, other) = (#"":v": {"S": "\#(composed)"}"#, #"":v": {"S": "\#(marked)"}"#)
        for (condition, value, holds) in [
            ("id = :v", same, true), ("id = :v", other, false), ("id > :v", other, true),
            ("contains(id, :v)", other, false), ("begins_with(id, :v)", other, false),
            ("contains(s, :v)", other, true), ("id <> :v", other, true),
        ] {
            let request = """
                {"Key": {"id": {"S": "\(composed)"}}, "UpdateExpression": "REMOVE x",
                  "ConditionExpression": "\(condition)", "ExpressionAttributeValues": {\(value)}}
                """
            let expected = holds ? nil : "DynamoDB.ConditionalCheckFailedException"
            #expect(try await failure(.updateItem, request) == expected, "\(condition) \(value)")
        }
    }

    @Test("The size of a text is its units of UTF-16, as the service was seen to count")
    func size() async throws {
        try await perform(.putItem, #"{"Item": {"id": {"S": "a"}, "s": {"S": "é𝄞"}}}"#)
        let request = """
            {\(Self.key), "ConditionExpression": "size(s) = :n", "ExpressionAttributeValues": {":n": {"N": "3"}}}
            """
        #expect(try await failure(.deleteItem, request) == nil)
    }

    private static let invalid = "One or more parameter values were invalid: "
    private static let update = "Invalid UpdateExpression: "

    /// The words of moto's exceptions, and of dynalite's tests where moto has none.
    @Test(
        "What is wrong is said in the service's words",
        arguments: [
            (
                #""UpdateExpression": "SET id = :v", "ExpressionAttributeValues": {":v": {"S": "b"}}"#,
                invalid + "Cannot update attribute id. This attribute is part of the key"
            ),
            (
                #""UpdateExpression": "SET a = :v""#,
                update + "An expression attribute value used in expression is not defined; "
                    + "attribute value: :v"
            ),
            (
                #""UpdateExpression": "SET #a = n""#,
                update + "An expression attribute name used in the document path is not defined; "
                    + "attribute name: #a"
            ),
            (
                #""UpdateExpression": "SET a = nothing""#,
                "The provided expression refers to an attribute that does not exist in the item"
            ),
            (
                #""UpdateExpression": "SET a.b = n""#,
                "The document path provided in the update expression is invalid for update"
            ),
            (
                #""UpdateExpression": "SET a = n + id""#,
                "An operand in the update expression has an incorrect data type"
            ),
            (
                #""UpdateExpression": "SET a.b = n REMOVE a""#,
                update + "Two document paths overlap with each other; must remove or rewrite "
                    + "one of these paths; path one: [a, b], path two: [a]"
            ),
            (
                #""UpdateExpression": "SET a = n SET b = n""#,
                update + "The \"SET\" section can only be used once in an update expression;"
            ),
            (
                #""UpdateExpression": "REMOVE a b""#,
                update + "Syntax error; token: \"b\", near: \"a b\""
            ),
            (
                #""UpdateExpression": "SET a = n )""#,
                update + "Syntax error; token: \")\", near: \"n )\""
            ),
            (#""UpdateExpression": " ""#, update + "The expression can not be empty;"),
            (
                #""UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {":v": {"S": "b"}, ":u": {"S": "b"}}"#,
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u, :v}"
            ),
            (
                ##""UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {"#v": "b"}"##,
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#v}"
            ),
            (
                #""UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"NS": []}}"#,
                invalid + "An number set  may not be empty"
            ),
            (
                #""UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"SS": ["a", "a"]}}"#,
                invalid + "Input collection [a, a] contains duplicates."
            ),
            (
                #""UpdateExpression": "DELETE n :v", "ExpressionAttributeValues": {":v": {"N": "1"}}"#,
                update + "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"
            ),
            (
                #""UpdateExpression": "SET n = n - :v", "ExpressionAttributeValues": {":v": {"M": {}}}"#,
                update + "Incorrect operand type for operator or function; operator or function: -, operand type: M"
            ),
            (
                #""UpdateExpression": "SET l = list_append(l, :v)", "ExpressionAttributeValues": {":v": {"S": "x"}}"#,
                update + "Incorrect operand type for operator or function; operator or function: list_append, "
                    + "operand type: S"
            ),
            (
                #""UpdateExpression": "REMOVE nothing.k""#,
                "The document path provided in the update expression is invalid for update"
            ),
            (
                #""UpdateExpression": "REMOVE n[0]""#,
                "The document path provided in the update expression is invalid for update"
            ),
            (
                #""UpdateExpression": "REMOVE x", "ConditionExpression": "((attribute_exists(id)))""#,
                "Invalid ConditionExpression: The expression has redundant parentheses;"
            ),
            (
                #""UpdateExpression": "ADD n :v", "ExpressionAttributeValues": {":v": {"N": "1e50"}}"#,
                "Number overflow. Attempting to store a number with magnitude larger than supported range"
            ),
        ] as [(String, String)]
    )
    func words(members: String, expected: String) async throws {
        try await perform(.putItem, Self.put)
        let failure = await #expect(throws: TaskFailure.self) {
            try await perform(.updateItem, "{\(Self.key), \(members)}")
        }
        #expect(failure?.cause == expected)
    }

    @Test("Errors have the names of the integration, and what is not done is refused")
    func errors() async throws {
        let missing = "{\(Self.key), \"ConditionExpression\": \"attribute_exists(id)\"}"
        #expect(try await failure(.deleteItem, missing) == "DynamoDB.ConditionalCheckFailedException")
        let sdk = try await failure(.deleteItem, missing, service: "aws-sdk:dynamodb")
        #expect(sdk == "DynamoDb.ConditionalCheckFailedException")
        #expect(try await failure(.getItem, "{\(Self.key)}", table: "x") == "DynamoDB.ResourceNotFoundException")
        let projected = "{\(Self.key), \"ProjectionExpression\": \"n\"}"
        #expect(try await failure(.getItem, projected) == "Ingot.UnsupportedParameter")
        let deep = String(repeating: "(", count: 3000)
        let nested = "{\(Self.key), \"ConditionExpression\": \"\(deep)\"}"
        #expect(try await failure(.deleteItem, nested) == "DynamoDB.AmazonDynamoDBException")
    }
}
