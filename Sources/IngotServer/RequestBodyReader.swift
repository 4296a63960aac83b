import Hummingbird
import Iceberg
import NIOCore

/// Reads bodies within limits of size and time.
struct RequestBodyReader: Sendable {
    /// What came of it.
    enum Outcome: Sendable {
        case bytes([UInt8])
        case refused(CatalogResponse)
    }

    private let limits: CatalogServerConfiguration.Limits

    init(_ limits: CatalogServerConfiguration.Limits) {
        self.limits = limits
    }

    /// Reads the body of a request.
    func read(_ request: Request) async -> Outcome {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bodySizeMax {
            return tooLarge
        }
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await collect(request.body) }
            group.addTask {
                try? await Task.sleep(for: limits.bodyTimeMax)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .refused(.error(408, type: "RequestTimeoutException", "The body did not arrive in time"))
        }
    }

    private func collect(_ body: RequestBody) async -> Outcome {
        do {
            return .bytes(Array(buffer: try await body.collect(upTo: limits.bodySizeMax)))
        } catch is NIOTooManyBytesError {
            return tooLarge
        } catch {
            return .refused(.error(400, type: "BadRequestException", "The body did not arrive whole"))
        }
    }

    private var tooLarge: Outcome {
        .refused(
            .error(413, type: "RequestTooLargeException", "A body has at most \(limits.bodySizeMax) bytes")
        )
    }
}
