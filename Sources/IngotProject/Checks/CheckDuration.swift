import IngotCore

extension ValueType where Value == Duration {
    /// A duration of a check: whole seconds, at least one and at most those of a hundred years.
    static let ofCheck = duration.boundedForChecks(from: .seconds(1))

    /// The same durations, each refused that is not whole seconds between a least one and a hundred years.
    func boundedForChecks(from least: Duration) -> ValueType {
        let years = 100
        let most = Duration.seconds(years * 31_557_600)
        return checked { duration, node, reading -> Duration? in
            guard duration.components.attoseconds == 0, duration >= least, duration <= most else {
                let seconds = least == .zero ? "whole seconds" : "whole seconds, at least one"
                reading.error(
                    .invalidValue,
                    "\(node.summary) is no duration of a check: \(seconds), and at most \(years) years",
                    at: node.location
                )
                return nil
            }
            return duration
        }
    }
}
