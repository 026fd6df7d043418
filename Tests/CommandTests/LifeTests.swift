import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration
import SimulatedStudio
import StudioServer
import Subprocess
import Testing

/// Runs that end badly, and what carries on: as an operator meets it the morning after.
@Suite(.timeLimit(.minutes(5))) struct LifeTests {
    private static let plan = """
        execute "wf1"
        parallel { "wf2", "wf3", "wf4" }
        parallel { "wf5", "wf6" }
        execute "wf7"
        """

    @Test(arguments: [false, true])
    func `the morning after, only what failed starts again`(isDoneByHand: Bool) async throws {
        // The first job of wf5 fails: its data is mended then.
        let scenario = """
            others: { duration: 20ms }
            faults: [ { fault: 422, operation: executeWorkflow, label: wf5, count: 1 } ]
            """
        try await Workplace.with(scenario) { place, server in
            try place.write(Self.plan, to: "night.lua")
            let night = try await place.baton("run", "night.lua")
            #expect(night.code == 1)
            #expect(night.errors.contains("baton retry "))
            let before = server.starts
            #expect(before.sorted() == ["wf1", "wf2", "wf3", "wf4", "wf5", "wf6"])
            let morning =
                isDoneByHand
                ? try await place.baton("retry", "--done", "wf5") : try await place.baton("retry", "night")
            #expect(morning.code == 0, "\(morning.errors)")
            #expect(Array(server.starts.dropFirst(before.count)) == (isDoneByHand ? ["wf7"] : ["wf5", "wf7"]))
            #expect(
                morning.errors.contains(
                    isDoneByHand ? "wf5 (night.lua:3): counts as done" : "wf5 (night.lua:3): starts again"))
            let again = try await place.baton("retry")
            #expect(again.code == 64 && again.errors.contains("has succeeded"))
        }
    }

    @Test func `a job that failed is started again, and one that ran out of time is waited for`() async throws {
        try await Workplace.with("workflows: { slow: { duration: 1500ms }, next: { duration: 10ms } }") {
            place, server in
            try place.write(#"execute { "slow", timeout = 1 } execute "next""#, to: "night.lua")
            let night = try await place.baton("run", "night.lua")
            #expect(night.code == 7, "\(night.errors)")
            let morning = try await place.baton("retry")
            #expect(morning.code == 0, "\(morning.errors)")
            #expect(morning.errors.contains("slow (night.lua:1): is waited for"))
            #expect(server.starts == ["slow", "next"])
        }
    }

    @Test func `two runs of a line at the same time: one runs, the other exits with 6`() async throws {
        try await Workplace.with("others: { duration: 400ms }") { place, server in
            try place.write(#"execute "a""#, to: "night.lua")
            async let first = place.baton("run", "night.lua")
            async let second = place.baton("run", "night.lua")
            let codes = try await [first.code, second.code].sorted()
            #expect(codes == [0, 6])
            #expect(server.starts == ["a"])
        }
    }

    @Test func `a run that another process is just beginning is nothing to resume, and nothing to tell`() async throws {
        try await Workplace.with("others: { duration: 1ms }") { place, server in
            let folder = place.url.appendingPathComponent("journal").path
            try place.configure(server, key: "simulated-key", more: "journal: \(folder)\n")
            let journal = try Journal(JournalFolder(folder))
            // As it is between a run's row and its lock.
            let line = try #require(try LockFolder(journal.folder).line("night"))
            defer { withExtendedLifetime(line) {} }
            let row = RunRow(
                id: "", line: "night", path: place.url.appendingPathComponent("night.lua").path, script: "night.lua",
                textHash: "", server: "studio", began: .now)
            let begun = try journal.add(row, RunBeginning(script: "night.lua", text: "execute 'a'", seed: 1))
            for arguments in [["--all", "--cron"], ["--all"]] {
                let resume = try await BatonProcess.run(["resume"] + arguments, in: place.url)
                #expect(resume.code == 0 && resume.output.isEmpty && resume.errors.isEmpty, "\(resume)")
            }
            let asked = try await place.baton("resume", begun.id)
            #expect(asked.code == 6 && asked.errors.contains("is in progress"), "\(asked)")
            #expect(server.starts.isEmpty)
        }
    }

    @Test func `fifty runs with one key: one runs, all report its result`() async throws {
        try await Workplace.with("others: { duration: 300ms }") { place, server in
            try place.write(#"execute "a" print "ran""#, to: "night.lua")
            let results = try await withThrowingTaskGroup(of: BatonProcess.Finished.self) { group in
                for _ in 0..<50 { group.addTask { try await place.baton("run", "night.lua", "--key", "2026-03-01") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0.code == 0 } == 50, "\(results.first { $0.code != 0 }?.errors ?? "")")
            #expect(results.count { $0.output == "ran\n" } == 1)
            #expect(results.count { $0.errors.contains("has ended already: succeeded") } == 49)
            #expect(server.starts == ["a"])
        }
    }

    @Test func `a step in doubt is settled by a person, in each way`() async throws {
        let scenario = """
            tells_whose: false
            workflows: { lost: { duration: 10ms, reply: lost }, next: { duration: 10ms } }
            """
        for (option, code, output) in [
            (["--done"], 0, "COMPLETED\n"), (["--adopt", "4711"], 0, "COMPLETED\n"), (["--fail"], 1, ""),
        ] as [([String], Int32, String)] {
            try await Workplace.with(scenario) { place, server in
                try place.write(#"local r = execute "lost" print(r.state) execute "next""#, to: "night.lua")
                let night = try await place.baton("run", "night.lua")
                #expect(night.code == 8, "\(night.errors)")
                let id = try #require(try await place.runs().first?["run"]?.text)
                let shown = try await place.baton("show")
                #expect(shown.output.contains("In doubt:"))
                #expect(shown.output.contains("it may be job 4711"))
                // Nobody goes on with it unasked, and what it would start is held as well.
                let unasked = try await place.baton("resume", "--all")
                #expect(unasked.code == 0 && unasked.errors.isEmpty)
                let another = try await place.baton("run", "night.lua")
                #expect(another.code == 8, "\(another.errors)")
                #expect(another.errors.contains("run \(id) needs a decision"))
                #expect(server.starts == ["lost"])
                let resolved = try await BatonProcess.run(["resolve", id, "lost"] + option, in: place.url)
                #expect(resolved.code == 0, "\(resolved.errors)")
                let end = try await place.baton("resume", id)
                #expect(end.code == code, "\(option): \(end.errors)")
                #expect(end.output == output)
                #expect(server.starts.filter { $0 == "lost" }.count == 1)
            }
        }
    }

    @Test func `one job is cancelled, whoever it belongs to`() async throws {
        let scenario = "{ operations: [cancelJob], others: { duration: 1h } }"
        try await Workplace.with(scenario) { place, server in
            try place.write(SimulatedStudio.description(for: Scenario(yaml: scenario)).yaml(), to: "api.yaml")
            try place.configure(server, key: "simulated-key", more: "    api: api.yaml\n")
            try place.write(#"start { "a", detach = true }"#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let run = try #require(try await place.runs().first?["run"]?.text)
            let asked = try await place.baton("cancel", "--job", "4711")
            #expect(asked.code == 64 && asked.errors.contains("--yes is needed"), "\(asked.errors)")
            #expect(asked.output.contains("Job 4711 of a") && asked.output.contains("Run \(run) has started it"))
            #expect(server.jobs().map(\.state) == [.running])
            let cancelled = try await place.baton("cancel", "--job", "4711", "--yes")
            #expect(cancelled.code == 0 && server.jobs().map(\.state) == [.cancelled], "\(cancelled.errors)")
            let again = try await place.baton("cancel", "--job", "4711", "--yes")
            #expect(again.code == 0 && again.output.contains("nothing to cancel"))
            let unknown = try await place.baton("cancel", "--job", "99", "--yes")
            #expect(unknown.code == 64 && unknown.errors.contains("does not know job 99"), "\(unknown.errors)")
            for wrong in [["--yes"], ["--job", "1", "night"], ["--job", ""]] {
                #expect(try await BatonProcess.run(["cancel"] + wrong, in: place.url).code == 64)
            }
        }
    }

    @Test func `stop leaves a live run, cancel ends it and its jobs`() async throws {
        let scenario = "{ operations: [cancelJob], others: { duration: 1h } }"
        try await Workplace.with(scenario) { place, server in
            try place.write(SimulatedStudio.description(for: Scenario(yaml: scenario)).yaml(), to: "api.yaml")
            try place.configure(server, key: "simulated-key", more: "    api: api.yaml\n")
            try place.write(#"pcall(execute, "a") print "never""#, to: "night.lua")
            let stopped = try await BatonProcess.run(
                ["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job"
            ) { _, _ in
                let stop = try await place.baton("stop")
                #expect(stop.code == 0 && stop.output.contains("is interrupted"), "\(stop.output)\(stop.errors)")
            }
            #expect(stopped.code == 130 && stopped.output.isEmpty)
            #expect(server.jobs().map(\.state) == [.running])
            let cancelled = try await BatonProcess.run(
                ["resume"], in: place.url, whenErrorsSay: "is resumed after"
            ) { _, _ in
                let cancel = try await place.baton("cancel")
                #expect(cancel.code == 0, "\(cancel.output)\(cancel.errors)")
            }
            #expect(cancelled.code == 1 && cancelled.output.isEmpty, "\(cancelled.errors)")
            #expect(cancelled.errors.contains("CANCELLED"))
            #expect(server.jobs().map(\.state) == [.cancelled])
        }
    }

    @Test func `Monday crashed, and Tuesday's line goes on with it or gives it up`() async throws {
        for (interrupted, expected) in [("resume", ["a", "b"]), ("abandon", ["a", "a", "b"])] {
            try await Workplace.with("others: { duration: 700ms }") { place, server in
                try place.write(#"execute "a" execute "b""#, to: "night.lua")
                _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                    _, send in try send(.kill)
                }
                let listed = try await place.baton("runs", "--state", "interrupted")
                #expect(listed.output.contains("night.lua"))
                let tuesday = try await place.baton("run", "night.lua", "--interrupted", interrupted)
                #expect(tuesday.code == 0, "\(tuesday.errors)")
                #expect(server.starts == expected)
                if interrupted == "abandon" {
                    #expect(tuesday.errors.contains("is given up; it leaves a ("))
                    // The old job of a ends before a new one begins.
                    let jobs = server.jobs().filter { $0.label == "a" }
                    let ends = try #require(jobs.first?.finished), begins = try #require(jobs.last?.created)
                    #expect(ends <= begins)
                }
            }
        }
    }

    @Test func `a run goes on with the script and the modules it began with`() async throws {
        try await Workplace.with("others: { duration: 500ms }") { place, server in
            try FileManager.default.createDirectory(
                at: place.url.appendingPathComponent("lib"), withIntermediateDirectories: true)
            try place.write(#"local common = require "lib.common" execute "a" print(common.word)"#, to: "night.lua")
            try place.write(#"return { word = require("lib.words") }"#, to: "lib/common.lua")
            try place.write(#"return "old""#, to: "lib/words.lua")
            _ = try await BatonProcess.run(["run", "night.lua"], in: place.url, whenErrorsSay: "accepted as job") {
                _, send in try send(.kill)
            }
            try place.write(#"return "new""#, to: "lib/words.lua")
            try FileManager.default.removeItem(at: place.url.appendingPathComponent("night.lua"))
            let end = try await place.baton("resume")
            #expect(end.code == 0 && end.output == "old\n", "\(end.errors)")
            #expect(server.starts == ["a"])
        }
    }

    @Test func `runs are listed and shown, for people and for programs`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(#"phase "load" execute "a" log.warn "careful" print "done""#, to: "night.lua")
            #expect(try await place.baton("run", "night.lua").code == 0)
            let table = try await place.baton("runs")
            #expect(table.output.hasPrefix("RUN "))
            #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
            let run = try #require(try await place.runs().first)
            #expect(run["state"]?.text == "succeeded" && run["script"]?.text == "night.lua")
            let show = try await place.baton("show", "night")
            for text in ["succeeded", "load", "a ", "job 4711", "warn: careful", "done"] {
                #expect(show.output.contains(text), "\(text)")
            }
            let json = try JSON(parsing: Array(try await place.baton("show", "--json").output.utf8))
            #expect(json["steps"]?.elements?.first?["job_id"]?.text == "4711")
            #expect(try await place.baton("show", "night", "a").output.contains("job       4711"))
            #expect(try await place.baton("show", "zzz").code == 64)
            #expect(try await place.baton("runs", "--state", "failed,suceeded").errors.contains("did you mean"))
            // Each of these says something of that run, or of none.
            for options in ["--state failed,succeeded", "--script ./night.lua", "--workflow a", "--exit-code 0"] {
                let words = ["runs", "--json"] + options.split(separator: " ").map(String.init)
                #expect(try await BatonProcess.run(words, in: place.url).output.contains("night.lua"), "\(options)")
            }
            for options in ["--state failed,held", "--script ./a.lua", "--workflow b", "--exit-code 1", "--server t"] {
                let words = ["runs"] + options.split(separator: " ").map(String.init)
                let none = try await BatonProcess.run(words, in: place.url)
                #expect(none.output.hasPrefix("No such runs in the journal /"), "\(options): \(none.output)")
            }
        }
    }

    @Test func `a journal that cannot be used is told, and nothing is started`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            try place.write(#"execute "a""#, to: "night.lua")
            try FileManager.default.createDirectory(
                at: place.url.appendingPathComponent("state/baton"), withIntermediateDirectories: true)
            try place.write(String(repeating: "no database ", count: 100), to: "state/baton/baton.sqlite")
            let run = try await place.baton(
                "run", "night.lua", environment: ["XDG_STATE_HOME": place.url.appendingPathComponent("state").path])
            #expect(run.code == 9, "\(run.errors)")
            #expect(run.errors.contains("is damaged"))
            #expect(server.starts.isEmpty)
        }
    }
}
