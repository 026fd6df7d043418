import Foundation

/// A folder for one test, removed with this object.
final class Workplace: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(to: url.appendingPathComponent(name), atomically: true, encoding: .utf8)
        return name
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    /// Runs `baton` here to its end.
    func baton(_ arguments: String..., environment: [String: String] = [:]) async throws -> BatonProcess.Finished {
        try await BatonProcess.run(arguments, environment: environment, in: url)
    }

    /// Runs a script against a scenario.
    func run(_ script: String, scenario: String, _ more: String...) async throws -> BatonProcess.Finished {
        try write(script, to: "test.lua")
        try write(scenario, to: "scenario.yaml")
        return try await BatonProcess.run(["run", "--scenario", "scenario.yaml", "test.lua"] + more, in: url)
    }
}
