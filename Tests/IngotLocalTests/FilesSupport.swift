import Foundation
import IngotCore
import Synchronization
import Testing

/// Runs work with a new folder, and removes the folder.
func withTemporaryFolder<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ingot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await work(folder.path)
}

/// Expects a call to fail with an error of the kind.
func expect(
    _ kind: ObjectStoreError.Kind,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ call: () async throws -> some Any
) async {
    do {
        let value = try await call()
        Issue.record("no error but \(value); expected: \(kind)", sourceLocation: sourceLocation)
    } catch let error as ObjectStoreError {
        #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) is no ObjectStoreError", sourceLocation: sourceLocation)
    }
}

/// A value that several tasks share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    func withLock<Result: Sendable>(_ body: @Sendable (inout Value) throws -> Result) rethrows -> Result {
        try value.withLock { value in try body(&value) }
    }
}
