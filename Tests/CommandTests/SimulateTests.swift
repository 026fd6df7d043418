import Foundation
import JSON
import Subprocess
import Testing

@Suite(.timeLimit(.minutes(2))) struct SimulateTests {
    /// The URL in what `baton simulate` says.
    private func url(in errors: String) throws -> String {
        let word = errors.split(separator: " ").first { $0.hasPrefix("BATON_SERVER=") }
        return String(try #require(word).dropFirst("BATON_SERVER=".count))
    }

    @Test func `a simulated server in one process serves a run in another`() async throws {
        let place = try Workplace()
        try place.write("workflows: { a: { duration: 20ms } }", to: "scenario.yaml")
        try place.write("execute 'a'", to: "test.lua")
        let server = try await BatonProcess.run(
            ["simulate", "scenario.yaml", "--port", "0"], in: place.url, whenErrorsSay: "Ctrl-C ends it"
        ) { errors, send in
            let run = try await place.baton(
                "run", "test.lua", environment: ["BATON_SERVER": url(in: errors), "BATON_API_KEY": "simulated-key"])
            #expect(run.code == 0, "\(run.errors)")
            try send(.terminate)
        }
        #expect(server.code == 0)
        let lines = try server.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        #expect(lines.contains { $0["operation"] == "executeWorkflow" && $0["label"] == "a" && $0["status"] == 200 })
    }

    @Test func `a scenario with mistakes is refused with all of them`() async throws {
        let place = try Workplace()
        try place.write("workflows: { a: { durasion: 1s, outcome: GOOD } }", to: "scenario.yaml")
        let run = try await place.baton("simulate", "scenario.yaml", "--port", "0")
        #expect(run.code == 64)
        #expect(run.errors.contains("durasion"))
        #expect(run.errors.contains("workflows.a.outcome (line 1): has to be COMPLETED"))
    }

    @Test func `a log that cannot be written changes nothing of the run`() async throws {
        let place = try Workplace()
        try place.write("print 'ran'", to: "test.lua")
        let run = try await place.baton("run", "--simulate", "test.lua", "--simulator-log", "none/log")
        #expect(run.code == 0)
        #expect(run.output == "ran\n")
        #expect(run.errors.contains("could not be written to none/log"))
        #expect(!run.errors.contains("Nothing was started"))
    }

    @Test func `a port that is taken is told`() async throws {
        let place = try Workplace()
        let first = try await BatonProcess.run(
            ["simulate", "--port", "0"], in: place.url, whenErrorsSay: "Ctrl-C ends it"
        ) { errors, send in
            let port = try #require(try url(in: errors).split(separator: ":").last)
            let second = try await place.baton("simulate", "--port", String(port))
            #expect(second.code == 64)
            #expect(second.errors.contains(port))
            try send(.interrupt)
        }
        #expect(first.code == 0)
    }
}
