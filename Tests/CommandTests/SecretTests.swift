import DataStudio
import Foundation
import SimulatedStudio
import StudioServer
import Testing

/// The API key is in nothing that a run shows or leaves behind, at any level of logging, whatever goes wrong.
@Suite(.timeLimit(.minutes(5))) struct SecretTests {
    private static let key = "top-secret-key-4242-9999"

    struct Night: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let scenario: String
        let code: Int32
        var key = SecretTests.key

        init(_ name: String, _ scenario: String, code: Int32, key: String = SecretTests.key) {
            testDescription = name
            self.scenario = scenario
            self.code = code
            self.key = key
        }
    }

    static let nights = [
        Night("a good one", "others: { duration: 50ms }", code: 0),
        Night("a failed job", "workflows: { wf1: { outcome: FAILED, message: no } }", code: 1),
        Night("a lost reply", "{ tells_whose: false, workflows: { wf1: { reply: lost } } }", code: 8),
        Night("a wrong key", "others:\nkey: another", code: 4),
        Night(
            "a page instead of a list",
            "others:\nfaults: [ { operation: listJobs, count: 2, fault: 502, body: html } ]", code: 0),
        Night("nobody who answers", "others:\nfaults: [ { operation: listJobs, fault: reset } ]", code: 5),
    ]

    @Test(arguments: nights, [true, false])
    func `the key shows nowhere`(night: Night, json: Bool) async throws {
        var scenario = try Scenario(yaml: night.scenario)
        if scenario.key == "simulated-key" { scenario.key = Self.key }
        try await StudioServer.withServer(scenario: scenario) { server in
            let place = try Workplace()
            try place.configure(
                server, key: Self.key, more: "limits: { patience: \(night.code == 5 ? "500ms" : "1h") }\n")
            try place.write("execute 'wf1' sleep(0.2) execute 'wf2' print(studio.workflows)", to: "test.lua")
            let arguments = ["run", "--log-level", "trace", "test.lua"] + (json ? ["--json"] : [])
            var commandLines = ""
            let run = try await BatonProcess.run(
                arguments, in: place.url, whenErrorsSay: "", perform: { _, _ in commandLines = Self.commandLines() })
            #expect(run.code == night.code, "\(run.errors)\(run.output)")
            let told = run.output + run.errors
            #expect(told.contains("key=…9999"), "the log is there")
            #expect(!told.contains(Self.key))
            #expect(!commandLines.contains(Self.key))
            // The key file is the one place it is in.
            var count = 0
            for case let file as URL in FileManager.default.enumerator(at: place.url, includingPropertiesForKeys: nil)
                ?? .init()
            where !file.hasDirectoryPath && file.lastPathComponent != "studio.key" {
                count += 1
                #expect(try Data(contentsOf: file).range(of: Data(Self.key.utf8)) == nil, "\(file.path)")
            }
            #expect(count > 3, "the journal is among them")
        }
    }

    /// The command lines of all processes, and the environments of those one may see.
    private static func commandLines() -> String {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }.map { process in
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self)
        }.joined(separator: "\n")
    }
}
