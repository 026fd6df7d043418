import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Testing

/// `baton repl`, as somebody meets it who sits at a terminal.
@Suite(.timeLimit(.minutes(5))) struct ReplTests {
    private static let scenario = """
        workflows:
          wf1: { duration: 200ms }
          load-names: { duration: 100ms }
          load-addresses: { duration: 100ms }
          slow: { duration: 1h }
          short: { duration: 3s }
          bad: { duration: 100ms, outcome: FAILED, message: Row 17 has no key }
        """

    /// A session with a server in this process.
    private func session(
        _ scenario: String = scenario, _ arguments: [String] = [], columns: Int = 80, terminal: String = "xterm",
        locale: String = "C.UTF-8", _ body: (PseudoTerminal, Workplace, StudioServer) async throws -> Void
    ) async throws {
        try await Workplace.with(scenario) { place, server in
            let terminal = try PseudoTerminal(
                ["repl"] + arguments, in: place, columns: columns, terminal: terminal, locale: locale)
            try await terminal.until("the prompt") { $0.line == ">" }
            try await body(terminal, place, server)
        }
    }

    @Test func `values are shown, jobs run, and the last value has a name`() async throws {
        try await session { terminal, _, server in
            #expect(terminal.screen.text.contains("studio (\(server.baseURL), environment default)"))
            let first = try await terminal.enter(#"execute "wf1""#)
            #expect(first.wholeMatch(of: /wf1: COMPLETED in 0\.\d s \(job \d+\)/) != nil, "\(first)")
            #expect(try await terminal.enter("_.state") == #""COMPLETED""#)
            #expect(try await terminal.enter("local t = { 1, 2, b = 'x', a = { true } }").isEmpty)
            #expect(try await terminal.enter("t") == #"{ 1, 2, a = { true }, b = "x" }"#)
            let failed = try await terminal.enter(#"execute "bad""#)
            #expect(failed == "repl:5: bad: the job FAILED: Row 17 has no key")
            #expect(try await terminal.enter(#"state("wf1")"#).hasPrefix(#""COMPLETED"  wf1: COMPLETED"#))
            #expect(server.starts == ["wf1", "bad"])
            terminal.type(PseudoTerminal.end)
            #expect(await terminal.exitCode() == 0)
        }
    }

    @Test func `the dialogue of the README goes as it says`() async throws {
        let readme = try String(contentsOf: BatonProcess.root.appendingPathComponent("README.md"), encoding: .utf8)
        let block = try #require(readme.firstMatch(of: /```\n\$ baton repl --simulate\n(?<text>(?:.*\n)+?)```/)?.text)
        let expected = block.split(separator: "\n").map(String.init)
        let place = try Workplace()
        let terminal = try PseudoTerminal(["repl", "--simulate"], in: place)
        try await terminal.until("the prompt") { $0.line == ">" }
        for line in expected where line.hasPrefix(">") {
            let typed = line.drop { $0 == ">" }.dropFirst()
            let before = terminal.screen.lines.count
            terminal.type(typed + "\r")
            guard typed != ":quit" else { break }
            try await terminal.until("a prompt") { $0.lines.count > before && [">", ">>"].contains($0.line) }
        }
        #expect(await terminal.exitCode() == 0)
        // How long a job took depends on the machine.
        func comparable(_ lines: [String]) -> [String] {
            lines.filter { !$0.isEmpty }.map { $0.replacing(/\d\.\d+/, with: "N") }
        }
        #expect(comparable(terminal.screen.lines) == comparable(expected))
        withExtendedLifetime(place) {}
    }

    @Test func `what is typed can be completed`() async throws {
        try await session { terminal, _, _ in
            // The labels are fetched behind the prompt.
            terminal.type("execute \"wf")
            while !terminal.screen.line.contains("\"wf1\"") {
                terminal.type("\t!")
                try await terminal.until("an answer") { $0.line.hasSuffix("!") }
                terminal.type("\u{7F}")
                try await terminal.until("the line") { !$0.line.hasSuffix("!") }
            }
            terminal.type(PseudoTerminal.interrupt)
            try await terminal.until("the prompt") { $0.line == ">" }
            func completes(_ text: String, to whole: String) async throws {
                terminal.type(text + "\t")
                try await terminal.until("\(whole)") { $0.line == "> " + whole }
                terminal.type("\u{15}")
                try await terminal.until("the prompt") { $0.line == ">" }
            }
            try await completes("exec", to: "execute")
            try await completes("studio.wor", to: "studio.workflows")
            try await completes("execute { \"wf1\", retry_", to: "execute { \"wf1\", retry_delay =")
            try await completes("execute { \"wf1\", on_timeout = \"l", to: "execute { \"wf1\", on_timeout = \"leave\"")
            try await completes("parallel { \"slow\", { \"sh", to: "parallel { \"slow\", { \"short\"")
            try await completes(":hel", to: ":help")
            terminal.type("execute \"load\t")
            try await terminal.until("a part") { $0.line == "> execute \"load-" }
            terminal.type("\t")
            try await terminal.until("the choices") {
                $0.text.contains("load-addresses  load-names\n> execute \"load-")
            }
        }
    }

    @Test func `a text may have several lines, and an empty one gives it up`() async throws {
        try await session { terminal, _, _ in
            terminal.type("for i = 1, 2 do\r")
            try await terminal.until("more") { $0.line == ">>" }
            terminal.type("print(i)\r")
            try await terminal.until("more") { $0.lines.suffix(2) == [">> print(i)", ">>"] }
            #expect(try await terminal.enter("end") == "1\n2")
            terminal.type(PseudoTerminal.up)
            try await terminal.until("the whole text") { $0.line == "> for i = 1, 2 do print(i) end" }
            terminal.type(PseudoTerminal.interrupt)
            try await terminal.until("the prompt") { $0.line == ">" }
            terminal.type("execute {\r")
            try await terminal.until("more") { $0.line == ">>" }
            #expect(try await terminal.enter("") == "given up")
            #expect(try await terminal.enter("1 + + 2") == "  1 + + 2\n      ^\ncolumn 5: unexpected symbol near '+'")
        }
    }

    @Test func `an interrupted wait leaves its job, which can be waited for again`() async throws {
        try await session { terminal, _, server in
            terminal.type("execute \"short\"\r")
            try await terminal.until("running")
            terminal.type(PseudoTerminal.interrupt)
            try await terminal.until("the prompt") { $0.line == ">" && $0.text.contains("goes on") }
            #expect(terminal.screen.text.contains(/interrupted\nshort \(job \d+\) goes on; wait\(_\) waits for it/))
            #expect(try await terminal.enter(":jobs").contains(/short  running  \d.*  job \d+  repl:1/))
            #expect(try await terminal.enter("wait(_)").contains(/short: COMPLETED in 3\.0 s \(job \d+\)/))
            #expect(try await terminal.enter(":jobs") == "no job of this session runs")
            #expect(server.starts == ["short"])
        }
    }

    @Test func `what ends behind the prompt is told above it, and the line that is typed stays`() async throws {
        try await session { terminal, _, _ in
            try await terminal.enter("start \"short\"")
            terminal.type("print('still ")
            try await terminal.until("short: completed in 3.0 s\n> print('still")
            #expect(try await terminal.enter("here')") == "still here")
            try await terminal.enter("spawn(function() sleep(0.2) error('oh') end)")
            try await terminal.until("task line#3/spawn#1 (repl:3): repl:3: oh")
        }
    }

    @Test func `a session that is left with jobs running is taken up by the next`() async throws {
        try await session { terminal, place, server in
            try await terminal.enter("start \"slow\"")
            terminal.type(PseudoTerminal.end)
            // What is typed before the prompt is there is not a key: the kernel keeps a Ctrl-D as a zero byte.
            try await terminal.until("the prompt") {
                $0.line == ">" && $0.text.contains("again to quit: jobs go on")
            }
            #expect(terminal.screen.text.contains(/still running: slow \(job \d+\)/))
            terminal.type(PseudoTerminal.end)
            #expect(await terminal.exitCode() == 0)
            let left = try await place.baton("resume")
            #expect(left.code == 0 && left.output.contains("slow  running"), "\(left)")
            #expect(try await place.baton("resume", "--all").errors.isEmpty)
            #expect(try await place.baton("retry").code == 64)

            let next = try PseudoTerminal(["repl"], in: place)
            try await next.until("the prompt") { $0.line == ">" }
            #expect(
                next.screen.text.contains(/slow  running  .*  job \d+\nwait\(_\) waits for it\./), "\(next.screen.text)"
            )
            #expect(try await next.enter("_.label") == #""slow""#)
            // What was entered in the session before can be had again.
            next.type(PseudoTerminal.up + PseudoTerminal.up)
            try await next.until("the entry") { $0.line == "> start \"slow\"" }
            #expect(server.starts == ["slow"])
        }
    }

    @Test func `after kill -9 nothing is lost, and nothing starts twice`() async throws {
        try await session { terminal, place, server in
            try await terminal.enter("start \"slow\"")
            terminal.type("execute \"short\"\r")
            try await terminal.until("short") { $0.text.contains(/short +running/) }
            terminal.kill(with: SIGKILL)
            #expect(await terminal.exitCode() == 128 + SIGKILL)
            let resumed = try await place.baton("resume")
            #expect(resumed.code == 0, "\(resumed)")
            #expect(resumed.output.contains("slow") && resumed.output.contains("short"), "\(resumed.output)")
            let shown = try await place.baton("show")
            #expect(
                shown.output.contains("> start \"slow\"") && shown.output.contains("> execute \"short\""), "\(shown)")

            let next = try PseudoTerminal(["repl"], in: place)
            try await next.until("the prompt") { $0.line == ">" }
            #expect(try await next.enter("both = _").isEmpty)
            #expect(try await next.enter("#both") == "2")
            let short = try await next.enter("wait(both[2]).label")
            #expect(short == "\"short\"", "\(short)")
            #expect(server.starts == ["slow", "short"])
        }
    }

    @Test func `whenever kill -9 comes, the next session knows every job, and none is started twice`() async throws {
        let scenario = "others: { duration: 1h }\nfaults: [ { fault: delay, operation: executeWorkflow, time: 30ms } ]"
        try await Workplace.with(scenario) { place, server in
            var begun = 0
            for round in 0..<12 {
                let lines = (0..<8).map { "start 'w\(round)-\($0)'" }
                let killed = try await BatonProcess.run(
                    ["repl"] + lines.flatMap { ["-e", $0] }, in: place.url,
                    killAfter: .milliseconds(Int.random(in: 40...400)))
                #expect(killed.code != 0)
                // It looks for what became of the start that was on its way.
                let next = try PseudoTerminal(["repl"], in: place)
                try await next.until("the prompt") { $0.line == ">" }
                next.kill(with: SIGKILL)
                _ = await next.exitCode()
                let starts = server.starts
                #expect(Set(starts).count == starts.count, "\(starts)")
                let mine = starts.filter { $0.hasPrefix("w\(round)-") }.count
                begun += mine
                // What it has taken up is what the server has.
                let jobs = try await place.baton("resume").output
                for label in starts where label.hasPrefix("w\(round)-") {
                    #expect(jobs.contains("\(label)  "), "\(label) in \(jobs)")
                }
                // The next round is a session of its own.
                #expect(try await place.baton("abandon").code == 0)
            }
            #expect(begun > 0)
        }
    }

    @Test func `a signal, or another process, ends the session and leaves the terminal as it was`() async throws {
        try await session { terminal, place, server in
            try await terminal.enter("start \"slow\"")
            terminal.kill(with: SIGTERM)
            #expect(await terminal.exitCode() == 128 + SIGTERM)
            #expect(terminal.screen.text.contains(/slow \(job \d+\) goes on/), "\(terminal.screen.text)")
            #expect(terminal.echoes)

            let next = try PseudoTerminal(["repl"], in: place)
            try await next.until("the prompt") { $0.line == ">" }
            next.type("half a li")
            try await next.until("half a li")
            #expect(try await place.baton("cancel").code == 0)
            #expect(await next.exitCode() == 1)
            #expect(next.screen.text.contains("the run was cancelled by"), "\(next.screen.text)")
            #expect(next.echoes)
            #expect(server.starts == ["slow"])
        }
    }

    @Test func `an endless loop ends with Ctrl-C`() async throws {
        try await session { terminal, _, _ in
            try await terminal.enter("kept = 7")
            terminal.type("while true do end\r")
            // It is about to run, or runs already.
            try await terminal.until("the line") { $0.text.contains("while true do end\n") }
            terminal.type(PseudoTerminal.interrupt)
            try await terminal.until("an end") { $0.text.contains("interrupted\n>") }
            #expect(try await terminal.enter("kept") == "7")
        }
    }

    @Test func `a window may change its size`() async throws {
        try await session { terminal, _, _ in
            terminal.type("local text = 'a text that is longer than a narrow window'")
            try await terminal.until("the line") { $0.line.hasSuffix("narrow window'") }
            terminal.resize(columns: 20, rows: 10)
            terminal.type("\r")
            try await terminal.until("the prompt") { $0.line == ">" }
            let shown = try await terminal.enter("{ text, text }")
            #expect(shown.split(separator: "\n").first == "{", "\(shown)")
            terminal.resize(columns: 100, rows: 30)
            #expect(
                try await terminal.enter("text") == #""a text that is longer than a narrow window""#)
            terminal.type("execute 'short'\r")
            try await terminal.until("running")
            terminal.resize(columns: 30, rows: 10)
            try await terminal.until("the end") { $0.text.contains("short: COMPLETED") }
        }
    }

    @Test(arguments: [("dumb", "C"), ("dumb", "C.UTF-8"), ("xterm", "C"), ("vt100", "POSIX")])
    func `a poor terminal will do`(terminal: String, locale: String) async throws {
        try await session(terminal: terminal, locale: locale) { terminal, _, server in
            terminal.type("execute \"wf1\"\r")
            try await terminal.until("wf1: COMPLETED")
            terminal.type("start \"short\"\r")
            try await terminal.until("short: completed")
            let isPlain = terminal.screen.text.utf8.allSatisfy { $0 < 0x80 }
            #expect(isPlain, "\(terminal.screen.text)")
            #expect(server.starts == ["wf1", "short"])
        }
    }

    @Test func `what went well is saved as a script that starts the same`() async throws {
        try await session { terminal, place, server in
            try await terminal.enter("local region = 'EU'")
            try await terminal.enter("execute { 'wf1', params = { region = region } }")
            try await terminal.enter("print(_.state, _.label)")
            try await terminal.enter("execute 'bad'")
            try await terminal.enter("parallel { 'load-names', 'load-addresses', limit = 1 }")
            terminal.type("execute 'short'\r")
            try await terminal.until("short") { $0.text.contains(/short +running/) }
            terminal.type(PseudoTerminal.interrupt)
            try await terminal.until("the prompt") { $0.line == ">" && $0.text.contains("goes on") }
            try await terminal.enter("wait(_).duration")
            #expect(
                try await terminal.enter(":save night.lua").hasSuffix("in night.lua; to run it: baton run night.lua"))
            #expect(try await terminal.enter(":save night.lua").contains("in night.lua"))
            try place.write("mine", to: "other.lua")
            #expect(
                try await terminal.enter(":save other.lua").contains("is there already: :save! other.lua replaces it"))
            terminal.type(":quit\r")
            #expect(await terminal.exitCode() == 0)
            let before = server.starts
            let script = try place.read("night.lua")
            let run = try await place.baton("run", "night.lua")
            #expect(run.code == 0, "\(script)\n\(run.errors)")
            #expect(run.output == "COMPLETED\twf1\n")
            #expect(before == ["wf1", "bad", "load-names", "load-addresses", "short"])
            #expect(
                server.starts.dropFirst(before.count) == ["wf1", "load-names", "load-addresses", "short"], "\(script)")
            // And in a session.
            let loaded = try PseudoTerminal(["repl"], in: place)
            try await loaded.until("the prompt") { $0.line == ">" }
            #expect(
                try await loaded.enter(":load night.lua").contains("COMPLETED\twf1")
                    || loaded.screen.text.contains("COMPLETED"))
        }
    }

    @Test func `a lost server is told, and the session goes on`() async throws {
        let place = try Workplace()
        try await StudioServer.withServer(scenario: try Scenario(yaml: Self.scenario)) { server in
            try place.configure(server, key: "simulated-key", more: "    settle: 200ms\nlimits: { patience: 2s }\n")
        }
        // The server of that address is gone.
        let terminal = try PseudoTerminal(["repl"], in: place)
        try await terminal.until("the prompt") { $0.line == ">" }
        #expect(try await terminal.enter("execute 'wf1'").contains("could not be reached for 2.0 s"))
        #expect(try await terminal.enter("1 + 1") == "2")
    }

    @Test func `without a terminal a lost server ends it at once, and the job is taken up later`() async throws {
        let scenario = Self.scenario + "\nfaults: [ { fault: 401, operation: listJobs, skip: 1, count: 1 } ]"
        try await Workplace.with(scenario) { place, server in
            let refused = try await place.baton("repl", "-e", "execute 'short'", "-e", "print 'not here'")
            #expect(refused.code == 4 && refused.output.isEmpty, "\(refused)")
            #expect(refused.errors.contains(/short \(job \d+\) goes on/), "\(refused.errors)")
            #expect(try await place.runs().first?["state"] == "interrupted")
            // Another program is not given what somebody else has left.
            #expect(try await place.baton("repl", "-e", "_").output == "nil\n")
            let next = try PseudoTerminal(["repl", "--param", "now=yes"], in: place)
            try await next.until("the prompt") { $0.line == ">" }
            #expect(try await next.enter("wait(_).state") == "\"COMPLETED\"")
            #expect(try await next.enter("param 'now'") == "\"yes\"")
            #expect(server.starts == ["short"])
        }
    }

    @Test func `commands help`() async throws {
        try await session { terminal, _, _ in
            #expect(try await terminal.enter(":help").contains(":save FILE"))
            #expect(try await terminal.enter(":help execute").contains("execute("))
            let unknown = try await terminal.enter(":hlp")
            #expect(unknown.contains("there is no command :hlp") && unknown.contains(":help"))
            #expect(try await terminal.enter(":server").contains("* studio (http://"))
            #expect(try await terminal.enter(":server nowhere").contains("is not configured"))
            // What is not urgent is written down with what comes next.
            for _ in 0..<2 { try await terminal.enter("execute 'wf1'") }
            let past = try await terminal.enter(":history wf1")
            #expect(past.contains("COMPLETED"))
            try await terminal.enter("task = spawn(function() sleep(100) end)")
            #expect(try await terminal.enter(":tasks").contains("spawn#1  repl:3"))
        }
    }
}
