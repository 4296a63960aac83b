import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A real database server that a test process starts for itself, on a free port, and ends with itself.
final class ServingServerProcess: Sendable {
    static let user = "loader"
    /// One that would show in an address, in SQL and in a shell.
    static let password = "s3cr'et \"pass\\word"
    static let database = "shop"

    let port: Int

    private init(port: Int) { self.port = port }

    /// PostgreSQL; `nil` where it is not installed.
    static let postgres = started("PostgreSQL") { folder, port in
        guard let initialise = find("initdb"), let serve = find("postgres") else { return nil }
        let secret = "\(folder)/password"
        try password.write(toFile: secret, atomically: true, encoding: .utf8)
        try give(secret)
        let access = ["-A", "scram-sha-256", "--pwfile", secret]
        try run([initialise, "-D", "\(folder)/data", "-U", user, "-E", "UTF8"] + access)
        return [
            serve, "-D", "\(folder)/data", "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c",
            "unix_socket_directories=\(folder)",
        ]
    }

    /// MariaDB; `nil` where it is not installed.
    static let mariadb = started("MariaDB") { folder, port in
        guard let initialise = find("mariadb-install-db"), let serve = find("mariadbd"),
            find("my_print_defaults") != nil
        else { return nil }
        let quoted = password.replacing("\\", with: "\\\\").replacing("'", with: "''")
        let sql = """
            CREATE DATABASE IF NOT EXISTS \(database);
            CREATE USER IF NOT EXISTS '\(user)'@'%' IDENTIFIED BY '\(quoted)';
            GRANT ALL ON *.* TO '\(user)'@'%';
            """
        try sql.write(toFile: "\(folder)/init.sql", atomically: true, encoding: .utf8)
        try give("\(folder)/init.sql")
        let account = account.map { ["--user=\($0.name)"] } ?? []
        try run(
            [initialise, "--no-defaults", "--datadir=\(folder)/data", "--auth-root-authentication-method=normal"]
                + ["--skip-test-db"] + account
        )
        return [
            serve, "--no-defaults", "--datadir=\(folder)/data", "--port=\(port)", "--bind-address=127.0.0.1",
            "--socket=\(folder)/s", "--init-file=\(folder)/init.sql",
        ]
    }

    // MARK: Processes

    /// The processes and folders to remove in the end.
    private static let running = Mutex<[(process: Int32, folder: String)]>([])

    private static func started(
        _ name: String,
        _ prepare: (_ folder: String, _ port: Int) throws -> [String]?
    ) -> ServingServerProcess? {
        // A short path: that of a socket has a limit.
        let folder = "/tmp/ingot-\(UUID().uuidString.prefix(8))"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try give(folder)
            let port = try freePort()
            guard let command = try prepare(folder, port) else {
                try? FileManager.default.removeItem(atPath: folder)
                return nil
            }
            let process = try start(command)
            running.withLock { running in
                if running.isEmpty { atexit { ServingServerProcess.end() } }
                running.append((process.processIdentifier, folder))
            }
            waitFor(name) { answers(port) || !process.isRunning }
            precondition(answers(port), "\(name) did not start in \(folder)")
            return ServingServerProcess(port: port)
        } catch {
            fatalError("\(name) cannot be started: \(error)")
        }
    }

    private static func end() {
        running.withLock { running in
            for (process, folder) in running {
                kill(process, SIGKILL)
                waitpid(process, nil, 0)
                try? FileManager.default.removeItem(atPath: folder)
            }
        }
    }

    /// Who serves where this process is root, which servers refuse to be.
    private static let account: (name: String, id: UInt32, group: UInt32)? = {
        guard geteuid() == 0, let entry = getpwnam("nobody") else { return nil }
        return ("nobody", entry.pointee.pw_uid, entry.pointee.pw_gid)
    }()

    private static func give(_ path: String) throws {
        guard let account else { return }
        try FileManager.default.setAttributes(
            [.ownerAccountID: account.id, .groupOwnerAccountID: account.group],
            ofItemAtPath: path
        )
    }

    private static func process(_ command: [String]) -> Process {
        let words = account.map { account in
            ["/usr/bin/setpriv", "--reuid=\(account.id)", "--regid=\(account.group)", "--clear-groups"] + command
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: (words ?? command)[0])
        process.arguments = Array((words ?? command).dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    private static func run(_ command: [String]) throws {
        let process = process(command)
        try process.run()
        process.waitUntilExit()
        precondition(process.terminationStatus == 0, "\(command[0]) ended with \(process.terminationStatus)")
    }

    private static func start(_ command: [String]) throws -> Process {
        let process = process(command)
        try process.run()
        return process
    }

    /// A program of the path, or of the places where distributions put servers.
    private static func find(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders = path + ["/usr/sbin"] + versions.sorted().reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    // MARK: Ports

    private static func withSocket<R>(_ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        #if canImport(Darwin)
        let socket = socket(AF_INET, SOCK_STREAM, 0)
        #else
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(socket, $0, size) }
        }
    }

    private static func answers(_ port: Int) -> Bool {
        withSocket(port) { connect($0, $1, $2) == 0 }
    }

    private static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<32_000)
            if withSocket(port, { bind($0, $1, $2) == 0 }) { return port }
        }
        throw CocoaError(.featureUnsupported)
    }
}
