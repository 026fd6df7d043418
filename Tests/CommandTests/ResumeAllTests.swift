import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration
import StudioServer
import Subprocess
import Testing

/// `baton resume --all` with many interrupted runs, and with old ones.
@Suite(.timeLimit(.minutes(5))) struct ResumeAllTests {
    /// A journal in the folder that the configuration names.
    private func journal(_ place: Workplace, _ server: StudioServer, more: String = "") throws -> Journal {
        let folder = place.url.appendingPathComponent("journal").path
        try place.configure(server, key: "simulated-key", more: "    settle: 200ms\njournal: \(folder)\n\(more)")
        return try Journal(JournalFolder(folder))
    }

    /// Adds a run whose process died before it had done anything.
    private func add(_ label: String, age: Duration, to journal: Journal, _ place: Workplace) throws -> String {
        let row = RunRow(
            id: "", line: label, path: place.url.appendingPathComponent("\(label).lua").path,
            script: "\(label).lua", textHash: "", server: "studio", began: .now + (.zero - age))
        let text = "execute '\(label)'"
        return try journal.add(row, RunBeginning(script: "\(label).lua", text: text, seed: 1)).id
    }

    private func states(_ place: Workplace) async throws -> [String: String] {
        let runs = try await place.baton("runs", "--json", "--limit", "1000").output.split(separator: "\n")
            .map { try JSON(parsing: Array($0.utf8)) }
        return Dictionary(uniqueKeysWithValues: runs.map { ($0["run"]?.text ?? "", $0["state"]?.text ?? "") })
    }

    /// The most jobs that ran at one moment.
    private func mostAtOnce(_ server: StudioServer) -> Int {
        let jobs = server.jobs()
        return jobs.map { job in
            jobs.count { other in
                guard let began = job.created, let otherBegan = other.created, let ended = other.finished else {
                    return false
                }
                return otherBegan <= began && began < ended
            }
        }.max() ?? 0
    }

    @Test(arguments: [128, 1024])
    func `sixty runs are all resumed, eight at a time, the oldest first`(descriptors: Int) async throws {
        try await Workplace.with("others: { duration: 300ms }") { place, server in
            let journal = try journal(place, server)
            // The newest is added first.
            for number in 1...60 { _ = try add("wf\(number)", age: .seconds(number * 10), to: journal, place) }
            let resumed = try await BatonProcess.run(
                ["-c", "ulimit -n \(descriptors); exec '\(BatonProcess.binary)' resume --all"], in: place.url,
                executable: "/bin/bash")
            #expect(resumed.code == 0, "\(resumed.errors)")
            #expect(try await states(place).values.allSatisfy { $0 == "succeeded" })
            #expect(server.starts.count == 60)
            #expect(Set(server.starts.prefix(8)) == Set((53...60).map { "wf\($0)" }), "\(server.starts)")
            #expect(mostAtOnce(server) <= 8)
        }
    }

    @Test func `runs that are too old are not resumed, and are told of once with what to do`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            let journal = try journal(place, server)
            let dead = try add("dead", age: .seconds(10 * 86_400), to: journal, place)
            let old = try add("old", age: .seconds(7 * 3600), to: journal, place)
            let recent = try add("recent", age: .seconds(3600), to: journal, place)
            let told = try await place.baton("resume", "--all", "--cron")
            #expect(told.code == 8 && told.output.isEmpty, "\(told.errors)")
            let lines = told.errors.split(separator: "\n").map(String.init)
            #expect(lines.first?.contains("limits.resume_within") == true, "\(told.errors)")
            for run in [dead, old] {
                #expect(lines.contains("  baton resume \(run)") && lines.contains("  baton abandon \(run)"))
            }
            let isOldestFirst = lines.filter { $0.hasPrefix("Run ") }.map { String($0.split(separator: " ")[1]) }
            #expect(isOldestFirst == [dead, old])
            #expect(server.starts == ["recent"])
            #expect(try await states(place)[recent] == "succeeded")
            let silent = try await place.baton("resume", "--all", "--cron")
            #expect(silent.code == 0 && silent.errors.isEmpty && silent.output.isEmpty, "\(silent.errors)")
            let shown = try await place.baton("runs")
            #expect(shown.output.contains("too old to be resumed automatically"), "\(shown.output)")
            // A person asks for them.
            let wider = try await place.baton("resume", "--all", "--within", "8h")
            #expect(wider.code == 0, "\(wider.errors)")
            #expect(server.starts == ["recent", "old"])
            #expect(try await place.baton("resume", dead).code == 0)
            #expect(server.starts == ["recent", "old", "dead"])
        }
    }

    @Test func `the configuration says how old a run may be, and programs are told as well`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            let journal = try journal(place, server, more: "limits: { resume_within: 20d }\n")
            _ = try add("allowed", age: .seconds(10 * 86_400), to: journal, place)
            let old = try add("old", age: .seconds(30 * 86_400), to: journal, place)
            let told = try await place.baton("resume", "--all", "--json")
            #expect(told.code == 8 && server.starts == ["allowed"], "\(told.errors)")
            let events = try told.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            let note = try #require(events.first { $0["event"] == "note" && $0["run"]?.text == old })
            #expect(note["text"]?.text?.contains("baton resume \(old), or baton abandon \(old)") == true)
        }
    }

    @Test func `of very many old runs the first are listed, and how to see the others`() async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            let journal = try journal(place, server)
            for number in 1...60 { _ = try add("wf\(number)", age: .seconds(number * 86_400), to: journal, place) }
            let told = try await place.baton("resume", "--all", "--cron")
            #expect(told.code == 8)
            #expect(told.errors.split(separator: "\n").count { $0.hasPrefix("Run ") } == 50)
            #expect(told.errors.hasSuffix("\nand 10 more:\n  baton runs --state interrupted\n"), "\(told.errors)")
            let silent = try await place.baton("resume", "--all", "--cron")
            #expect(silent.code == 0 && silent.errors.isEmpty)
            #expect(server.starts.isEmpty)
        }
    }

    @Test(arguments: [(Signal.terminate, 143), (.interrupt, 130)] as [(Signal, Int32)])
    func `a signal interrupts all runs that go on, and none that waits is begun`(
        signal: Signal, code: Int32
    ) async throws {
        try await Workplace.with("others: { duration: 1h }") { place, server in
            let journal = try journal(place, server)
            var runs: [String] = []
            for number in 1...12 {
                runs.append(try add("wf\(number)", age: .seconds(3600 - number), to: journal, place))
            }
            let (live, waiting) = (runs[0], runs[11])
            let resumed = try await BatonProcess.run(["resume", "--all"], in: place.url, whenErrorsSay: "accepted") {
                _, send in
                while server.jobs().count < 8 { try await Task.sleep(for: .milliseconds(10)) }
                let idle = try await place.baton("watch", waiting)
                #expect(idle.code == 64 && idle.errors.contains("has done nothing yet"), "\(idle)")
                async let watched = place.baton("watch", live)
                try send(signal)
                let seen = try await watched
                #expect(seen.code == code && seen.output.contains("Run \(live) is interrupted"), "\(seen)")
            }
            #expect(resumed.code == code, "\(resumed.errors)")
            #expect(server.starts.count == 8)
            for run in runs.prefix(8) { #expect(resumed.errors.contains("\(run)  "), "\(run)") }
            for run in runs.suffix(4) {
                #expect(try journal.log(of: run).isEmpty)
                #expect(try journal.run(run)?.fruitless == 0, "it was not begun")
                #expect(!resumed.errors.contains("\(run)  "))
            }
        }
    }

    @Test func `an age goes with --all only, and is one`() async throws {
        let place = try Workplace()
        let alone = try await place.baton("resume", "--within", "1d")
        #expect(alone.code == 64 && alone.errors.contains("--within goes with --all"), "\(alone.errors)")
        for age in ["soon", "0s", "-1h"] {
            let wrong = try await place.baton("resume", "--all", "--within=\(age)")
            #expect(wrong.code == 64 && wrong.errors.contains("takes a duration such as 10d"), "\(wrong.errors)")
        }
    }
}
