import IngotCore

extension MessageQueue {
    /// When the last dead letter of each group died, in nanoseconds since 1970 UTC.
    func lastDeaths(in queue: String) async throws -> [String: Int64] {
        let pageSize = 1_000
        var died: [String: Int64] = [:]
        var last: Int64?
        while true {
            let page = try await deadLetters(of: queue, after: last, limit: pageSize)
            for letter in page { died[letter.group] = max(letter.died, died[letter.group] ?? .min) }
            guard let end = page.last, page.count == pageSize else { return died }
            last = end.id
        }
    }
}
