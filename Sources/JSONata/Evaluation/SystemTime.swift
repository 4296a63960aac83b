import Foundation

/// The system's clock, for callers that do not say what time it is.
enum SystemTime {
    static var milliseconds: Int64 {
        Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
    }
}
