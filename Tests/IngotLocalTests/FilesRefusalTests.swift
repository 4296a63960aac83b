import Foundation
import IngotCore
import IngotLocal
import Testing

#if os(Linux)
import CLinuxFiles
#endif

/// What the system refuses.
///
/// Both tests need a superuser on Linux, who can take rights away and mount a small disk.
@Suite(.serialized) struct FilesRefusalTests {
    #if os(Linux)
    private static let isSuperuser = geteuid() == 0
    #else
    private static let isSuperuser = false
    #endif

    @Test(.enabled(if: isSuperuser, "needs a superuser on Linux to become another user for one thread"))
    func `A folder or file without permission is an error that names it, and the others are read`() async throws {
        try await withTemporaryFolder { folder in
            let files = FileManager.default
            let owner = FileObjectStore(root: folder)
            for key in ["closed/a", "open/b", "open/secret"] { try await owner.put([1], at: ObjectKey(key)) }
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder + "/closed")
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/open/secret")
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/open")
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            let pool = BlockingPool(name: "nobody", threads: 1)
            #if os(Linux)
            // The rights of one thread only; it is the pool's only one, and ends with it.
            try await pool.run { _ in _ = setfsuid(65_534) }
            #endif
            let store = FileObjectStore(root: folder, durability: .onReturn, pageSize: 10, pool: pool)

            let listed = try await store.list().collect()
            #expect(listed.objects.map(\.key.path) == ["open/b", "open/secret"])
            #expect(listed.problems.map(\.kind) == [.permissionDenied])
            #expect(listed.problems.first?.place == folder + "/closed/")
            #expect(listed.problems.first?.ingotError.description.contains("closed") == true)
            await expect(.permissionDenied) { try await store.get(ObjectKey("open/secret")) }
            await expect(.permissionDenied) { try await store.get(ObjectKey("closed/a")) }
            await expect(.permissionDenied) { try await store.put([1], at: ObjectKey("open/new")) }
            await expect(.permissionDenied) { try await store.put([1], at: ObjectKey("new/new")) }
            await expect(.permissionDenied) { try await store.delete(ObjectKey("open/b")) }
            await expect(.permissionDenied) { try await store.list(ObjectKey("closed")).collect() }
            await expect(.permissionDenied) { try await ContentHasher(pool: pool).hash(folder + "/open/secret") }
        }
    }

    @Test(.enabled(if: isSuperuser, "needs a superuser on Linux to mount a small disk"))
    func `A full disk is an error of its own, and what was there stays`() async throws {
        try await withTemporaryFolder { folder in
            guard try run("/bin/mount", "-t", "tmpfs", "-o", "size=2m", "none", folder) else {
                Issue.record("mount is not allowed here, so the full disk is not tested", severity: .warning)
                return
            }
            defer { _ = try? run("/bin/umount", folder) }
            let store = FileObjectStore(root: folder)
            let key = try ObjectKey("object")
            let old = [UInt8](repeating: 1, count: 500_000)
            try await store.put(old, at: key)
            await expect(.noSpace) { try await store.put([UInt8](repeating: 2, count: 3_000_000), at: key) }
            let chunks = (0..<10).map { [UInt8](repeating: $0, count: 300_000) }
            await expect(.noSpace) {
                let body = ObjectBody(size: nil) {
                    var rest = chunks[...]
                    return { rest.popFirst() }
                }
                return try await store.put(body, at: key, if: .always)
            }
            try await withTemporaryFolder { outside in
                try Data(count: 3_000_000).write(to: URL(filePath: outside + "/large"))
                await expect(.noSpace) {
                    try await ContentHasher().copyExactBytes(from: outside + "/large", to: folder + "/object")
                }
            }
            #expect(try await store.bytes(of: key) == old)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["object"])
            try await store.put([UInt8](repeating: 3, count: 1_000_000), at: key)
        }
    }

    private func run(_ program: String, _ arguments: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
