import Foundation
import Testing

/// The service as its users run it: real processes, killed and stopped, on a project with bad input.
@Suite("Services", .timeLimit(.minutes(30)))
struct ServeTests {
    /// Waits until nothing of a pipeline waits and so many objects are loaded.
    private static func wait(for count: Int, in project: TemporaryProject) throws {
        let sql = "SELECT count(DISTINCT _source_file) AS n FROM silver.sales"
        try waitFor("the last of \(count) objects") {
            try project.program.run("query", sql, "--output", "csv").output == "n\n\(count)\n"
        }
    }

    @Test func `Services that are killed at any moment lose nothing and double nothing`() throws {
        let calm = try TemporaryProject(SalesProject.files)
        let count = 120
        for number in 0..<count { try calm.write(SalesProject.object(number), to: "landing/\(1000 + number).csv") }
        #expect(try calm.program.run("run", "-s", "sales", "-s", "daily").status == 0)

        let project = try TemporaryProject(SalesProject.files)
        var written = 0
        var random = SystemRandomNumberGenerator()
        for round in 0..<24 {
            // Two at once in every third round.
            let services = try (0..<(round % 3 == 0 ? 2 : 1)).map { _ in
                try project.program.start("serve", "--port", "0")
            }
            for _ in 0..<5 {
                try project.write(SalesProject.object(written), to: "landing/\(1000 + written).csv")
                written += 1
                usleep(UInt32.random(in: 0..<150_000, using: &random))
            }
            for service in services {
                usleep(UInt32.random(in: 0..<700_000, using: &random))
                kill(service.process.processIdentifier, SIGKILL)
                _ = try service.finish()
            }
        }
        let last = try project.program.start("serve", "--port", "0")
        try Self.wait(for: count, in: project)
        last.process.terminate()
        #expect(try last.finish().status == 0)
        #expect(try project.program.run("run", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == SalesProject.contents(of: calm))
        let left = try project.program.run("dlq", "--output", "json")
        #expect(left.output.trimmingCharacters(in: .whitespacesAndNewlines) == "[]")
    }

    @Test func `Gold follows what commands change beside a service, and models that failed are computed later`()
        throws
    {
        let project = try TemporaryProject(SalesProject.files)
        try project.write(SalesProject.object(1), to: "landing/1.csv")
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        func sales(_ count: Int, _ what: String) throws {
            let sql = "SELECT coalesce(sum(sales), 0) AS n FROM gold.daily"
            try waitFor("gold after \(what)") {
                try project.program.run("query", sql, "--output", "csv").output == "n\n\(count)\n"
            }
        }
        // One has models only, the other pipelines, too.
        for work in [["-s", "daily"], ["-s", "sales", "-s", "daily"]] {
            let service = try project.program.start(["serve", "--port", "0"] + work)
            try sales(2, "the start")
            #expect(try project.program.run("objects", "undo", "1.csv").status == 0)
            try sales(0, "an undo")
            #expect(try project.program.run("replay", "--object", "1.csv").status == 0)
            #expect(try project.program.run("run", "-s", "sales").status == 0)
            try sales(2, "a run")
            let data = "\(project.folder)/lake/gold/daily/data"
            try FileManager.default.moveItem(atPath: data, toPath: data + ".away")
            try Data().write(to: URL(fileURLWithPath: data))
            #expect(try project.program.run("objects", "undo", "1.csv").status == 0)
            sleep(4)
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.moveItem(atPath: data + ".away", toPath: data)
            try sales(0, "the end of a fault")
            #expect(try project.program.run("replay", "--object", "1.csv").status == 0)
            #expect(try project.program.run("run", "-s", "sales").status == 0)
            service.process.terminate()
            let ended = try service.finish()
            #expect(ended.status == 0 && ended.messages.contains("model_failed"), "\(ended.messages)")
            #expect(try project.program.run("run", "-s", "daily").status == 0)
        }
    }

