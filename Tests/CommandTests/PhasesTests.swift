import DataStudio
import Foundation
import JSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct PhasesTests {
    @Test func `phases do what the old script's example does`() async throws {
        let place = try Workplace()
        let run = try await place.baton("phases", "--simulate", "wf1", "wf2", "wf3a,wf3b", "--simulator-log", "log")
        #expect(run.code == 0)
        var jobs: [String: (from: Timestamp, to: Timestamp)] = [:]
        for line in try place.read("log").split(separator: "\n") {
            let json = try JSON(parsing: Array(line.utf8))
            guard json["event"] == "job", let label = json["label"]?.text else { continue }
            jobs[label] = (try #require(Timestamp(json["started"])), try #require(Timestamp(json["finished"])))
        }
        let (one, two) = (try #require(jobs["wf1"]), try #require(jobs["wf2"]))
        let (a, b) = (try #require(jobs["wf3a"]), try #require(jobs["wf3b"]))
        #expect(jobs.count == 4)
        #expect(one.to <= two.from)
        #expect(two.to <= min(a.from, b.from))
        #expect(max(a.from, b.from) < min(a.to, b.to))
    }

    @Test func `--print prints the Lua, which runs`() async throws {
        let place = try Workplace()
        let printed = try await place.baton("phases", "--print", "wf1", "wf2,wf3")
        #expect(printed.code == 0)
        #expect(
            printed.output == "phase \"phase 1\"\nexecute \"wf1\"\nphase \"phase 2\"\nparallel { \"wf2\", \"wf3\" }\n")
        #expect(try await place.run(printed.output, scenario: "others: { duration: 10ms }").code == 0)
    }

    @Test func `the help of every command names its options`() async throws {
        let place = try Workplace()
        for (command, option) in [("run", "--simulator-log"), ("phases", "--print"), ("simulate", "--port")] {
            let help = try await place.baton(command, "--help")
            #expect(help.code == 0)
            #expect(help.output.contains(option))
        }
    }
}
