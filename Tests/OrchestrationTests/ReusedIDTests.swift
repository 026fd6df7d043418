import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Servers that give the ids of jobs away again after a restart: a job that has the id of ours is not ours for that.
@Suite struct ReusedIDTests {
    private static let keys = """
        key: first-key-abcd
        keys: { second-key-wxyz: other.user }
        """
    private static let restart = "{ fault: down, from: 8s, for: 2s, jobs: reuse_ids }"

    /// Our job has been seen in the first life, or only its id is known. The workflow of the job that gets the id.
    @Test(arguments: [(false, "other"), (true, "other"), (false, "a"), (true, "a")], [true, false])
    func `a job that has got the id of ours while the process was dead is not taken for it`(
        job: (isSeen: Bool, label: String), tellsWhose: Bool
    ) throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                tells_whose: \(tellsWhose)
                workflows: { a: { duration: 5s }, other: { duration: 1s } }
                faults: [ \(job.isSeen ? "" : "{ fault: vanish, for: 8s }, ")\(Self.restart) ]
                """, patience: .seconds(60))
        night.addStart(of: job.label, key: "second-key-wxyz", after: .seconds(11))
        try night.live { night in
            job.isSeen ? !night.sights.isEmpty : night.records.contains { $0.body.kind == "accepted" }
        }
        night.kill()
        night.pass(.seconds(14))
        try night.live()
        #expect(night.studio.jobs(at: night.now).map(\.id.text) == night.made.map(\.job.text), "the id is the same")
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent accepted ambiguous")
    }

    @Test(arguments: [true, false])
    func `a job that was known before ours has been forgotten: the id says nothing`(tellsWhose: Bool) throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                tells_whose: \(tellsWhose)
                others: { duration: 20s }
                faults: [ { fault: vanish, label: a, for: 8s }, \(Self.restart) ]
                """, patience: .seconds(60))
        night.addEarlierJob("x", by: "other.user", ago: .seconds(600))
        for (index, label) in ["y", "a"].enumerated() {
            night.addStart(of: label, key: "second-key-wxyz", after: .seconds(11 + index))
        }
        try night.live { $0.records.contains { $0.body.kind == "accepted" } }
        night.kill()
        night.pass(.seconds(14))
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent accepted ambiguous")
    }

    /// The server has a job of before, or none; without one it has to tell users.
    @Test(arguments: [(true, true), (true, false), (false, true)])
    func `our own job is known again, although no life has seen it`(hasEarlier: Bool, tellsWhose: Bool) throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                tells_whose: \(tellsWhose)
                others: { duration: 20s }
                faults: [ { fault: vanish, label: a, for: 8s } ]
                """)
        if hasEarlier { night.addEarlierJob("x", by: "other.user", ago: .seconds(600)) }
        try night.live { $0.records.contains { $0.body.kind == "accepted" } }
        night.kill()
        night.pass(.seconds(10))
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.story(of: "execute#1") == "intent accepted settled")
        #expect(night.end?.status == .succeeded)
    }

    /// The server answers a start, restarts before it has shown the job, and gives its id to a stranger's.
    @Test(arguments: [true, false])
    func `what is first seen of a job long after its start may be that of another`(isKnownServer: Bool) throws {
        let script = isKnownServer ? #"execute "z" sleep(20) execute "a""# : #"sleep(22) execute "a""#
        let night = try TwoLives(
            script,
            scenario: """
                \(Self.keys)
                others: { duration: 2s }
                faults:
                  - { fault: vanish, label: a, for: 34s }
                  - { fault: down, from: 34s, for: 2s, jobs: reuse_ids }
                """, patience: .seconds(60))
        // As many as there were, and then one with the id of ours.
        let labels = isKnownServer ? ["y", "other"] : ["other"]
        for (index, label) in labels.enumerated() {
            night.addStart(of: label, key: "second-key-wxyz", after: .seconds(37 + index))
        }
        try night.live()
        let step = isKnownServer ? "execute#2" : "execute#1"
        #expect(night.studio.jobs(at: night.now).last?.id == night.made.last?.job, "the id is the same")
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.story(of: step) == "intent accepted ambiguous")
    }

    /// The first job is lost before it was seen, the second gets its id, and the answer to the second start is missing.
    @Test(arguments: [true, false])
    func `an id that is known from before does not show that a start has not happened`(tellsWhose: Bool) throws {
        let night = try TwoLives(
            #"start "a" sleep(12) execute "a""#,
            scenario: """
                \(Self.keys)
                tells_whose: \(tellsWhose)
                others: { duration: 60s }
                faults:
                  - { fault: vanish, for: 10s }
                  - { fault: down, from: 4s, for: 3s, jobs: reuse_ids }
                  - { fault: lost, operation: executeWorkflow, skip: 1, count: 1 }
                """, patience: .seconds(60))
        try night.live()
        #expect(night.started == ["a", "a"], "\(night.wrongs)")
        #expect(Set(night.made.map(\.job)).count == 1, "the id is the same")
        #expect(night.end?.status == .ambiguous)
    }

    /// A restart with the loss of all jobs while a start is in doubt: the list is as empty as if nothing had happened.
    @Test(arguments: ["lose", "reuse_ids"], [true, false])
    func `a server that has forgotten its jobs does not show that a start has not happened`(
        restart: String, hasEarlier: Bool
    ) throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                others: { duration: 20s }
                faults: [ { fault: down, from: 1s, for: 5s, jobs: \(restart) } ]
                """)
        if hasEarlier { night.addEarlierJob("x", ago: .seconds(600)) }
        try night.live { $0.sent == 1 }
        night.kill()
        night.pass(.seconds(2))
        try night.live()
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent ambiguous")
    }

    /// The server stamps in minutes, forgets its jobs, and gives the id of the first one away again in the same minute, also
    /// to a job of the same workflow.
    @Test(arguments: ["x", "y"])
    func `a job that was made in the same minute is not taken for the one that was known before`(label: String) throws {
        let night = try TwoLives(
            #"execute "b" execute "a""#,
            scenario: """
                \(Self.keys)
                stamps: { resolution: 60s }
                others: { duration: 1s }
                faults: [ { fault: down, from: 8s, for: 2s, jobs: reuse_ids } ]
                """, patience: .seconds(60))
        night.addEarlierJob("x", by: "other.user", ago: .seconds(3))
        night.addStart(of: label, key: "second-key-wxyz", after: .seconds(11))
        try night.live { $0.sent == 2 }
        night.kill()
        night.pass(.seconds(14))
        try night.live()
        #expect(night.studio.jobs(at: night.now).map(\.id.text) == ["4711"], "the id is the same")
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["b", "a"])
        #expect(night.story(of: "execute#2") == "intent ambiguous")
    }

    /// The server stamps in minutes, and after a restart somebody makes the very job again that was the newest before the start.
    @Test func `a job of the same minute is no proof that the server has kept its jobs`() throws {
        let night = try TwoLives(
            #"execute "a""#,
            scenario: """
                \(Self.keys)
                stamps: { resolution: 60s }
                others: { duration: 1s }
                faults: [ { fault: down, from: 2s, for: 2s, jobs: reuse_ids } ]
                """, patience: .seconds(60))
        night.addEarlierJob("x", by: "other.user", ago: .seconds(3))
        night.addStart(of: "x", key: "second-key-wxyz", after: .seconds(5))
        try night.live { $0.sent == 1 }
        night.kill()
        night.pass(.seconds(14))
        try night.live()
        #expect(night.studio.jobs(at: night.now).map(\.id.text) == ["4711"], "the id is the same")
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent ambiguous")
    }
}
