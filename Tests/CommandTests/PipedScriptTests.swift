import Foundation
import JSON
import StudioServer
import Testing

/// Scripts that come through a pipe.
@Suite(.timeLimit(.minutes(4))) struct PipedScriptTests {
    private func shell(_ command: String, in place: Workplace) async throws -> BatonProcess.Finished {
        let text = command.replacingOccurrences(of: "BATON", with: "'\(BatonProcess.binary)'")
        return try await BatonProcess.run(["-c", text], in: place.url, executable: "/bin/bash")
    }

    @Test(arguments: [
        "echo 'execute \"a\" print(...)' | BATON run - one", "BATON run <(echo 'execute \"a\" print(...)') one",
        "echo 'execute \"a\" print(...)' >f; BATON run /dev/stdin one <f",
        "printf '#!/usr/bin/env baton\\nexecute \"a\" print(...)' | BATON run - one",
    ])
    func `a script comes through a pipe`(command: String) async throws {
        try await Workplace.with("others: { duration: 10ms }") { place, server in
            let run = try await shell(command, in: place)
            #expect(run.code == 0 && run.output == "one\n", "\(run.code) \(run.errors)")
            #expect(server.starts == ["a"])
            #expect(try await place.runs().map { $0["script"]?.text } == ["stdin"])
        }
    }

    @Test func `a run is for the date that it is given`() async throws {
        try await Workplace.with("others: { duration: 1ms }") { place, server in
            try place.write("print(run.date) execute 'a'", to: "day.lua")
            for (date, starts) in [("2026-12-24", 1), ("2026-12-24", 1), ("2026-12-25", 2)] {
                let run = try await place.baton("run", "day.lua", "--date", date, "--key", "{date}")
                #expect(run.code == 0 && server.starts.count == starts, "\(run.errors)")
                #expect(run.output == "\(date)\n" || run.output.isEmpty, "\(run.output)")
            }
            #expect(try await place.runs().compactMap { $0["key"]?.text } == ["2026-12-25", "2026-12-24"])
            for wrong in ["2026-02-30", "25.12.2026", "today", "2026-12-25 "] {
                let run = try await place.baton("run", "day.lua", "--date", wrong)
                #expect(run.code == 64 && run.errors.contains("--date takes a date such as"), "\(wrong): \(run.errors)")
            }
        }
    }

    @Test func `the same text is the same line, and another is another`() async throws {
        try await Workplace.with("workflows: { a: { duration: 10ms }, bad: { duration: 10ms, failures: 1 } }") {
            place, server in
            let script = "execute \"a\" execute \"bad\""
            #expect(try await shell("echo '\(script)' | BATON run - --key today", in: place).code == 1)
            let retry = try await place.baton("retry")
            #expect(retry.code == 0, "\(retry.errors)")
            #expect(server.starts == ["a", "bad", "bad"])
            let done = try await shell("echo '\(script)' | BATON run - --key today", in: place)
            #expect(done.code == 0, "\(done.errors)")
            #expect(server.starts.count == 3, "it has succeeded today")
            let other = try await shell("echo 'error \"x\"' | BATON run - --key today", in: place)
            #expect(other.code == 1 && other.errors.contains("run it anew"), "\(other.errors)")
            #expect(!other.errors.contains("--with-current-script"), "\(other.errors)")
            let revised = try await place.baton("retry", "--with-current-script")
            #expect(revised.code == 64 && revised.errors.contains("came through a pipe"), "\(revised.errors)")
        }
    }

    @Test(arguments: [
        ("BATON run - </dev/null", "stdin is empty"),
        ("head -c 1100000 /dev/zero | BATON run -", "holds more than 1 MB"),
        ("printf 'print \"\\xff\"' | BATON check -", "stdin is not UTF-8"),
        ("echo 'execut \"a\"' | BATON check -", "did you mean \"execute\"?"),
        ("echo 'execute \"a' | BATON plan -", "unfinished"), ("BATON run - <&-", "stdin"),
    ])
    func `what is no script says why`(command: String, why: String) async throws {
        let place = try Workplace()
        let run = try await shell(command, in: place)
        #expect(run.code == 64 || run.code == 1, "\(run.code)")
        #expect((run.errors + run.output).contains(why), "\(run.errors)\(run.output)")
    }
}
