import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// A run whose process died again and again stands in the way of the next one until a person has decided.
@Suite(.timeLimit(.minutes(5))) struct HeldRunTests {
    /// Begins a run whose job goes on, and lets its process die until it is held.
    private func heldRun(_ place: Workplace) async throws -> String {
        try place.write(#"execute "a""#, to: "night.lua")
        _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
            _, send in try send(.kill)
        }
        // A process that lives long enough to write something down has not died in vain.
        for _ in 0..<9 {
            let run = try #require(try await place.runs().first)
            if run["state"] == "held" { return try #require(run["run"]?.text) }
            _ = try await BatonProcess.run(["resume", "--all"], in: place.url, whenErrorsSay: "is resumed after") {
                _, send in try send(.kill)
            }
        }
        Issue.record("the run is not held after nine deaths")
        throw CancellationError()
    }

    @Test func `the next run of the line begins nothing, and says what a person has to do`() async throws {
        try await Workplace.with("others: { duration: 1h }") { place, server in
            let id = try await heldRun(place)
            for options in [[], ["--interrupted", "resume"], ["--key", "2026-03-01"]] {
                let next = try await BatonProcess.run(["run"] + options + ["night.lua"], in: place.url)
                #expect(next.code == 8, "\(options): \(next.errors)")
                #expect(next.errors.hasPrefix("Run \(id) of this script is held: its process died three times"))
                let lines = next.errors.split(separator: "\n").map(String.init)
                for command in ["show", "resume", "abandon"] {
                    #expect(lines.contains("  baton \(command) \(id)"), "\(next.errors)")
                }
                #expect(lines.last == "Nothing was started.")
            }
            let told = try await place.baton("run", "--json", "night.lua")
            let event = try JSON(parsing: Array(told.output.utf8))
            #expect(event["exit_code"] == 8 && event["status"] == "stuck")
            #expect(server.starts == ["a"])
            #expect(try await place.runs().count == 1)
            // A person resumes it, and it is not in the way any more.
            let resumed = try await BatonProcess.run(["resume", id], in: place.url, whenErrorsSay: "is resumed after") {
                _, send in try send(.interrupt)
            }
            #expect(resumed.code == 130, "\(resumed.errors)")
        }
    }

    @Test func `whoever gives up interrupted runs gives it up, and what it left is waited for`() async throws {
        try await Workplace.with("others: { duration: 1h }") { place, server in
            let id = try await heldRun(place)
            let next = try await BatonProcess.run(
                ["run", "--interrupted", "abandon", "night.lua"], in: place.url, whenErrorsSay: "a: starting"
            ) { _, send in try send(.interrupt) }
            #expect(next.code == 130, "\(next.errors)")
            #expect(next.errors.contains("run \(id), which was interrupted, is given up"), "\(next.errors)")
            #expect(server.starts == ["a"])
            #expect(try await place.runs().map { $0["state"]?.text } == ["interrupted", "abandoned"])
        }
    }
}
