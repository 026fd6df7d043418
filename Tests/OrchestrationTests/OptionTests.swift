import DataStudio
import JSON
import Orchestration
import Testing

/// Bad input: what it got, what it takes, where; and nothing started.
@Suite struct OptionTests {
    @Test(arguments: [
        (#"execute { "a", timeot = 3 }"#, #"execute: "a": unknown option "timeot" (did you mean "timeout"?)"#),
        (#"execute("a", { retrys = 3 })"#, #"execute: unknown option "retrys""#),
        (#"execute { "a", timeout = -3 }"#, #"execute: "a": the option "timeout" cannot be negative; got -3"#),
        (#"execute { "a", timeout = "-3m" }"#, #"the option "timeout" cannot be negative; got "-3m""#),
        (#"execute { "a", timeout = "soon" }"#, #"the option "timeout" takes seconds or a duration"#),
        (#"execute { "a", refresh = "no" }"#, #"the option "refresh" takes true or false; got "no""#),
        (#"execute { "a", version = "final" }"#, #"the option "version" takes "published" or "draft"; got "final""#),
        (#"execute { "a", min = "2m", max = "1m" }"#, #"the option "min" (2m 0s) is longer than "max" (1m 0s)"#),
        (#"execute { "a", check = true }"#, #"the option "check" takes a function; got true"#),
        (#"execute { "a", params = { "x" } }"#, #""params" is a table of names and values, not a list"#),
        (
            #"execute { "a", params = { x = {} } }"#,
            "params.x: a string, a number or a boolean was expected; got a table"
        ),
        (#"execute { "a", sources = { { source = "s" } } }"#, "sources[1]: source and dataset are required"),
        (#"execute { "a", detach = true }"#, #"the option "detach" is for start only"#),
        (#"execute { "a", "b" }"#, #"a second value follows "a": "b""#),
        (#"execute {}"#, "the label is missing"),
        (#"execute(3)"#, "a workflow's label was expected, a text; got 3"),
        (#"execute("a", 3)"#, "options are a table; got 3"),
        (#"execute { "a", server = "staging" }"#, #"the server "staging" is not configured"#),
        (#"parallel { "a", nil, "b" }"#, "parallel: the list has a hole at position 2"),
        (#"parallel("a", nil, "b")"#, "item 2: a label, { label, option = … }, a function, a handle, a chain or false"),
        (#"parallel { "a", 7 }"#, "item 2: a label"),
        (#"parallel { { "a", "b" } }"#, #"item 1: one label was expected; a second value follows "a": "b""#),
        (#"parallel { { "a", mx = 1 } }"#, #"item 1, "a": unknown option "mx" (did you mean "max"?)"#),
        (#"parallel { x = "a" }"#, #"unknown option "x""#),
        (#"parallel { "a", limit = 0 }"#, #"the option "limit" takes a whole number from 1 on; got 0"#),
        (#"parallel { "a", on_failure = "stop" }"#, #"takes "finish", "continue", "cancel" or "collect"; got "stop""#),
        (#"wait(chain { "a", on_failure = "cancel" })"#, #"takes "finish" or "continue"; got "cancel""#),
        (#"defaults { on_failure = "collect" }"#, #"takes "finish", "continue" or "cancel"; got "collect""#),
        (#"defaults { limit = 2 }"#, #"unknown option "limit""#),
        (#"wait("5m")"#, #"for a duration use sleep("5m")"#),
        (#"wait {3}"#, "a handle of start or spawn, or a job was expected"),
        (#"wait_any {}"#, "the list of handles is empty"),
        (#"sleep(-1)"#, "sleep: the duration cannot be negative; got -1"),
        (#"state(true)"#, "a job or a label was expected; got true"),
        (#"spawn "a""#, #"a function was expected; got "a""#),
        (#"timeout(3, "a")"#, "a function was expected second"),
        (#"phase()"#, "a name was expected; got nil"),
        (#"seconds "x""#, "seconds takes seconds or a duration"),
    ])
    func `a bad call says what is wrong and where`(script: String, message: String) throws {
        let run = try VirtualRun(script).run()
        let error = try #require(run.end?.error)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(error.location == "test.lua:1")
        #expect(run.end?.status == .failed)
        #expect(run.started.isEmpty)
    }

    @Test func `options reach the server as its API names them`() throws {
        let run = try VirtualRun(
            """
            execute { "a", space = "Customer", version = "draft", dependencies = "published", refresh = false,
              params = { whole = 3.0, half = 0.5, int = 9007199254740993, flag = true, text = "x" },
              sources = { { source = "In", dataset = "D", columns = { A = "B" } } } }
            """
        ).run()
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
        guard case .intent(let intent)? = run.records.first(where: { $0.body.kind == "intent" })?.body else {
            Issue.record("no intent")
            return
        }
        let request = try StudioAPI(.default()).startRequest(intent.start)
        #expect(
            request.body?.jsonText == """
                {"externalLabel":"a","spaceExternalLabel":"Customer","versionToExecute":"PreferDraft",\
                "dependenciesToUse":"PublishedOnly","refreshSources":false,"workflowParameters":{"flag":"true",\
                "half":"0.5","int":"9007199254740993","text":"x","whole":"3"},"sources":[{"sourceStepLabel":"In",\
                "datasetExternalLabel":"D","columnMapping":{"A":"B"}}]}
                """)
    }

    @Test func `options of the list hold for every label and yield to the item's own`() throws {
        let run = try VirtualRun(#"parallel { "a", { "b", space = "Two" }, space = "One" }"#).run()
        let spaces = run.records.compactMap { record -> String? in
            if case .intent(let intent) = record.body { intent.start.space } else { nil }
        }
        #expect(spaces == ["One", "Two"])
    }

    @Test func `an unknown label and a missing parameter are refused in the server's words`() throws {
        let unknown = try VirtualRun(#"execute "wf9""#, scenario: "workflows: { a: {} }").run()
        #expect(unknown.end?.error?.kind == .rejected)
        #expect(unknown.end?.error?.message.contains(#"No workflow with the external label "wf9""#) == true)
        let missing = try VirtualRun(#"execute "a""#, scenario: "workflows: { a: { requires: [region] } }").run()
        #expect(missing.end?.error?.kind == .rejected)
        #expect(missing.end?.error?.message.contains(#"Parameter "region" is required"#) == true)
    }
}
