import Foundation
import IngotCore
import IngotProject

/// Where a database of a connection is, with the values of variables and secrets.
enum ServingAddress: Sendable {
    case file(String)
    case server(ServingServer)
}

/// A database on a server.
struct ServingServer: Sendable {
    /// Parameters that say nothing of the place.
    struct Option: Sendable {
        var name: String
        var value: String
    }

    var host: String
    var port: Int?
    var database: String
    var user: String?
    var password: Secret?
    /// Parameters of the URL, such as `sslmode`.
    var options: [Option] = []
}

extension ServingAddress {
    /// Finds out where a connection leads.
    ///
    /// - Throws: `IngotError`: what resolving throws; `invalidValue` where the address is none.
    init(_ connection: Connection, resolver: TemplateResolver, directory: String) async throws {
        switch connection.address {
        case .file(let path): self = .file(try resolver.path(of: path, in: directory))
        case .url(let url):
            let text = try await resolver.secret(of: url).reveal()
            guard let server = ServingServer(url: text) else {
                throw Self.invalid("the address of the connection \(connection.name)", at: url.location)
            }
            self = .server(server)
        case .server(let host, let port, let database, let user, let password):
            func text(_ template: Template?) async throws -> String? {
                guard let template else { return nil }
                return try await resolver.secret(of: template).reveal()
            }
            let number = try await text(port).map { text in
                guard let number = Int(text), (1...65_535).contains(number) else {
                    throw Self.invalid("the port of the connection \(connection.name)", at: connection.name.location)
                }
                return number
            }
            self = .server(
                ServingServer(
                    host: try await text(host) ?? "",
                    port: number,
                    database: try await text(database) ?? "",
                    user: try await text(user),
                    password: try await text(password).map { Secret($0) }
                )
            )
        }
    }

    /// The value itself may hold a password.
    private static func invalid(_ what: String, at location: SourceLocation) -> IngotError {
        IngotError(
            .invalidValue,
            "\(what) cannot be understood",
            at: location,
            hint: "postgres://user:${secret:name}@host:5432/database; other characters than letters and digits as %40"
        )
    }
}

extension ServingServer {
    /// Reads `scheme://user:password@host:port/database?name=value`.
    init?(url: String) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            ["postgres", "postgresql", "mysql", "mariadb"].contains(parts.scheme ?? "")
        else { return nil }
        let database = parts.path.split(separator: "/")
        let all = (parts.queryItems ?? []).map { Option(name: $0.name, value: $0.value ?? "") }
        // What is attached by parameters may show them.
        let password = parts.password ?? all.first { $0.name == "password" }?.value
        let options = all.filter { $0.name != "password" }
        guard database.count == 1, options.allSatisfy({ $0.name.wholeMatch(of: /[a-z_]+/) != nil }) else {
            return nil
        }
        self.init(
            // An address of IPv6 stands in brackets.
            host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host,
            port: parts.port,
            database: String(database[0]),
            user: parts.user,
            password: password.map { Secret($0) },
            options: options
        )
    }
}
