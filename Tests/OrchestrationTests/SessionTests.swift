import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// A run whose script is typed line by line.
@Suite struct SessionTests {
    /// A session, at its prompt.
    private func session(
        _ scenario: String = "others: { duration: 1s }", patience: Duration = .seconds(300),
        limits: LuaLimits = RunConfiguration.usualLimits
    ) throws -> VirtualRun {
        try VirtualRun("", scenario: scenario, name: "repl", limits: limits, patience: patience) {
            $0.isSession = true
        }.run(until: { _ in true })
    }

    /// Enters a line and waits until it is over.
    @discardableResult
    private func enter(_ text: String, _ run: VirtualRun) throws -> LineEnd {
        let before = run.lineEnds.count
        run.deliver(.enter(text))
        run.goOn(until: { $0.lineEnds.count > before })
        return try #require(run.lineEnds.count > before ? run.lineEnds.last : nil, "\(text) does not end")
    }

    private func value(_ text: String, _ run: VirtualRun) throws -> [ShownValue] {
        let end = try enter(text, run)
        #expect(end.error == nil, "\(String(describing: end.error))")
        return end.values
    }

    @Test func `values are shown, locals stay, and the last value has a name`() throws {
        let run = try session()
        #expect(try value("1 + 1", run) == [.text("2")])
        #expect(try value("_ * 21", run) == [.text("42")])
        #expect(try value("local a, b = 'x\"\\n', nil", run).isEmpty)
        #expect(try value("a", run) == [.text(#""x\"\n""#)])
        #expect(try value("b, a", run) == [.text("nil"), .text(#""x\"\n""#)])
        #expect(try value("local function twice(n) local m = n * 2 return m end", run).isEmpty)
        #expect(try value("twice(4)", run) == [.text("8")])
        #expect(try value("m", run) == [.text("nil")])
        #expect(try value("local limit <const> = 5 local unset", run).isEmpty)
        #expect(try value("limit", run) == [.text("5")])
        #expect(try value("print('a', 1)", run).isEmpty)
        #expect(run.output == ["a\t1"])
    }

