import Foundation
import JSON
import StudioServer
import Testing

/// Runs in parts, by the real process.
@Suite(.timeLimit(.minutes(4))) struct PartTests {
    private static let script = """
        local n = restarted() or 1
        execute { "a", name = "a" .. n }
        if n < 8 then restart_with(n + 1) end
        print("done", n)
        """

    @Test func `kill -9 at any moment repeats no part and loses none`() async throws {
        for trial in 0..<3 {
            try await Workplace.with("workflows: { a: { duration: 30ms } }") { place, server in
                try place.write(Self.script, to: "parts.lua")
                var run = try await BatonProcess.run(
                    ["run", "parts.lua"], in: place.url, killAfter: .milliseconds(Int64.random(in: 100...500)))
                for _ in 0..<30 where run.code != 0 {
                    let states = try await place.runs().map { $0["state"]?.text }
                    // It may have been killed when it had just ended.
                    if states == ["succeeded"] { break }
                    let isOpen = states.contains { $0 == "interrupted" || $0 == "held" }
                    let moment = Duration.milliseconds(Int64.random(in: 200...6000))
                    run = try await BatonProcess.run(
                        isOpen ? ["resume"] : ["run", "parts.lua"], in: place.url, killAfter: moment)
                }
                #expect(server.starts.count == 8, "\(trial): \(run.errors)")
                let shown = try await place.baton("show")
                #expect(shown.output.contains("part 8"), "\(shown.output)")
                #expect(try await place.runs().map { $0["state"]?.text } == ["succeeded"])
            }
        }
    }

    @Test func `parts without a wait are as good as any, and a signal ends them`() async throws {
        let place = try Workplace()
        try place.write("local n = restarted() or 1 if n < 600 then restart_with(n + 1) end print(n)", to: "parts.lua")
        let run = try await place.baton("run", "--simulate", "parts.lua")
        #expect(run.code == 0 && run.output == "600\n", "\(run.code) \(run.errors)")
        try place.write("print(restarted() or 0) restart_with((restarted() or 0) + 1)", to: "endless.lua")
        let spun = try await BatonProcess.run(
            ["-c", "timeout --preserve-status -k 5 2 '\(BatonProcess.binary)' run --simulate endless.lua >/dev/null"],
            in: place.url, executable: "/bin/bash")
        #expect(spun.code == 143, "\(spun.code) \(spun.errors)")
    }

    @Test func `a failed part is retried in its part`() async throws {
        let scenario = """
            workflows: { a: { duration: 1ms }, b: { duration: 1ms, failures: 1, message: no } }
            """
        try await Workplace.with(scenario) { place, server in
            try place.write(
                """
                if not restarted() then execute "a" restart_with(1) end
                execute "a"
                execute "b"
                print "done"
                """, to: "parts.lua")
            let run = try await place.baton("run", "parts.lua")
            #expect(run.code == 1, "\(run.errors)")
            let retry = try await place.baton("retry")
            #expect(retry.code == 0, "\(retry.errors)")
            #expect(retry.output == "done\n")
            #expect(server.starts == ["a", "a", "b", "b"])
            let id = try #require(try await place.runs().first?["run"]?.text)
            let replay = try await place.baton("replay", id, "parts.lua")
            #expect(replay.code == 0, "\(replay.errors)\(replay.output)")
            let earlier = try await place.baton("show", id, "--part", "1")
            #expect(earlier.output.contains("part 1: handed over to part 2"), "\(earlier.output)")
            #expect(earlier.output.split(separator: "\n").count { $0.contains("completed") } == 1, "\(earlier.output)")
            let missing = try await place.baton("show", id, "--part", "3")
            #expect(missing.errors.contains("parts 1 to 2 are kept"), "\(missing.errors)")
        }
    }
}
