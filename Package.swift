// swift-tools-version: 6.2

import PackageDescription

// Every target of ours: complete concurrency checking, explicit imports, and warnings that fail the build.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .treatWarning("ExplicitSendable", as: .error),
]

// `make setup` puts libduckdb and its extensions here (see Scripts/setup).
let native = "\(Context.packageDirectory)/.native"

let package = Package(
    name: "ingot",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ingot", targets: ["ingot"])

    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // DuckDB: C declarations, and the safe wrapper that holds the project's only unsafe code.
        .target(
            name: "CDuckDB",
            linkerSettings: [
                .unsafeFlags([
                    "-L\(native)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(native)/lib",
                    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib",
                ]),
                .linkedLibrary("duckdb"),
            ]
        ),
        .target(name: "DuckDB", dependencies: ["CDuckDB"], swiftSettings: strict + [.strictMemorySafety()]),

        // Iceberg and what it stands on.
        .systemLibrary(name: "CZlib"),
        .target(name: "JSONTree", swiftSettings: strict),
        .target(name: "Iceberg", dependencies: ["CZlib", "JSONTree"], swiftSettings: strict),

        // The language of workflows, and that of their expressions.
        .target(name: "JSONata", dependencies: ["JSONTree"], swiftSettings: strict),
        .target(name: "StatesLanguage", dependencies: ["JSONata", "JSONTree"], swiftSettings: strict),

        // Ingot itself.
        .target(name: "DelimitedText", dependencies: ["CZlib"], swiftSettings: strict),
        .target(name: "IngotCore", swiftSettings: strict),
        .target(
            name: "IngotProject",
            dependencies: ["IngotCore", "JSONTree", "StatesLanguage", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "IngotEngine",
            dependencies: [
                "DelimitedText", "DuckDB", "Iceberg", "IngotCore", "IngotProject", "JSONTree", "StatesLanguage",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CLinuxFiles"),
        .target(
            name: "IngotLocal",
            dependencies: [
                "DelimitedText", "DuckDB", "IngotCore", "IngotEngine", "IngotProject", "JSONTree", "StatesLanguage",
                .target(name: "CLinuxFiles", condition: .when(platforms: [.linux])),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "IngotServer",
            dependencies: [
                "Iceberg", "JSONTree",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "IngotCommands",
            dependencies: [
                "DuckDB", "Iceberg", "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "IngotServer",
                "JSONTree", "JSONata", "StatesLanguage",
                .target(name: "CLinuxFiles", condition: .when(platforms: [.linux])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "ingot", dependencies: ["IngotCommands"], swiftSettings: strict),

        .executableTarget(
            name: "ArrivalsBenchmark",
            dependencies: ["IngotEngine", "IngotLocal", "IngotProject"],
            path: "Benchmarks/Arrivals",
            swiftSettings: strict
        ),

        .executableTarget(
            name: "WorkflowsBenchmark",
            dependencies: [
                "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "JSONTree", "JSONata", "StatesLanguage",
            ],
            path: "Benchmarks/Workflows",
            swiftSettings: strict
        ),

        // A program that tests kill at operations of its store.
        .executableTarget(
            name: "KilledExecution",
            dependencies: ["IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "IngotTesting", "JSONTree"],
            path: "Tests/Programs/KilledExecution",
            swiftSettings: strict
        ),

        // Suites and tests.
        .target(
            name: "IngotTesting",
            dependencies: ["IngotCore", "IngotEngine", "JSONTree", "StatesLanguage"],
            swiftSettings: strict
        ),
        .testTarget(name: "DuckDBTests", dependencies: ["DuckDB"], swiftSettings: strict),
        .testTarget(
            name: "StatesLanguageTests",
            dependencies: ["JSONTree", "JSONata", "StatesLanguage"],
            swiftSettings: strict
        ),
        .testTarget(name: "JSONTreeTests", dependencies: ["JSONTree"], swiftSettings: strict),
        .testTarget(name: "JSONataTests", dependencies: ["JSONata", "JSONTree"], swiftSettings: strict),
        .testTarget(
            name: "IcebergTests",
            dependencies: ["Iceberg", "JSONTree"],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DelimitedTextTests",
            dependencies: ["DelimitedText"],
            exclude: ["Recorded"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngotProjectTests",
            dependencies: [
                "IngotCore", "IngotProject", "JSONTree", "StatesLanguage", .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(name: "IngotCoreTests", dependencies: ["IngotCore", "IngotTesting"], swiftSettings: strict),
        .testTarget(
            name: "IngotLocalTests",
            dependencies: [
                "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "IngotTesting", "JSONTree", "StatesLanguage",
                .product(name: "GRDB", package: "GRDB.swift"),
                .target(name: "CLinuxFiles", condition: .when(platforms: [.linux])),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngotServerTests",
            dependencies: [
                "DuckDB", "Iceberg", "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "IngotServer",
                "JSONTree",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngotEngineTests",
            dependencies: [
                "DuckDB", "Iceberg", "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "IngotTesting",
                "JSONTree", "StatesLanguage",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ExampleTests",
            dependencies: ["DuckDB", "IngotCore", "IngotEngine", "IngotLocal", "IngotProject", "JSONTree"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngotCommandsTests",
            dependencies: [
                "ingot", "KilledExecution", "DuckDB", "IngotCommands", "IngotCore", "IngotEngine", "IngotLocal",
                "IngotProject", "JSONTree", "StatesLanguage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Golden", "Faults"],
            swiftSettings: strict
        ),
    ]
)
