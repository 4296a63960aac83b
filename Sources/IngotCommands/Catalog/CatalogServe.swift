import ArgumentParser
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import IngotServer
import Logging

/// The verbs of the catalog.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "The project's tables for other engines.",
        subcommands: [CatalogServe.self]
    )
}

/// `ingot catalog serve`.
struct CatalogServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the project's tables as an Iceberg REST catalog.",
        discussion: """
            Prints the URI that clients connect to, and serves until it is stopped with Ctrl-C or SIGTERM; requests \
            that are under way are answered first.

            Only this machine can connect, and without a token every program on it may read and write. With --host \
            other machines can, and then there must be a token. Tokens are better given in the environment, as \
            INGOT_CATALOG_TOKEN and INGOT_CATALOG_READ_ONLY_TOKEN, where other users of the machine do not see them.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("The port; 0 for any that is free.", valueName: "number"))
    var port = 8181

    @Option(name: .long, help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(name: .long, help: ArgumentHelp("The token for reading and writing.", valueName: "token"))
    var token: String?

    @Option(name: .long, help: ArgumentHelp("The token for reading only.", valueName: "token"))
    var readOnlyToken: String?

    func validate() throws {
        do {
            _ = try configuration()
        } catch let error as CatalogServerError {
            let hint = error.code == .tokenRequired ? "; give --token or leave out --host" : ""
            throw ValidationError(error.message + hint)
        }
    }

    func run() async throws {
        ProcessMemory.keepSmall()
        let console = options.console
        let configuration = try configuration()
        var logger = Logger(label: "ingot.catalog", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = options.verbose ? .info : .notice
        try await options.withEngine(for: .working) { [logger] local, project in
            let engine = local.engine
            let server = CatalogServer(
                engine.catalogService(),
                configuration: configuration,
                logger: logger
            ) { uri in
                console.message("Serving the tables of \(project.configuration.name.value). Stop with Ctrl-C.")
                try? console.print(uri)
            }
            do {
                try await server.runUntilCancelled { try await engine.collectGarbage() }
            } catch let error as CatalogServerError {
                throw error.ingotError
            }
        }
    }

    private func configuration() throws -> CatalogServerConfiguration {
        let variables = ProcessInfo.processInfo.environment
        let access = AccessPolicy(
            token: try Self.token(token, "--token", variables["INGOT_CATALOG_TOKEN"], "INGOT_CATALOG_TOKEN"),
            readOnlyToken: try Self.token(
                readOnlyToken,
                "--read-only-token",
                variables["INGOT_CATALOG_READ_ONLY_TOKEN"],
                "INGOT_CATALOG_READ_ONLY_TOKEN"
            )
        )
        return try CatalogServerConfiguration(host: host, port: port, access: access)
    }

    /// A token as an option gives it or else a variable; the message of one that is none does not show it.
    private static func token(
        _ option: String?,
        _ optionName: String,
        _ variable: String?,
        _ variableName: String
    ) throws -> AccessToken? {
        guard let text = option ?? variable.flatMap({ $0.isEmpty ? nil : $0 }) else { return nil }
        guard let token = AccessToken(text) else {
            let name = option == nil ? variableName : optionName
            throw ValidationError(
                "\(name) has \(AccessToken.lengthMin) to \(AccessToken.lengthMax) visible ASCII characters without spaces"
            )
        }
        return token
    }
}
