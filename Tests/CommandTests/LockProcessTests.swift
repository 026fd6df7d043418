import DataStudio
import Foundation
import JSON
import StudioServer
import Subprocess
import Testing

/// Locks and pools over several processes.
@Suite(.timeLimit(.minutes(3))) struct LockProcessTests {
    private static let holder = "lock('warehouse', function() execute 'long' execute 'after' end)"
    private static let waiter = "print(lock('warehouse', function() execute 'b' return 'got it' end))"

    @Test func `a run that was killed keeps its lock, and gives it back when it has been resumed`() async throws {
        try await Workplace.with(
            "workflows: { long: { duration: 3s }, after: { duration: 50ms }, b: { duration: 50ms } }"
        ) {
            place, server in
            try place.write(Self.holder, to: "a.lua")
            try place.write(Self.waiter, to: "b.lua")
            let killed = try await BatonProcess.run(["run", "a.lua"], in: place.url, whenErrorsSay: "accepted") {
                _, send in try send(.kill)
            }
            #expect(killed.code != 0)
            let run = try await BatonProcess.run(["run", "b.lua"], in: place.url, whenErrorsSay: "is interrupted") {
                _, _ in
                let locks = try await place.baton("locks", "--json")
                let rows = try locks.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
                #expect(rows.compactMap { $0["state"]?.text } == ["held", "waiting"], "\(locks.output)")
                #expect(rows.first?["where"]?.text == "a.lua:1")
                let refused = try await place.baton("unlock", "warehouse", "a")
                #expect(refused.code == 1 && refused.errors.contains("baton resume "), "\(refused.errors)")
                #expect(try await place.baton("resume", "a").code == 0)
            }
            #expect(run.code == 0 && run.output == "got it\n", "\(run.errors)")
            #expect(
                run.errors.contains("held by run ")
                    && run.errors.contains("(a.lua:1), which is interrupted: baton resume "))
            #expect(server.starts == ["long", "after", "b"])
            #expect(try await place.baton("locks").output == "No run holds a lock, and none waits for one.\n")
        }
    }

    @Test func `a job that is left running keeps the lock until it has ended, or a person gives it back`() async throws
    {
        try await Workplace.with("workflows: { long: { duration: 1h }, b: { duration: 50ms } }") { place, server in
            try place.write("pcall(lock, 'warehouse', function() execute { 'long', timeout = 0.2 } end)", to: "a.lua")
            try place.write(Self.waiter, to: "b.lua")
            #expect(try await place.baton("run", "a.lua").code == 0)
            let run = try await BatonProcess.run(["run", "b.lua"], in: place.url, whenErrorsSay: "may still run") {
                _, _ in
                #expect(try await place.baton("locks").output.contains("kept by job "))
                let given = try await place.baton("unlock", "warehouse", "a")
                #expect(given.output.hasPrefix("lock \"warehouse\" is given back (a.lua:1).\n  long: job "), "\(given)")
            }
            #expect(run.code == 0 && run.output == "got it\n", "\(run.errors)")
            #expect(run.errors.contains("if it does not: baton unlock warehouse "), "\(run.errors)")
            #expect(try await place.baton("show", "a").output.contains("gave back \"warehouse\""))
        }
    }

    @Test func `a job that was left running and ends gives the lock back by itself`() async throws {
        try await Workplace.with("workflows: { long: { duration: 2s }, b: { duration: 50ms } }") { place, server in
            try place.write("pcall(lock, 'warehouse', function() execute { 'long', timeout = 0.2 } end)", to: "a.lua")
            try place.write(Self.waiter, to: "b.lua")
            #expect(try await place.baton("run", "a.lua").code == 0)
            let run = try await place.baton("run", "b.lua")
            #expect(run.code == 0 && run.output == "got it\n", "\(run.errors)")
            // Who does not want to wait asks the server, too.
            #expect(try await place.baton("run", "a.lua").code == 0)
            while server.jobs().contains(where: { $0.finished == nil }) { try await Task.sleep(for: .milliseconds(20)) }
            try place.write("print(lock('warehouse', function() return 'at once' end, { wait = 0 }))", to: "c.lua")
            let once = try await place.baton("run", "c.lua")
            #expect(once.output == "at once\n", "\(once)")
            let long = try #require(server.jobs().first { $0.label == "long" })
            let next = try #require(server.jobs().first { $0.label == "b" })
            #expect(try #require(long.finished) <= #require(next.created))
        }
    }

    @Test func `of two runs that wait for each other the last one gets an error with both lines`() async throws {
        try await Workplace.with("others: { duration: 200ms }") { place, server in
            try place.configure(server, key: "simulated-key", more: "files: [\"\(place.url.path)\"]")
            func script(_ outer: String, _ inner: String) -> String {
                """
                local ok, e = pcall(lock, "\(outer)", function()
                  log.warn "holds \(outer)"
                  repeat local both = file.stat("\(place.url.path)/go") if not both then sleep(0.05) end until both
                  lock("\(inner)", function() execute "\(outer)" end)
                end)
                print(ok, not ok and e.kind, not ok and e.message)
                """
            }
            try place.write(script("one", "two"), to: "a.lua")
            try place.write(script("two", "one"), to: "b.lua")
            async let first = BatonProcess.run(["run", "a.lua"], in: place.url)
            let second = try await BatonProcess.run(["run", "b.lua"], in: place.url, whenErrorsSay: "holds two") {
                _, _ in
                while try await place.baton("locks", "--json").output.split(separator: "\n").count < 2 {}
                try place.write("", to: "go")
            }
            let runs = [try await first, second]
            #expect(runs.allSatisfy { $0.code == 0 }, "\(runs.map(\.errors))")
            #expect(runs.count { $0.output.hasPrefix("true") } == 1, "\(runs.map(\.output))")
            let told = runs.first { $0.output.hasPrefix("false\tscript\t") }?.output ?? ""
            #expect(
                told.contains("would wait for ever") && told.contains("a.lua:4") && told.contains("b.lua:4"), "\(told)")
        }
    }
}
