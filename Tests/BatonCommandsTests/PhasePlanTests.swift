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
}
