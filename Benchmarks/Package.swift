// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever uses the library does not fetch what measures it.
let package = Package(
    name: "baton-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "baton", path: ".."),
        // Without its traits: they count allocations, which would slow down what is timed here.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CStockLua", path: "CStockLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CFloor", dependencies: ["CStockLua"], path: "CFloor"),
        // The plugin finds benchmarks by the folder they are in: it has to be named Benchmarks, as this one is.
        .executableTarget(
            name: "LuaVMBenchmarks",
            dependencies: [
                "CFloor",
                .product(name: "LuaVM", package: "baton"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "LuaVMBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        // What has to hold under load, and is measured rather than tested: see scripts/prove.
        .executableTarget(
            name: "LuaVMProofs", dependencies: [.product(name: "LuaVM", package: "baton")], path: "LuaVMProofs"),
    ]
)

for target in package.targets where target.type == .executable {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
    ]
}
