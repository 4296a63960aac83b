import Foundation
import IngotCore
import IngotEngine
import Synchronization
import Testing

@Suite("Ends of services", .timeLimit(.minutes(30)))
struct DrainTests {
    @Test("A service that is asked to end while a batch is committed computes what the batch concerns")
    func goldOfTheLastBatch() async throws {
        let project = try GoldProject([
            "pipelines/orders.yml": GoldProject.orders, "models/gold/daily.sql": IntervalModelTests.daily,
            "landing/orders/1.csv": "id,at,country,amount\n1,2026-01-01 10:00:00,DE,1.50\n",
        ])
        let engine = try project.engine()
        let stop = StopSignal()
        let events = Mutex<[String]>([])
        let service = IngestService(engine, pipelines: ["orders"], models: ["daily"]) { event in
            switch event {
            case .committed:
                stop.set()
                events.withLock { $0.append("committed") }
            case .computed: events.withLock { $0.append("computed") }
            case .stopped: events.withLock { $0.append("stopped") }
            case .failed(let work, let error): Issue.record("\(work): \(error)")
            default: break
            }
        }
        await service.run(until: stop)
        await engine.close()
        #expect(events.withLock { $0 }.suffix(3) == ["committed", "computed", "stopped"])
        #expect(try await project.query("SELECT total FROM gold.daily") == [["1.50"]])
    }
}
