import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Tasks: their tree, waiting for them, stopping them.
@Suite struct TaskTests {
    @Test func `a started job goes on beside the script and is waited for`() throws {
        let run = try VirtualRun(
            """
            local j = start "long"
            print(j, j.job_id, j.label)
            execute "short"
            print(wait(j).label)
            """, scenario: "workflows: { long: { duration: 3s }, short: { duration: 1s } }"
        ).run()
        #expect(run.output == ["job 4711 (long)\t4711\tlong", "long"])
        #expect(run.duration < 3.9)
    }

    @Test func `the script does not end before what it started, and a failure nobody took is raised then`() throws {
        let run = try VirtualRun(
            """
            start "bad"
            print "last line"
            """, scenario: "workflows: { bad: { duration: 2s, outcome: FAILED } }"
        ).run()
        #expect(run.output == ["last line"])
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.location == "test.lua:1")
        #expect(run.duration >= 2)
    }

    @Test func `a detached job is not waited for, and is named`() throws {
        let run = try VirtualRun(
            #"start("long", { detach = true })"#, scenario: "workflows: { long: { duration: 1h } }"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.end?.running.map(\.label) == ["long"])
        #expect(run.duration < 1)
    }

    @Test func `wait takes a list, a timeout, and gives a failure's error`() throws {
        let run = try VirtualRun(
            """
            local a, b = start "a", start "b"
            local r = wait { a, b }
            print(r.n, r[1].label, r[2].label)
            local l = start "long"
            local ok, e = pcall(wait, l, 1)
            print(e.kind, e.running)
            print(wait(l).state)
            local bad = spawn(function() error({ code = 7 }) end)
            local ok, e = pcall(wait, bad)
            print(ok, e.code)
            """, scenario: "others: { duration: 1s }\nworkflows: { long: { duration: 3s } }"
        ).run()
        #expect(run.output == ["2\ta\tb", "timeout\ttrue", "COMPLETED", "false\t7"])
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
    }

    @Test func `wait_any gives the first, or its failure with the index; the others go on`() throws {
        let run = try VirtualRun(
            """
            local i, r = wait_any { start "slow", start "fast" }
            print(i, r.label)
            local ok, e = pcall(wait_any, { start "slow", start "bad" })
            print(ok, e.kind, e.index)
            """, scenario: "others: { duration: 5s }\nworkflows: { fast: {}, bad: { outcome: FAILED } }"
        ).run()
        #expect(run.output == ["2\tfast", "false\tfailed\t2"])
        #expect(run.end?.status == .succeeded)
        #expect(run.duration >= 6)
    }

    @Test func `spawn gives arguments in and values out, and waits for its own`() throws {
        let run = try VirtualRun(
            """
            local t = spawn(function(a, b) start "a" return a + b, "second" end, 3, 4)
            print(wait(t))
            print(t)
            """
        ).run()
        #expect(run.output == ["7\tsecond", "task spawn#1"])
        #expect(run.duration >= 1)
    }

    @Test func `the error of a spawned task shows both stacks`() throws {
        let run = try VirtualRun(
            """
            local function inner() error "deep" end
            local t = spawn(function()
              inner()
            end)
            wait(t)
            """
        ).run()
        let error = try #require(run.end?.error)
        #expect(error.message == "deep")
        #expect(error.location == "test.lua:1")
        #expect(error.traceback.contains("test.lua:3"))
        #expect(error.traceback.contains("test.lua:5"))
    }

    @Test func `timeout stops the block, leaves its jobs, and no pcall inside holds it`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(timeout, 1, function()
              while true do pcall(execute, "long") end
            end)
            print(ok, e.kind, e.running)
            execute "after"
            """, scenario: "workflows: { long: { duration: 1h }, after: {} }"
        ).run()
        #expect(run.output == ["false\ttimeout\ttrue"])
        #expect(run.started == ["long", "after"])
        #expect(run.end?.status == .succeeded)
        #expect(run.end?.running.map(\.label) == ["long"])
    }

    @Test func `close handlers run when a block is stopped`() throws {
        let run = try VirtualRun(
            """
            pcall(timeout, 1, function()
              local guard <close> = setmetatable({}, { __close = function() print "closed" end })
              sleep(100)
            end)
            print "after"
            """
        ).run()
        #expect(run.output == ["closed", "after"])
    }

    @Test func `cancel stops a task and its jobs, and whoever waits gets cancelled`() throws {
        let run = try VirtualRun(
            """
            local t = spawn(function() pcall(execute, "long") print "never" end)
            sleep(1)
            print(cancel(t))
            local ok, e = pcall(wait, t)
            print(ok, e.kind)
            print(cancel(t))
            """, scenario: "{ operations: [cancelJob], workflows: { long: { duration: 1h } } }"
        ).run()
        #expect(run.output == ["true", "false\tcancelled", "false\tit is over already"])
        #expect(run.studio.jobs(at: run.now).map(\.state) == [.cancelled])
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
    }

    @Test func `cancel of a job says when the server cannot`() throws {
        let run = try VirtualRun(#"print(cancel(start "a"))"#).run()
        #expect(run.output.first?.hasPrefix("false\t") == true)
        #expect(run.end?.status == .succeeded)
    }

    @Test func `finish ends the run from any depth as a success, fail as a failure`() throws {
        let finished = try VirtualRun(
            """
            parallel { function() sleep(0.1) pcall(finish, "nothing to do") print "never" end, "long" }
            print "never"
            """, scenario: "workflows: { long: { duration: 1h } }"
        ).run()
        #expect(finished.end?.status == .succeeded)
        #expect(finished.end?.text == "nothing to do")
        #expect(finished.end?.running.map(\.label) == ["long"])
        #expect(finished.output.isEmpty)
        let failed = try VirtualRun("phase(\"p\", function()\n  pcall(fail, \"no data\")\nend)").run()
        #expect(failed.end?.status == .failed)
        #expect(failed.end?.error?.text == "test.lua:2: no data")
    }

    @Test func `tasks that wait for each other end with an error instead of hanging`() throws {
        let run = try VirtualRun(
            """
            local a, b
            a = spawn(function() sleep(1) wait(b) end)
            b = spawn(function() sleep(1) wait(a) end)
            """
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message.contains("wait") == true)
    }

    @Test(arguments: [
        ("local function f(n) wait(spawn(f, n + 1)) end f(1)", "tasks are nested more than 200 deep"),
        ("local c = 'a' for i = 1, 800 do c = chain { c } end wait(c)", "chains are nested more than 50 deep"),
        ("local e = select(2, pcall(execute, 'bad')) e.causes = { e, e } error(e)", "FAILED"),
        ("error(setmetatable({}, { __tostring = function() error 'x' end }))", ""),
        ("error(print)", "the script raised a function"),
    ])
    func `no script can overflow the host`(script: String, message: String) throws {
        let run = try VirtualRun(script, scenario: "workflows: { a: {}, bad: { outcome: FAILED } }").run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message.contains(message) == true, "\(run.end?.error?.message ?? "")")
    }

    @Test func `a thousand functions side by side are no matter`() throws {
        let run = try VirtualRun(
            """
            local t = {}
            for i = 1, 1000 do t[i] = function() sleep(1) return i end end
            local r = parallel(t)
            print(r.n, r[1000])
            """
        ).run()
        #expect(run.output == ["1000\t1000"])
    }

    @Test func `state asks for a job and for a label`() throws {
        let run = try VirtualRun(
            """
            print(state "a")
            local j = start "a"
            print(state(j))
            wait(j)
            local s, job = state "a"
            print(s, job.job_id, job.label)
            """, scenario: "workflows: { a: {} }"
        ).run()
        #expect(run.output == ["nil", "RUNNING\tjob 4711 (a)", "COMPLETED\t4711\ta"])
    }

    @Test func `a host function waits inside coroutines of the script`() throws {
        let run = try VirtualRun(
            """
            local function labels()
              for _, label in ipairs { "a", "b" } do
                coroutine.yield(execute(label))
              end
            end
            for r in coroutine.wrap(labels) do print(r.label) end
            """
        ).run()
        #expect(run.output == ["a", "b"])
    }
}
