import DataStudio
import Foundation
import Glibc
import JSON
import StudioServer
import Subprocess
import Testing

/// What a run advises works, and what it waits for is said.
@Suite(.timeLimit(.minutes(5))) struct AdviceTests {
    private static let scenario = """
        workflows:
          good: { duration: 10ms }
          long: { duration: 1h }
          bad: { duration: 10ms, outcome: FAILED, message: no rows }
        """

    @Test func `a simulated run does not advise to go on with it`() async throws {
        let place = try Workplace()
        try place.write(Self.scenario, to: "s.yaml")
        try place.write("execute 'bad'", to: "n.lua")
        let run = try await place.baton("run", "--scenario", "s.yaml", "n.lua")
        #expect(run.code == 1 && !run.errors.contains("baton retry"), "\(run.errors)")
        #expect(run.errors.contains("simulated run is not kept"), "\(run.errors)")
    }

    @Test func `a command can be run from anywhere`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.configure(server, key: "simulated-key", more: "journal: \(place.url.path)/a journal\n")
            try place.write("execute 'bad'", to: "n.lua")
            let run = try await place.baton("run", "n.lua")
            let command = try #require(
                run.errors.firstMatch(of: /\n  (cd [^\n]* && )baton retry (\w+)\n/), "\(run.errors)")
            let binary = BatonProcess.binary
            let retry = try await BatonProcess.run(
                ["-c", "\(command.1)'\(binary)' retry \(command.2)"], in: URL(fileURLWithPath: "/"),
                executable: "/bin/sh")
            #expect(retry.code == 1 && retry.errors.contains("bad: the job FAILED"), "\(retry)")
            #expect(server.starts == ["bad", "bad"])
        }
    }

    @Test func `a run that was ended by a limit goes on once more is allowed`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.configure(server, key: "simulated-key", more: "limits: { records: 1000 }\n")
            try place.write("execute 'good' for i = 1, 1200 do sleep(0.01) end print 'over'", to: "n.lua")
            let run = try await place.baton("run", "n.lua")
            #expect(run.code == 1 && run.errors.contains("more than the 1000 records"), "\(run.errors.suffix(900))")
            try place.configure(server, key: "simulated-key", more: "limits: { records: 100000 }\n")
            let retry = try await place.baton("retry")
            #expect(retry.code == 0 && retry.output == "over\n", "\(retry)")
            #expect(server.starts == ["good"])
        }
    }

    @Test func `a script that has changed is told, and only what counts needs consent`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.write("execute 'good' execute { 'bad', params = { n = 1 } }", to: "n.lua")
            #expect(try await place.baton("run", "n.lua").code == 1)
            try place.write("execute 'good' execute { 'good', params = { n = 2 } }", to: "n.lua")
            let plain = try await place.baton("retry")
            #expect(
                plain.code == 1 && plain.errors.contains("n.lua has changed since the run began"), "\(plain.errors)")
            let changed = try await place.baton("retry", "--with-current-script")
            #expect(changed.code == 0 && !changed.errors.contains("has changed since"), "\(changed)")
            #expect(server.starts == ["good", "bad", "bad", "good"])
            // What was, before the retry, is told still.
            let shown = try await place.baton("show")
            #expect(shown.output.contains(/bad: job \d+ FAILED: no rows/), "\(shown.output)")
            let step = try await place.baton("show", "n.lua", "2").output
            #expect(step.contains(/attempt   1, [^\n]*: job \d+, FAILED\n/), "\(step)")
        }
    }

    @Test func `what a person calls done is not told as a job that took some time`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.write("execute 'bad'", to: "n.lua")
            #expect(try await place.baton("run", "n.lua").code == 1)
            let done = try await place.baton("retry", "--done", "bad")
            #expect(done.code == 0 && done.errors.contains("bad: counts as done, as a person said"), "\(done.errors)")
            #expect(!done.errors.contains("bad: completed in"), "\(done.errors)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root may act as others"))
    func `root works in a journal as the user it belongs to`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            let journal = place.url.appendingPathComponent("journal").path
            try place.write("journal: \(journal)\n", to: "baton.yaml")
            try place.write("execute 'good' sleep(0.1) execute 'good'", to: "n.lua")
            let nobody: uid_t = 65_534
            #expect(mkdir(journal, 0o700) == 0 && chown(journal, nobody, nobody) == 0)
            #expect(chmod(place.url.path, 0o755) == 0)
            let environment = ["BATON_SERVER": server.baseURL, "BATON_API_KEY": "simulated-key"]
            let died = try await BatonProcess.run(
                ["run", "n.lua"], environment: environment, in: place.url, whenErrorsSay: "accepted as job"
            ) { _, send in try send(.kill) }
            #expect(died.code == 256 + SIGKILL, "\(died)")
            for file in try FileManager.default.subpathsOfDirectory(atPath: journal) {
                var information = stat()
                #expect(lstat("\(journal)/\(file)", &information) == 0 && information.st_uid == nobody, "\(file)")
            }
            // What lies there cannot lead root anywhere else.
            let secret = place.url.appendingPathComponent("secret").path
            try place.write("kept", to: "secret")
            #expect(chmod(secret, 0o600) == 0)
            for name in ["baton.sqlite-wal", "baton.sqlite-shm"] {
                unlink("\(journal)/\(name)")
                #expect(symlink(secret, "\(journal)/\(name)") == 0)
            }
            _ = try await place.baton("runs", environment: environment)
            _ = try await place.baton("resume", "--all", environment: environment)
            #expect(try place.read("secret") == "kept")
        }
    }

    @Test func `who waits for a slot or for another run says which run has it`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.configure(server, key: "simulated-key", more: "    max_parallel: 1\n")
            try place.write("execute 'long'", to: "long.lua")
            try place.write("execute 'good'", to: "good.lua")
            let first = try await BatonProcess.run(
                ["run", "long.lua"], in: place.url, whenErrorsSay: "accepted as job"
            ) { _, send in
                let id = try #require(try await place.runs().first?["run"]?.text)
                // Each waits until it has said for what.
                for (arguments, words) in [
                    (["run", "good.lua"], "good: waits for a slot: max_parallel is 1, taken by run \(id)"),
                    (["run", "--overlap", "wait", "long.lua"], "waits for run \(id) of long.lua to end"),
                ] {
                    let waiting = try await BatonProcess.run(arguments, in: place.url, whenErrorsSay: words) {
                        _, send in
                        if arguments == ["run", "good.lua"] {
                            let shown = try await place.baton("show", "good.lua")
                            #expect(shown.output.contains("waits for a slot"), "\(shown)")
                            let json = try await place.baton("show", "good.lua", "--json").output
                            #expect(
                                json.contains(#""waiting":"waits for a slot: max_parallel is 1, taken by run"#),
                                "\(json)")
                        }
                        try send(.kill)
                    }
                    #expect(waiting.code == 256 + SIGKILL, "\(waiting)")
                }
                try send(.kill)
            }
            #expect(first.code == 256 + SIGKILL, "\(first.errors)")
            #expect(server.starts == ["long"])
        }
    }
}
