import DataStudio
import Orchestration
import Testing

/// Jobs of runs that have not ended and that no process holds: a start waits for them.
@Suite struct OpenRunTests {
    private static let server = ServerIdentity(url: "http://studio", environment: "default", key: "")
    private static let gate = Gate(server, label: "a")
    private static let at = Timestamp(milliseconds: 1_772_337_906_000)
    private let job = JobIdentity(JobID("7"), label: "a", created: Self.at...Self.at)

    /// A row of the run `r`.
    private func row(_ bodies: RecordBody..., label: String = "a") throws -> AttemptRow {
        let intent = Intent(
            request: .start(WorkflowStart(label: label)), title: label, gate: Gate(Self.server, label: label).name)
        func record(_ body: RecordBody) -> Record {
            Record(sequence: 2, key: "execute#1", attempt: 1, at: Self.at, body: body)
        }
        var row = try #require(AttemptRow(run: "r", record(.intent(intent))))
        for body in bodies { _ = row.take(record(body)) }
        return row
    }

    /// What a start of `a` in the run `next` has to know of the run `r`.
    private func state(_ rows: AttemptRow..., of fate: RunFate, isLive: Bool, for run: String = "next") -> GateState {
        GateState(Self.gate, rows: rows, run: run) { _ in RunStanding(fate, isLive: isLive) }
    }

    private var accepted: RecordBody { .accepted(Acceptance(job: job.id, created: job.created)) }

    @Test(
        arguments: [
            (.open, false, true), (.open, true, false), (.abandoned, false, true), (.ended, false, false),
        ] as [(RunFate, Bool, Bool)])
    func `a running job is waited for unless its run is live or has ended`(
        fate: RunFate, isLive: Bool, isInTheWay: Bool
    ) throws {
        let state = try state(row(accepted), of: fate, isLive: isLive)
        #expect(state.predecessors.map(\.job) == (isInTheWay ? [job] : []))
        #expect(state.predecessors.map(\.run) == (isInTheWay ? ["r"] : []))
        #expect(!state.predecessors.contains { !$0.isCertain })
        // It is that step's in any case.
        #expect(state.owned.map(\.identity) == [job])
    }

    @Test func `its own jobs, those of other workflows and those that are over are not waited for`() throws {
        #expect(try state(row(accepted), of: .open, isLive: false, for: "r").predecessors.isEmpty)
        #expect(try state(row(accepted, label: "b"), of: .open, isLive: false).predecessors.isEmpty)
        let over = RecordBody.settled(.finished(Job(id: job.id, label: "a", state: .completed)))
        #expect(try state(row(accepted, over), of: .open, isLive: false).predecessors.isEmpty)
    }

    @Test func `a start in doubt of such a run comes first, or holds the next one`() throws {
        let open = try state(row(), of: .open, isLive: false)
        #expect(open.doubts.map(\.run) == ["r"] && open.heldBy == nil)
        let ambiguity = Ambiguity(reason: "why", candidates: [job])
        let doubtful = try state(row(.ambiguous(ambiguity)), of: .open, isLive: false)
        #expect(doubtful.heldBy == "r" && doubtful.doubts.isEmpty && doubtful.predecessors.isEmpty)
        #expect(doubtful.reserved == [job])
        let abandoned = try state(row(.ambiguous(ambiguity)), of: .abandoned, isLive: false)
        #expect(abandoned.heldBy == nil)
        #expect(abandoned.predecessors.map(\.isCertain) == [false])
    }

    @Test func `each step in doubt accounts for one of the jobs that it may have`() throws {
        let jobs = (1...3).map { JobIdentity(JobID("\($0)"), label: "a") }
        func unexplained(_ doubts: [JobIdentity]..., of listed: [JobIdentity]) -> [JobIdentity] {
            var state = GateState()
            state.undecided = doubts
            return state.unexplained(listed)
        }
        #expect(unexplained(of: jobs) == jobs)
        #expect(unexplained([jobs[0]], of: [jobs[0]]).isEmpty)
        #expect(unexplained([jobs[0], jobs[1]], of: [jobs[0], jobs[1]]) == [jobs[0], jobs[1]])
        #expect(unexplained([jobs[0], jobs[1]], [jobs[0], jobs[1]], of: [jobs[0], jobs[1]]).isEmpty)
        #expect(unexplained([jobs[0]], of: jobs) == [jobs[1], jobs[2]])
        // The step in doubt may have the other job, which does not fit this start.
        #expect(unexplained([jobs[0], jobs[1]], of: [jobs[0]]) == [jobs[0]])
        // Nobody is asked about a job again.
        var state = GateState()
        state.undecided = [[jobs[0], jobs[1]]]
        state.decided = [jobs[0]]
        #expect(state.unexplained([jobs[0]]).isEmpty)
        // Of a step in doubt about other jobs nothing follows.
        #expect(unexplained([jobs[2]], of: [jobs[0]]) == [jobs[0]])
    }

    @Test func `what the server has shown of a job is known to who waits for it`() throws {
        var row = try row(.accepted(Acceptance(job: job.id)))
        row.see(JobIdentity(JobID("8"), user: "other.user", created: Self.at...Self.at))
        #expect(state(row, of: .open, isLive: false).predecessors.map(\.job) == [JobIdentity(job.id, label: "a")])
        row.see(JobIdentity(job.id, user: "simulated", created: job.created))
        let seen = state(row, of: .open, isLive: false).predecessors.map(\.job)
        #expect(seen == [JobIdentity(job.id, label: "a", user: "simulated", created: job.created)])
    }
}
