import DataStudio
import Foundation
import SimulatedStudio
import StudioServer
import Subprocess
import Synchronization
import Testing

/// `kill -9` of the real process at random moments, with a real server and the real file.
@Suite(.timeLimit(.minutes(8))) struct KillTests {
    private static let script = """
        phase "load"
        execute "wf1"
        phase "match"
        parallel { "wf2", "wf3", "wf4" }
        parallel { "wf5", "wf6" }
        execute "wf7"
        print "done"
        """
    private static let labels = (1...7).map { "wf\($0)" }

    /// One night: the seven-workflow plan, killed again and again, and gone on with to its end.
    private func night(_ number: Int, _ kills: Counter) async throws {
        var scenario = Scenario()
        scenario.workflows = Self.labels.map { label in
            Scenario.Entry(
                label: label, workflow: SimulatedWorkflow(duration: .milliseconds(Int64.random(in: 10...90))))
        }
        if number.isMultiple(of: 3) {
            var lost = Fault(.lost)
            lost.operation = .executeWorkflow
            lost.probability = 0.3
            scenario.faults = [lost]
        }
        try await StudioServer.withServer(scenario: scenario) { server in
            let place = try Workplace()
            try place.configure(server, key: "simulated-key", more: "    settle: 300ms\n")
            try place.write(Self.script, to: "night.lua")
            var hasBegun = false
            for _ in 0..<12 {
                let moment = Duration.milliseconds(Int64.random(in: 0...450))
                let run = try await BatonProcess.run(
                    hasBegun ? ["resume"] : ["run", "night.lua"], in: place.url, killAfter: moment)
                // It may have ended before its time was up.
                if run.code != 256 + 9 { break }
                kills.add()
                hasBegun = try await isOpen(place)
            }
            let end = try await isOpen(place) ? place.baton("resume") : place.baton("run", "night.lua")
            let shown = try await place.baton("show").output
            #expect(end.code == 0, "\(end.errors)\(shown)")
            // Where the plan ended before it was killed, the last call began it once more.
            let runs = try await place.baton("runs", "--json", "--state", "succeeded").output.split(separator: "\n")
            let starts = server.log.filter { $0.operation == .executeWorkflow && $0.job != nil }.compactMap(\.label)
            let counts = Dictionary(starts.map { ($0, 1) }, uniquingKeysWith: +)
            let expected = Dictionary(uniqueKeysWithValues: Self.labels.map { ($0, runs.count) })
            #expect(counts == expected, "\(shown)")
        }
    }

    /// True if a run can be gone on with: one that was killed three times before it got anywhere is held.
    private func isOpen(_ place: Workplace) async throws -> Bool {
        let runs = try await place.baton("runs", "--json").output
        return runs.contains(#""state":"interrupted""#) || runs.contains(#""state":"held""#)
    }

    @Test func `two hundred kills at random moments start nothing twice and lose nothing`() async throws {
        let kills = Counter()
        let next = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { while kills.value < 200 { try await night(next.add(), kills) } }
            }
            try await group.waitForAll()
        }
        #expect(kills.value >= 200)
    }
}

/// A number that several tasks count up.
private final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }
    @discardableResult func add() -> Int { number.add(1, ordering: .relaxed).newValue }
}
