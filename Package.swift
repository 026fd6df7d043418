// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "baton",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "baton", targets: ["baton"]),
        .library(name: "LuaVM", targets: ["LuaVM"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .target(name: "CEditShim", dependencies: ["CEdit"]),
        .target(name: "CAllocator"),
        .target(name: "LineEditor", dependencies: ["CEditShim"]),
        .target(name: "CLuaShim", dependencies: ["CLua"], cSettings: [.headerSearchPath(".")]),
        .target(name: "Escaping"),
        .target(name: "JSON"),
        .target(name: "LuaSyntax"),
        .target(
            name: "LuaVM",
            dependencies: ["CLuaShim", "JSON"],
            resources: [
                .embedInCode("Resources/require.lua"),
                .embedInCode("Resources/sandbox.lua"), .embedInCode("Resources/sort.lua"),
            ]
        ),
        .target(
            name: "DataStudio",
            dependencies: [
                "Escaping", "JSON", .product(name: "HTTPTypes", package: "swift-http-types"),
                "Yams",
            ],
            resources: [.embedInCode("Resources/default-api.yaml")]
        ),
        .target(
            name: "Orchestration",
            dependencies: [
                "Escaping", "JSON", "LuaSyntax", "LuaVM", "DataStudio",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            resources: [
                .embedInCode("Resources/prelude.lua"), .embedInCode("Resources/time.lua"),
                .embedInCode("Resources/date.lua"),
            ]
        ),
        .target(
            name: "Journal",
            dependencies: [
                "Escaping", "JSON", "DataStudio", "Orchestration",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .target(
            name: "SimulatedStudio",
            dependencies: [
                "JSON", "DataStudio", .product(name: "HTTPTypes", package: "swift-http-types"), "Yams",
            ]
        ),
        .target(
            name: "Rehearsal",
            dependencies: [
                "JSON", "DataStudio", "Orchestration", "SimulatedStudio",
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .target(
            name: "BatonHost",
            dependencies: [
                "Escaping", "JSON", "LuaVM", "Orchestration", "DataStudio", "Journal",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                "Yams",
            ]
        ),
        .target(
            name: "StudioServer",
            dependencies: [
                "JSON", "SimulatedStudio", "DataStudio",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "BatonCommands",
            dependencies: [
                "CAllocator", "Escaping", "JSON", "BatonHost", "Journal", "LineEditor", "Orchestration", "Rehearsal",
                "SimulatedStudio",
                "StudioServer", "DataStudio", "LuaVM",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [
                .embedInCode("Resources/report.mustache"), .embedInCode("Resources/test.lua"),
                .embedInCode("Resources/test.types.lua"),
                .embedInCode("Resources/init/baton.yaml.mustache"),
                .embedInCode("Resources/init/nightly.lua"), .embedInCode("Resources/init/nightly_test.lua"),
                .embedInCode("Resources/init/nightly.scenario.yaml"),
                .embedInCode("Resources/init/crontab.mustache"),
                .embedInCode("Resources/init/baton-nightly.service.mustache"),
                .embedInCode("Resources/init/baton-nightly.timer"),
                .embedInCode("Resources/init/baton-resume.service.mustache"),
                .embedInCode("Resources/init/baton-resume.timer"),
                .embedInCode("Resources/init/baton-failure@.service"),
            ]
        ),
        .executableTarget(name: "baton", dependencies: ["BatonCommands"]),

        .executableTarget(
            name: "CrashTests",
            dependencies: [
                "DataStudio", "JSON", "Journal", "LuaVM", "Orchestration", "Rehearsal", "SimulatedStudio",
            ],
            path: "Tests/CrashTests",
            exclude: ["mutants.sh"]
        ),

        .executableTarget(
            name: "JournalBenchmark",
            dependencies: [
                "BatonHost", "DataStudio", "JSON", "Journal", "Orchestration", "SimulatedStudio", "StudioServer",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/JournalBenchmark"
        ),

        .target(
            name: "TestPeer",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/TestPeer"
        ),
        .target(name: "HostileTexts", path: "Tests/HostileTexts"),
        .testTarget(name: "EscapingTests", dependencies: ["Escaping", "HostileTexts"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "LuaSyntaxTests", dependencies: ["LuaSyntax", "HostileTexts"]),
        .executableTarget(name: "lua-host-example", dependencies: ["LuaVM"], path: "Examples/LuaHost"),

        .testTarget(
            name: "LuaVMTests",
            dependencies: [
                "LuaVM", "lua-host-example",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "DataStudioTests",
            dependencies: [
                "JSON", "DataStudio", "HostileTexts", .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .testTarget(
            name: "OrchestrationTests",
            dependencies: [
                "HostileTexts", "JSON", "Orchestration", "DataStudio", "LuaSyntax", "LuaVM", "Rehearsal",
                "SimulatedStudio",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        .testTarget(
            name: "JournalTests",
            dependencies: [
                "DataStudio", "JSON", "Journal", "Orchestration", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "SimulatedStudioTests",
            dependencies: [
                "JSON", "SimulatedStudio", "DataStudio",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .testTarget(
            name: "StudioServerTests",
            dependencies: [
                "JSON", "StudioServer", "SimulatedStudio", "DataStudio",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "BatonHostTests",
            dependencies: [
                "JSON", "LuaVM", "BatonHost", "DataStudio", "Journal", "Orchestration", "SimulatedStudio",
                "StudioServer", "TestPeer", "HostileTexts",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),
        .testTarget(
            name: "BatonCommandsTests",
            dependencies: [
                "Escaping", "HostileTexts", "JSON", "BatonCommands", "BatonHost", "DataStudio", "Journal",
                "Orchestration", "Yams",
            ]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "JSON", "baton", "BatonHost", "DataStudio", "Journal", "Orchestration", "SimulatedStudio",
                "StudioServer", "TestPeer", "HostileTexts", "Yams",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["cron.sh", "mail.py"]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
    ]
}
