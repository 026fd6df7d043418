import Foundation
import Testing

/// `baton repl` without a terminal.
@Suite struct ReplPipeTests {
    private func pipe(_ text: String, _ arguments: [String] = []) async throws -> BatonProcess.Finished {
        let place = try Workplace()
        try place.write(text, to: "input")
        return try await BatonProcess.run(
            ["-c", #"exec "$0" "$@" < input"#, BatonProcess.binary, "repl", "--simulate"] + arguments, in: place.url,
            executable: "/bin/sh")
    }

    @Test func `input that is no terminal runs without a prompt`() async throws {
        let one = try await pipe("print(state(\"wf1\"))\n")
        #expect(one.code == 0 && one.output == "nil\n" && one.errors.isEmpty, "\(one)")
        let more = try await pipe("local a = {\n1,\n\n2 }\n#a\nexecute 'wf1'\n-- nothing\nprint(_.state)")
        #expect(more.code == 0, "\(more)")
        #expect(more.output.contains(/^2\nwf1: COMPLETED in 1\.0 s \(job \d+\)\nCOMPLETED\n$/), "\(more.output)")
        let code = try await pipe("", ["-e", "x = 6", "-e", "x * 7"])
        #expect(code.code == 0 && code.output == "42\n")
    }

    @Test func `looking at something does not lose what runs, and any job can be waited for`() async throws {
        let run = try await pipe(
            """
            start 'wf1'
            state(_) == nil
            wait(_)
            _.label
            studio.workflows()[1]
            :wait 4711
            _.job_id
            :workflows
            :wait 99
            """)
        #expect(
            run.output.contains("false\nwf1: COMPLETED in 1.0 s (job 4711)\n\"wf1\"\n"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("wf1: COMPLETED in 1.0 s (job 4711)\n\"4711\"\n"), "\(run.output)")
        #expect(run.code != 0 && run.errors.contains("job 99"), "\(run.errors)")
    }

    @Test(arguments: [
        ("error('no')\nprint('not here')", 1, "repl:1: no"), ("fail 'no'", 1, "a script would fail here: repl:1: no"),
        ("finish()\nprint('not here')", 0, ""), ("x = = 1", 64, "column 5: unexpected symbol near '='"),
        ("if x then", 64, "the input ends in the middle of: if x then"), ("expect(false, 'odd')", 3, "odd"),
        (":nothing", 64, "there is no command :nothing"),
        (":wait 1 2", 64, "it is written :wait ID"), ("execute { 'a', min = '1h' }", 3, "a:"),
        ("start { 'a', min = '1h' }\nprint('here')", 3, "a:"),
    ])
    func `the exit code is that of the first line that fails`(text: String, code: Int32, error: String) async throws {
        let run = try await pipe(text)
        #expect(run.code == code, "\(run)")
        #expect(error.isEmpty ? run.errors.isEmpty : run.errors.contains(error), "\(run.errors)")
        #expect(!run.output.contains("not here"))
    }
}
