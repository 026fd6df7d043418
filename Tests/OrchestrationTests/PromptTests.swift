import Testing

@testable import Orchestration

/// What is typed at a prompt: whether it can be run, what can follow, and what is saved of it.
@Suite struct PromptTests {
    @Test(arguments: [
        ("", SessionInput.empty), ("  -- a word", .empty), ("1 + 1", .complete), ("x = 1", .complete),
        ("execute 'a'", .complete), ("execute {", .unfinished), ("if a then", .unfinished), ("1 +", .unfinished),
        ("for i = 1, 2 do\nprint(i)", .unfinished), ("local t = [[\na", .unfinished), ("--[[ a", .unfinished),
        ("function f() return", .unfinished), ("'a\\", .unfinished), ("return 1, 2", .complete), ("#t", .complete),
    ])
    func `a text is finished, or goes on`(text: String, expected: SessionInput) {
        #expect(SessionInput(text) == expected)
    }

    @Test(arguments: [
        ("1 + + 2", 1, 5), ("x = = 1", 1, 5), ("end", 1, 1), ("f(1,, 2)", 1, 5),
        ("if a then\n  b = = 2\nend", 2, 7), ("'abc", 1, 1), ("x = 3y", 1, 5), ("local 1", 1, 7), ("ä = 1", 1, 1),
        ("print 'ä' = 1", 1, 11), ("goto x", 1, 6),
    ])
    func `what does not parse is marked where it goes wrong`(text: String, line: Int, column: Int) {
        guard case .invalid(let error) = SessionInput(text) else {
            Issue.record("\(SessionInput(text))")
            return
        }
        #expect(error.line == line && error.column == column, "\(error)")
        #expect(!error.message.isEmpty && !error.message.hasPrefix("["))
    }

    @Test(arguments: [
        ("local a = 1", "      a = 1"), ("local a", "      a = nil"), ("local a, b", "      a, b = nil"),
        ("local a <const>, b = 1, 2", "      a , b = 1, 2"),
        ("local function f() local x = 1 end", "      function f() local x = 1 end"),
        ("local a <close> = b", "local a <close> = b"), ("do local a = 1 end", "do local a = 1 end"),
        ("if x then local y end local z", "if x then local y end       z = nil"),
        ("repeat local x until x local y = 2", "repeat local x until x       y = 2"),
        ("for i = 1, 2 do local x end local y = 1", "for i = 1, 2 do local x end       y = 1"),
        ("while a do local x end\nlocal y = 'local z'", "while a do local x end\n      y = 'local z'"),
        ("t = { f = function() local a end } local b = 1", "t = { f = function() local a end }       b = 1"),
    ])
    func `locals outside of blocks become globals`(text: String, code: String) {
        #expect(SessionCode.keepingLocals(text) == code)
    }

    @Test(arguments: [
        ("execute \"w", CompletionContext.label("w")), ("execute('", .label("")), ("start { 'wf", .label("wf")),
        ("parallel { 'a', 'b", .label("b")), ("parallel { { 'a", .label("a")), ("chain { 'a', { 'b", .label("b")),
        ("state 'x", .label("x")), ("print 'x", .nothing), ("execute 'a' -- 'b", .nothing),
        ("execute { 'a', on_timeout = 'l", .value(option: "on_timeout", "l")),
        ("studio.", .field(["studio"], "")), ("studio.work", .field(["studio"], "work")),
        ("a.b.c", .field(["a", "b"], "c")), ("s:fi", .field(["s"], "fi")), ("f().x", .nothing),
        ("execute { 'a', ti", .option(of: "execute", "ti")), ("execute({ 'a', ti", .option(of: "execute", "ti")),
        ("parallel { 'a', { 'b', re", .option(of: "parallel", "re")), ("parallel { li", .option(of: "parallel", "li")),
        ("execute('a', { ti", .option(of: "execute", "ti")), ("execute { 'a' } pri", .name("pri")),
        ("x = exe", .name("exe")), ("", .name("")), ("if ", .name("")), ("-- exe", .nothing), ("{ exe", .name("exe")),
    ])
    func `what can follow depends on where it stands`(text: String, context: CompletionContext) {
        #expect(CompletionContext(text) == context)
    }