    @Test func `a step is a line's value and keeps the session's journal`() throws {
        let run = try session()
        let end = try enter("execute 'wf1'", run)
        guard case .text(let text)? = end.values.first else {
            Issue.record("\(end)")
            return
        }
        #expect(text.hasPrefix("wf1: COMPLETED in 1.0 s (job "))
        #expect(try value("_.state", run) == [.text(#""COMPLETED""#)])
        #expect(run.started == ["wf1"])
        try enter("1", run)
        run.goOn()
        #expect(
            run.trace.filter { !$0.hasPrefix("began") }.prefix(5) == [
                "line line#1", "intent line#1/execute#1", "send wf1", "accepted line#1/execute#1",
                "settled line#1/execute#1",
            ])
    }

    @Test func `tables are shown in order, folded, and inside of themselves`() throws {
        let run = try session()
        #expect(
            try value("{ 3, 'b', z = 1, a = { true }, ['a b'] = 2 }", run) == [
                .table(
                    [
                        .init(key: nil, value: .text("3")), .init(key: nil, value: .text(#""b""#)),
                        .init(key: #"["a b"]"#, value: .text("2")),
                        .init(key: "a", value: .table([.init(key: nil, value: .text("true"))], omitted: 0)),
                        .init(key: "z", value: .text("1")),
                    ], omitted: 0)
            ])
        try enter("local t = { name = 't' } t.own = t", run)
        #expect(
            try value("t", run) == [
                .table(
                    [.init(key: "name", value: .text(#""t""#)), .init(key: "own", value: .text("{ itself }"))],
                    omitted: 0)
            ])
        try enter("local long = {} for i = 1, 10000 do long[i] = i end", run)
        guard case .table(let entries, let omitted)? = try value("long", run).first else {
            Issue.record("no table")
            return
        }
        #expect(entries.count == 50 && omitted == 9950)
        try enter("local deep = {} for i = 1, 100 do deep = { deep } end", run)
        #expect(try value("deep", run).count == 1)
        #expect(try value("execute, print", run) == [.text("a function"), .text("a function")])
        #expect(try value("{ result = execute 'wf1' }", run).description.contains("wf1: COMPLETED"))
    }

    @Test func `an error leaves variables and jobs, and names the line of the session`() throws {
        let run = try session("others: { duration: 1h }")
        try enter("local a = 1\nlocal b = 2", run)
        try enter("local job = start 'slow'", run)
        let end = try enter("error('no')", run)
        #expect(end.error?.text == "repl:4: no")
        #expect(try enter("nothing.x", run).error?.message.contains("attempt to index a nil value") == true)
        #expect(try value("a + b", run) == [.text("3")])
        #expect(try value("job.label", run) == [.text(#""slow""#)])
        #expect(try enter("x =", run).error != nil)
        let failed = try enter("execute { 'bad', min = '1h', max = '1m' }", run)
        #expect(failed.error?.message.contains("is longer than") == true)
        #expect(run.end == nil)
    }

    @Test func `an interrupted line leaves its jobs to the session, and they can be waited for`() throws {
        let run = try session("others: { duration: 1h }")
        run.deliver(.enter("execute 'a' execute 'b'"))
        run.goOn(until: { $0.trace.contains("accepted line#1/execute#1") })
        run.deliver(.interruptLine)
        let end = try #require(run.lineEnds.last)
        #expect(end.isInterrupted && end.kept.map(\.label) == ["a"])
        #expect(try value("_.label", run) == [.text(#""a""#)])
        #expect(try value("state(_)", run).first == .text(#""RUNNING""#))
        run.deliver(.enter("a = a or _ parallel { 'c', 'd', { 'e', timeout = '1m' } }"))
        run.goOn(until: { run in run.started.count == 4 && run.studio.jobs(at: run.now).count == 4 })
        run.goOn(until: { $0.trace.filter { $0.hasPrefix("accepted") }.count == 4 })
        run.deliver(.interruptLine)
        #expect(run.lineEnds.last?.kept.map(\.label) == ["c", "d", "e"])
        #expect(try value("#_", run) == [.text("3")])
        #expect(run.end == nil)
        run.deliver(.closeSession(raises: true))
        run.goOn()
        // The time-out of e is its own, whoever waits.
        #expect(run.end?.status == .timeout)
        #expect(run.started == ["a", "c", "d", "e"])
    }

    @Test func `an interrupt is about the line wherever it comes`() throws {
        let run = try session()
        // The line is entered, and its turn has not begun.
        run.interrupter.interrupt()
        #expect(try enter("while true do end", run).isInterrupted)
        run.deliver(.interruptLine)
        // Between two lines it is about none.
        run.interrupter.interrupt()
        run.deliver(.interruptLine)
        #expect(try value("6 * 7", run) == [.text("42")])
        run.deliver(.enter("sleep(3600) while true do end"))
        run.interrupter.interrupt()
        run.goOn()
        #expect(run.lineEnds.last?.isInterrupted == true)
    }

    @Test func `what had not left when a line was interrupted is not started`() throws {
        let run = try session("others: { duration: 1h }")
        run.deliver(.enter("parallel { limit = 1, 'a', 'b' }"))
        run.deliver(.interruptLine)
        run.goOn(until: { !$0.lineEnds.isEmpty })
        #expect(run.lineEnds.last?.kept.isEmpty == true)
        try enter("1", run)
        run.goOn()
        #expect(run.started.isEmpty)
        run.deliver(.enter("start { 'c', retries = 3 }"))
        run.deliver(.interruptLine)
        run.goOn()
        #expect(run.started.isEmpty)
    }

    @Test func `wait takes up what an interrupt left`() throws {
        let run = try session("others: { duration: 1m }")
        run.deliver(.enter("execute 'a'"))
        run.goOn(until: { $0.trace.contains("accepted line#1/execute#1") })
        run.deliver(.interruptLine)
        #expect(try value("wait(_).state", run) == [.text(#""COMPLETED""#)])
        #expect(run.started == ["a"])
    }

    @Test func `endless loops and memory are the line's, not the session's`() throws {
        let run = try session(limits: LuaLimits(time: .milliseconds(200), memory: 16 << 20, waits: 100))
        try enter("local kept = 7", run)
        let end = try enter("while true do end", run)
        #expect(end.error?.kind == .limit && end.error?.text.hasPrefix("repl:2:") == true, "\(end)")
        #expect(try enter("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", run).error != nil)
        #expect(try enter("while true do wait(spawn(function() end)) end", run).error?.kind == .limit)
        try enter("t = nil", run)
        #expect(try value("kept", run) == [.text("7")])
    }

    @Test func `finish, skip and fail end the line`() throws {
        let run = try session()
        let finished = try enter("finish 'done' print 'not here'", run)
        #expect(finished.end?.status == .succeeded && finished.end?.text == "done" && !finished.isInterrupted)
        #expect(try enter("skip()", run).end?.status == .skipped)
        #expect(try enter("fail 'no'", run).end?.error?.text == "repl:3: no")
        try enter("spawn(function() sleep(1) finish() end)", run)
        run.goOn()
        #expect(
            run.taskEnds.last?.contains("would end the script") == true
                || run.taskEnds.last?.contains("no line") == true)
        #expect(run.output.isEmpty && run.end == nil)
    }

    @Test func `tasks and jobs belong to the session, and tell when they end`() throws {
        let run = try session("workflows: { bad: { outcome: FAILED, duration: 2s } }")
        try enter("local task = spawn(function() sleep(1) return 5 end)", run)
        try enter("spawn(function() sleep(2) error 'oh' end)", run)
        try enter("start 'bad'", run)
        run.goOn()
        #expect(run.taskEnds == ["line#1/spawn#1", "line#2/spawn#1: repl:2: oh"])
        #expect(try value("wait(task)", run) == [.text("5")])
        #expect(run.end == nil)
        run.deliver(.closeSession(raises: false))
        #expect(run.end?.status == .succeeded)
    }

    @Test func `what nobody took is the session's own failure where that is wanted`() throws {
        let run = try session("workflows: { bad: { outcome: FAILED } }")
        try enter("start 'bad'", run)
        run.deliver(.closeSession(raises: true))
        run.goOn()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message.contains("the job FAILED") == true)
    }

    @Test func `phases and defaults last`() throws {
        let run = try session("others: { duration: 1h }")
        try enter("phase 'load' defaults { timeout = '1m' }", run)
        #expect(try enter("execute 'a'", run).error?.kind == .timeout)
        let step = try #require(run.events.compactMap { if case .step(let step) = $0 { step.step } else { nil } }.last)
        #expect(step.phase == "load" && step.location == "repl:2")
    }

    @Test func `a server that is lost is told, and the session goes on`() throws {
        let run = try session(
            "others: { duration: 1h }\nfaults: [ { fault: 503, operation: listJobs, skip: 1, count: 16 } ]",
            patience: .seconds(60))
        let end = try enter("execute 'a'", run)
        #expect(end.error?.kind == .unreachable && end.kept.map(\.label) == ["a"], "\(end)")
        #expect(run.end == nil)
        #expect(try value("wait(_).state", run) == [.text(#""COMPLETED""#)])
        #expect(run.started == ["a"])
    }

    @Test func `a refused key raises, and the job can be waited for once it is right`() throws {
        let run = try session(
            "others: { duration: 1h }\nfaults: [ { fault: 401, operation: listJobs, skip: 1, count: 1 } ]")
        let end = try enter("execute 'a'", run)
        #expect(end.error?.kind == .auth && end.kept.map(\.label) == ["a"], "\(end)")
        #expect(try value("wait(_).state", run) == [.text(#""COMPLETED""#)])
    }

    @Test func `a line that waits for a doubt is left, and the doubt is told`() throws {
        let run = try session(
            "others: {}\nfaults: [ { fault: lost, operation: executeWorkflow, count: 1 }, { fault: 405, operation: listJobs } ]"
        )
        let end = try enter("execute 'a'", run)
        #expect(end.error?.message.contains("nobody knows whether it was started") == true, "\(end)")
        #expect(try value("1", run) == [.text("1")])
        run.deliver(.closeSession(raises: true))
        #expect(run.end?.status == .ambiguous)
    }

    /// What another process finds open in a log, which it reads without running anything.
    private func takenUp(_ log: [Record], _ run: VirtualRun) throws -> (
        settled: [String], watched: [String], starts: Int
    ) {
        let machine = try RunMachine(run.configuration, at: run.now)
        let actions = try machine.resume(log, at: run.now)
        let keys = Dictionary(uniqueKeysWithValues: machine.openSteps.map { ($0.id, $0.key) })
        var (settled, watched, starts): ([String], [String], Int) = ([], [], 0)
        for action in actions {
            switch action {
            case .settle(let id, _, _): settled.append(keys[id] ?? "?")
            case .watch(let id, _, _): watched.append(keys[id] ?? "?")
            case .start: starts += 1
            default: break
            }
        }
        return (settled.sorted(), watched.sorted(), starts)
    }

    @Test func `wherever a session dies, what is open is followed, and nothing is started`() throws {
        let run = try session(
            """
            others: { duration: 10s }
            workflows: { flaky: { duration: 1s, failures: 2 }, quick: { duration: 100ms } }
            faults: [ { fault: lost, operation: executeWorkflow, label: lost, count: 1 }, { fault: 503, operation: executeWorkflow, label: busy, count: 1 } ]
            """)
        try enter("execute { 'flaky', retries = 3, retry_delay = 2 }", run)
        try enter("start 'quick'", run)
        try enter("parallel { 'lost', 'busy', { 'late', timeout = '1s' }, on_failure = 'collect' }", run)
        run.deliver(.enter("execute 'slow' execute 'never'"))
        run.goOn(until: { $0.started.last == "slow" })
        run.goOn(until: { _ in run.trace.last { $0.hasPrefix("accepted") } == "accepted line#4/execute#1" })
        run.deliver(.interruptLine)
        run.goOn(until: { $0.studio.jobs(at: $0.now).allSatisfy { $0.state.isFinal } })
        run.goOn()
        let log = run.records
        #expect(run.started.contains("never") == false && log.count > 20)
        var (settled, watched) = (0, 0)
        for count in 1...log.count {
            let part = Array(log.prefix(count))
            // The last word on each attempt that was sent.
            var last: [String: RecordBody] = [:]
            for record in part {
                switch record.body {
                case .intent, .accepted, .void, .settled, .ambiguous:
                    // What a step had left when its time was up is followed by another.
                    let isLeft = record.key.hasSuffix("/left")
                    last[isLeft ? String(record.key.dropLast(5)) : record.key] = record.body
                default: break
                }
            }
            let open = last.filter { if case .intent = $0.value { true } else { false } }.map(\.key).sorted()
            let running = last.filter { if case .accepted = $0.value { true } else { false } }.map(\.key).sorted()
            let found = try takenUp(part, run)
            #expect(found.settled == open && found.watched == running && found.starts == 0, "after record \(count)")
            settled += open.count
            watched += running.count
        }
        #expect(settled > 5 && watched > 10)
    }

    @Test func `a person who wants a start once more gets the same`() throws {
        let run = try session(
            "others: {}\nfaults: [ { fault: lost, operation: executeWorkflow, count: 1 }, { fault: 405, operation: listJobs } ]"
        )
        try enter("execute { 'a', params = { region = 'EU' }, refresh = false }", run)
        run.detach()
        var log = run.records
        let last = try #require(log.last)
        log.append(
            Record(
                sequence: last.sequence + 1, key: "line#1/execute#1", attempt: 1, at: run.now,
                body: .resolved(.restart, by: "somebody")))
        let machine = try RunMachine(run.configuration, at: run.now)
        let starts = try machine.resume(log, at: run.now).compactMap { action -> WorkflowStart? in
            if case .start(_, _, let start) = action { start } else { nil }
        }
        #expect(starts.count == 1)
        #expect(starts.first?.parameters.map(\.name) == ["region"] && starts.first?.refresh == false)
    }

    @Test func `a server that is lost is another's no business`() throws {
        let run = try VirtualRun(
            "",
            scenario: "others: { duration: 1h }\nfaults: [ { fault: 401, operation: listJobs, skip: 1, count: 1 } ]",
            name: "repl", spaces: ["other": nil]
        ) { $0.isSession = true }.run(until: { _ in true })
        run.deliver(.enter("start { 'a', server = 'other' } sleep(60)"))
        run.goOn(until: { !$0.lineEnds.isEmpty })
        // Whose server it was that refused the key.
        #expect(run.lineEnds.last?.error == nil)
        #expect(
            run.events.contains {
                if case .log(.error, let text) = $0 { text.contains("refused the key") } else { false }
            })
        #expect(try value("wait(start 'b').state", run) == [.text(#""COMPLETED""#)])
    }

    @Test func `a line that nothing can end is left`() throws {
        let run = try session()
        let end = try enter("local t; t = spawn(function() wait(u) end) local c = coroutine.wrap(wait) wait(t)", run)
        #expect(end.error != nil)
        #expect(try value("1", run) == [.text("1")])
    }
}

extension VirtualRun {
    /// What the lines of a session came to.
    var lineEnds: [LineEnd] {
        events.compactMap { if case .lineEnded(let end) = $0 { end } else { nil } }
    }

    /// Tasks of a session that ended beside its lines.
    var taskEnds: [String] {
        events.compactMap {
            if case .taskEnded(let name, _, let error) = $0 { name + (error.map { ": \($0.text)" } ?? "") } else { nil }
        }
    }
}
