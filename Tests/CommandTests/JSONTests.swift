import DataStudio
import Foundation
import JSON
import Testing

/// `--json`: what programs read.
@Suite(.timeLimit(.minutes(2))) struct JSONTests {
    private func events(_ run: BatonProcess.Finished) throws -> [JSON] {
        try run.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    @Test func `every line is an object, and the last one and no other is ended`() async throws {
        let run = try await Workplace().run(
            "print('hello\\nworld') log.warn 'careful' phase 'p' execute 'a' pcall(execute, 'bad')",
            scenario: "workflows: { a: { duration: 10ms }, bad: { duration: 10ms, outcome: FAILED, message: no } }",
            "--json")
        #expect(run.code == 0)
        let events = try events(run)
        let names = events.compactMap { $0["event"]?.text }
        #expect(names.count == events.count)
        #expect(names.filter { $0 == "ended" }.count == 1)
        #expect(names.last == "ended")
        #expect(names.first == "began")
        #expect(events.allSatisfy { Timestamp($0["at"]) != nil })
        #expect(events.first { $0["event"] == "print" }?["text"] == "hello\nworld")
        #expect(events.last?["exit_code"] == 0)
        let steps = events.filter { $0["event"] == "step" && $0["label"] == "a" }
        #expect(steps.map { $0["change"]?.text } == ["starting", "accepted", "ended"])
        #expect(steps.last?["outcome"] == "succeeded")
        #expect(steps.last?["phase"] == "p")
        #expect(steps.last?["where"] == "test.lua:2" || steps.last?["where"] == "test.lua:1")
        #expect(steps.last?["job_id"] == "4711")
    }

    @Test func `a failure says kind, place and causes`() async throws {
        let run = try await Workplace().run(
            "parallel { 'bad', 'bad' }", scenario: "workflows: { bad: { duration: 10ms, outcome: FAILED } }", "--json")
        let ended = try #require(try events(run).last)
        #expect(run.code == 1)
        #expect(ended["status"] == "failed")
        #expect(ended["error"]?["kind"] == "failed")
        #expect(ended["error"]?["where"] == "test.lua:1")
        #expect(ended["error"]?["causes"]?.elements?.count == 2)
    }

    @Test func `a run that was not begun ends with one object too`() async throws {
        let run = try await Workplace().run("execute {", scenario: "others: {}", "--json")
        #expect(run.code == 64)
        let events = try events(run)
        #expect(events.count == 1)
        #expect(events[0]["event"] == "ended")
        #expect(events[0]["exit_code"] == 64)
        let place = try Workplace()
        let missing = try await place.baton("run", "--simulate", "--json", "none.lua")
        #expect(try self.events(missing).map { $0["status"] } == ["usage"])
    }
}
