import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What a service answers under a path.
func get(_ path: String, at address: URL) async throws -> (status: UInt, text: String) {
    let request = HTTPClientRequest(url: address.appending(path: path).absoluteString)
    let response = try await HTTPClient.shared.execute(request, timeout: .minutes(10))
    let body = try await response.body.collect(upTo: 1 << 20)
    return (response.status.code, String(buffer: body))
}

/// How long a service says that its answer under a path would be.
func announcedLength(_ path: String, at address: URL) async throws -> Int? {
    var request = HTTPClientRequest(url: address.appending(path: path).absoluteString)
    request.method = .HEAD
    let response = try await HTTPClient.shared.execute(request, timeout: .minutes(10))
    return response.headers.first(name: "Content-Length").flatMap { Int($0) }
}