    @Test func `a saved session says what the last value was`() {
        var transcript = Transcript()
        #expect(transcript.isEmpty)
        transcript.add("execute 'a'", .succeeded, hasValues: true)
        transcript.add("print(_.state)", .succeeded, hasValues: false)
        transcript.add("_.duration", .succeeded, hasValues: true)
        transcript.add("nothing.x", .failed, hasValues: false)
        transcript.add("t._ = _ + 1", .succeeded, hasValues: false)
        transcript.add("#t", .succeeded, hasValues: true)
        transcript.add("parallel {\n  'b', 'c' }", .succeeded, hasValues: true)
        transcript.add("sleep(3600)", .interrupted(keepsJobs: false), hasValues: false)
        transcript.add("execute { 'd', min = '1m' }", .interrupted(keepsJobs: true), hasValues: false)
        transcript.add("wait(_)", .succeeded, hasValues: true)
        transcript.add("parallel { 'e', 'f' }", .interrupted(keepsJobs: true), hasValues: false)
        transcript.add("for i = 1, 2 do execute 'g' end", .interrupted(keepsJobs: true), hasValues: false)
        #expect(
            transcript.script == """
                local last1 = execute 'a'
                print(last1.state)
                local last2 = last1.duration
                t._ = last2 + 1
                parallel {
                  'b', 'c' }
                -- interrupted at the prompt: its jobs went on
                local last3 = start { 'd', min = '1m' }
                wait(last3)
                -- interrupted at the prompt: its jobs went on
                spawn(function()
                return parallel { 'e', 'f' }
                end)
                -- interrupted at the prompt: its jobs went on
                spawn(function()
                for i = 1, 2 do execute 'g' end
                end)

                """)
    }

    @Test(arguments: [
        (["return 5", "execute 'a'"], ";(function()\nreturn 5\nend)()\nexecute 'a'\n"),
        (["local a <const> = 5", "a = 6"], "      a  = 5\na = 6\n"),
        (["f = function() return _ end", "1 + 1", "f()"], "f = function() return _ end\n_ = 1 + 1\n_ = f()\n"),
        (["function h() return p end", "local p = 5", "h()"], "function h() return p end\n      p = 5\n_ = h()\n"),
        (["x = print", "(x)(1)"], "x = print\n;(x)(1)\n"),
        (["do end ::e:: f()", "do end ::e:: g()"], "do do end ::e:: f() end\ndo do end ::e:: g() end\n"),
    ])
    func `a saved session runs, whatever was typed`(texts: [String], script: String) {
        var transcript = Transcript()
        for text in texts {
            transcript.add(text, .succeeded, hasValues: SessionInput.isExpression(text) && text != "(x)(1)")
        }
        #expect(transcript.script == script)
    }

    @Test func `a saved session goes to the servers that it went to`() {
        var transcript = Transcript()
        transcript.use(server: "two")
        transcript.add("execute 'a'", .succeeded, hasValues: true)
        #expect(transcript.script == "defaults { server = \"two\" }\nexecute 'a'\n")
    }

    @Test(arguments: [
        ("for i = 1, 2 do\n  print(i)\nend", ["for i = 1, 2 do print(i) end"]), ("one", ["one"]),
        ("a = 1 -- why\nb = 2", ["a = 1 -- why", "b = 2"]), ("a = [[\nx]]", ["a = [[", "x]]"]),
        ("a = 3 -\n2", ["a = 3 - 2"]),
    ])
    func `a history has lines`(text: String, entries: [String]) {
        #expect(SessionInput.historyEntries(text) == entries)
    }
}
