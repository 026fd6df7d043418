import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration
import StudioServer
import Subprocess
import Testing

/// What people ask of a run that another process holds, when that process does not get to it.
@Suite(.timeLimit(.minutes(5))) struct RequestTests {
    /// A workplace whose journal the test can write in, as another process.
    private func with(
        _ scenario: String, _ body: (Workplace, StudioServer, Journal) async throws -> Void
    ) async throws {
        try await Workplace.with(scenario) { place, server in
            let folder = place.url.appendingPathComponent("journal").path
            try place.configure(server, key: "simulated-key", more: "    settle: 200ms\njournal: \(folder)\n")
            try await body(place, server, try Journal(JournalFolder(folder)))
        }
    }

    /// A run whose process died while its job was running.
    private func killed(_ place: Workplace, _ journal: Journal) async throws -> RunRow {
        try place.write(#"pcall(execute, "a") print "done""#, to: "night.lua")
        _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
            _, send in try send(.kill)
        }
        return try #require(try journal.runs().first)
    }

    @Test func `a cancel that comes too late for a run is not meant for its retry`() async throws {
        try await with("workflows: { a: { duration: 1500ms, failures: 1 } }") { place, server, journal in
            try place.write(#"execute "a""#, to: "night.lua")
            let night = try await place.baton("run", "night.lua")
            #expect(night.code == 1, "\(night.errors)")
            let run = try #require(try journal.runs().first)
            // As it is left within the last half second of a run.
            try journal.send("cancel", to: run.id, by: "me", at: .now)
            let morning = try await place.baton("retry", "night")
            #expect(morning.code == 0, "\(morning.errors)")
            #expect(server.starts == ["a", "a"])
            #expect(try journal.requests(of: run.id).isEmpty)
        }
    }

    @Test func `a cancel that nobody has taken is still wanted when the run is resumed`() async throws {
        try await with("others: { duration: 1h }") { place, _, journal in
            let run = try await killed(place, journal)
            try journal.send("cancel", to: run.id, by: "me", at: .now)
            let shown = try await place.baton("show", run.id)
            #expect(shown.output.contains("interrupted, me cancelled it: that is done when it is resumed"), "\(shown)")
            let resumed = try await place.baton("resume", run.id)
            #expect(resumed.code == 1 && resumed.output.isEmpty, "\(resumed.errors)")
            #expect(resumed.errors.contains("CANCELLED") && resumed.errors.contains("cancelled by me"))
            #expect(try journal.requests(of: run.id).isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `an interrupted run is resumed to be cancelled, and starts nothing but what it has at its end`(
        runsFinally: Bool
    ) async throws {
        try await with("{ workflows: { clean: { duration: 100ms } }, others: { duration: 1h } }") {
            place, server, journal in
            try place.write(
                #"finally(function(e) print(e.reason) execute "clean" end) pcall(execute, "a") execute "b""#,
                to: "night.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                _, send in try send(.kill)
            }
            let row = try #require(try journal.runs().first)
            let how = runsFinally ? [] : ["--no-finally"]
            let cancelled = try await BatonProcess.run(["cancel", row.id] + how, in: place.url)
            #expect(cancelled.code == 0, "\(cancelled.errors)")
            #expect(server.starts == (runsFinally ? ["a", "clean"] : ["a"]))
            #expect(cancelled.output == (runsFinally ? "cancelled\n" : ""))
            #expect(try journal.run(row.id)?.status == .cancelled)
        }
    }

    @Test func `a stop that came too late for a process is not meant for the next one`() async throws {
        try await with("others: { duration: 1500ms }") { place, _, journal in
            let run = try await killed(place, journal)
            try journal.send("stop", to: run.id, by: "me", at: .now)
            let resumed = try await place.baton("resume", run.id)
            #expect(resumed.code == 0 && resumed.output == "done\n", "\(resumed.errors)")
            #expect(try journal.requests(of: run.id).isEmpty)
        }
    }

    @Test func `what a live run does not understand is logged, and it goes on`() async throws {
        try await with("others: { duration: 1h }") { place, _, journal in
            let run = try await killed(place, journal)
            try journal.send("dance", to: run.id, by: "me", at: .now)
            let resumed = try await BatonProcess.run(
                ["resume", run.id], in: place.url, whenErrorsSay: "a request to the run cannot be understood: dance"
            ) { _, _ in
                let stopped = try await place.baton("stop")
                #expect(stopped.code == 0, "\(stopped.errors)")
            }
            #expect(resumed.code == 130, "\(resumed.errors)")
            #expect(try journal.requests(of: run.id).isEmpty)
        }
    }
}