    @Test func `An object that the contract refuses is a dead letter, which can be tried again`() throws {
        let project = try TemporaryProject(SalesProject.files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        try project.write("id\n1\n", to: "strict/good.csv")
        let service = try project.program.start("serve", "-s", "strict", "--port", "0", "--log-format", "json")
        var letters = ""
        try waitFor("the dead letter") {
            letters = try project.program.run("dlq", "list", "-s", "strict", "--output", "csv").output
            return letters.contains("bad.csv")
        }
        #expect(!letters.contains("good.csv"))
        let redriven = try project.program.run("dlq", "redrive", "--all")
        #expect(redriven.status == 0 && redriven.messages.contains("1 arrival waits again"))
        try project.write("id\n2\n", to: "strict/bad.csv")
        let rows = "SELECT id FROM silver.strict ORDER BY 1"
        try waitFor("the corrected file") {
            try project.program.run("query", rows, "--output", "csv").output == "id\n1\n2\n"
        }
        letters = try project.program.run("dlq", "list", "-s", "strict", "--output", "csv").output
        #expect(!letters.contains("bad.csv"), "nothing is left to be tried again")
        service.process.terminate()
        let outcome = try service.finish()
        #expect(outcome.messages.contains(#""event":"dead_letter""#))
        #expect(outcome.messages.contains(#""event":"stopped""#))
        #expect(try project.program.run("dlq", "redrive", "77").status == 2)
    }

    @Test func `A file that takes a dead one's place is taken in, also where it is older and no event tells`() throws {
        let project = try TemporaryProject(SalesProject.files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        func serve(until query: String, _ arguments: [String], shows wanted: String) throws {
            let service = try project.program.start("serve", "-s", "strict", "--port", "0")
            try waitFor("\(wanted) by \(query)") {
                try project.program.run(list: arguments).output.contains(wanted)
            }
            service.process.terminate()
            #expect(try service.finish().status == 0)
        }
        try serve(until: "it is dead", ["dlq", "list", "-s", "strict", "--output", "csv"], shows: "bad.csv")
        // Nobody watches while an older file gets the name.
        try project.write("id\n7\n", to: "kept/good.csv")
        let kept = project.folder + "/kept/good.csv"
        let time = Date(timeIntervalSince1970: 1_500_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: kept)
        #expect(rename(kept, project.folder + "/strict/bad.csv") == 0)
        let rows = ["query", "SELECT id FROM silver.strict", "--output", "csv"]
        try serve(until: "the older file is loaded", rows, shows: "7")
    }

    @Test func `A file that died stays dead as it is, however often it is listed`() throws {
        var files = SalesProject.files
        files["ingot.yml"] = "name: accounts\nsettings: {backfill_interval: 100 ms}\n"
        let project = try TemporaryProject(files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        let service = try project.program.start("serve", "-s", "strict", "--port", "0", "--log-format", "json")
        sleep(4)
        service.process.terminate()
        let log = try service.finish().messages
        #expect(log.split(separator: "\n").count { $0.contains(#""event":"dead_letter""#) } == 1, "\(log)")
    }

    @Test func `A service tells its health and its figures, and a port that is taken is an error`() async throws {
        let project = try TemporaryProject(SalesProject.files)
        try project.write(SalesProject.object(1), to: "landing/1.csv")
        let service = try project.program.start("serve", "--port", "0")
        try Self.wait(for: 1, in: project)
        let address = try #require(URL(string: service.output.trimmingCharacters(in: .newlines)))
        #expect(try await get("health", at: address).text == "ok\n")
        #expect(try await get("ready", at: address).status == 200)
        #expect(try await announcedLength("health", at: address) == 3)
        #expect(try await get("other", at: address).status == 404)
        let figures = try await get("metrics", at: address).text
        #expect(figures.contains("ingot_objects_total{pipeline=\"sales\",state=\"loaded\"} 1\n"))
        #expect(figures.contains("ingot_rows_total{pipeline=\"sales\",kind=\"quarantined\"} 1\n"))
        #expect(figures.contains("ingot_lag_seconds_count{pipeline=\"sales\"} 1\n"))
        let port = try #require(address.port)
        let second = try project.program.run("serve", "--port", "\(port)")
        #expect(second.status == 1 && second.messages.contains("cannot listen"))
        let nowhere = try project.program.run("serve", "--host", "nowhere.invalid", "--port", "0")
        #expect(nowhere.messages.contains("ING0702") && nowhere.messages.contains("cannot listen"))
        service.process.terminate()
        #expect(try service.finish().status == 0)
    }
}
