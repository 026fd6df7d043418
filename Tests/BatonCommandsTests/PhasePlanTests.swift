import Testing

@testable import BatonCommands

@Suite struct PhasePlanTests {
    @Test func `each argument is a phase, its labels side by side`() throws {
        let plan = try PhasePlan(["wf1", "wf2", "wf3a, wf3b"])
        #expect(plan.phases == [["wf1"], ["wf2"], ["wf3a", "wf3b"]])
        #expect(
            plan.script == """
                phase "phase 1"
                execute "wf1"
                phase "phase 2"
                execute "wf2"
                phase "phase 3"
                parallel { "wf3a", "wf3b" }

                """)
    }

    @Test func `a comma and a backslash can stand in a label`() throws {
        #expect(try PhasePlan([#"a\,b,c"#]).phases == [["a,b", "c"]])
        #expect(try PhasePlan([#"a\\,b"#]).phases == [[#"a\"#, "b"]])
        #expect(try PhasePlan([#"a\b"#]).phases == [[#"a\b"#]])
    }

    @Test func `a label cannot break out of its quotes`() throws {
        #expect(try PhasePlan(["x\" os.exit() --\n"]).script.contains(#"execute "x\" os.exit() --""#))
        #expect(try PhasePlan(["a\u{1}b"]).script.contains(#"execute "a\001b""#))
    }

    @Test(arguments: ["", "a,", ",a", "a,,b", " "])
    func `an empty label is an error`(argument: String) {
        #expect(throws: PhasePlan.ParseError.self) { try PhasePlan([argument]) }
    }

    @Test(arguments: [
        (["@('wf1'),", "@('wf2'),", "@('wf3a','wf3b')"], "baton phases wf1 wf2 wf3a,wf3b"),
        (["@('wf1'), @(\"load all\", 'wf2')"], "baton phases wf1 'load all,wf2'"),
        (["@(wf1)", "wf2"], "baton phases wf1 wf2"), (["@('it''s"], "baton phases"),
    ])
    func `phases as PowerShell writes them are answered with the command`(arguments: [String], command: String) {
        #expect {
            try PhasePlan(arguments)
        } throws: { error in
            (error as? PhasePlan.ParseError)?.message.contains("\n\n  \(command)") == true
        }
    }

    @Test func `a label can begin as they do`() throws {
        #expect(try PhasePlan(["\\@(x)"]).phases == [["@(x)"]])
    }
}
