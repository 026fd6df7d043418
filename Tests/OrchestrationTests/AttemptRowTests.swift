import DataStudio
import Orchestration
import Testing

/// What becomes of attempts, and what that means for the next start.
@Suite struct AttemptRowTests {
    private static let gate = Gate(ServerIdentity(url: "s", environment: "e", key: ""), label: "a")
    private let at = Timestamp(milliseconds: 1_772_337_906_000)

    private func record(_ body: RecordBody) -> Record {
        Record(sequence: 2, key: "execute#1", attempt: 1, at: at, body: body)
    }

    private func row(_ bodies: RecordBody...) throws -> AttemptRow {
        let intent = Intent(
            request: .start(WorkflowStart(label: "a")), server: nil, title: "a", location: nil, gate: Self.gate.name,
            serverTime: nil)
        var row = try #require(AttemptRow(run: "r", record(.intent(intent))))
        for body in bodies { _ = row.take(record(body)) }
        return row
    }

    private func predecessors(_ rows: AttemptRow..., fate: RunFate = .abandoned) -> [JobID] {
        GateState(Self.gate, rows: rows, run: "next") { _ in RunStanding(fate, isLive: fate == .open) }.predecessors
            .map(\.job.id)
    }

    private let accepted = RecordBody.accepted(Acceptance(job: JobID("1")))
    private let doubt = RecordBody.ambiguous(
        Ambiguity(
            reason: "why", candidates: [JobIdentity(JobID("1"), created: nil), JobIdentity(JobID("2"), created: nil)]))
    private let lost = RecordBody.ambiguous(Ambiguity(reason: "the server does not know its job any more"))

    @Test func `the end of another job says nothing about an attempt`() throws {
        let other = RecordBody.settled(.finished(Job(id: JobID("9"), state: .completed)))
        #expect(try row(accepted, other).state == .accepted)
        let own = RecordBody.settled(.finished(Job(id: JobID("1"), state: .completed)))
        #expect(try row(accepted, own).state == .over)
    }

    @Test func `a job that was lost is in the way of the next start, whatever a person says`() throws {
        #expect(try row(accepted, lost, .resolved(.restart, by: "me")).state == .left)
        #expect(try predecessors(row(accepted, lost)) == [JobID("1")])
        #expect(try predecessors(row(accepted, lost, .resolved(.restart, by: "me")), fate: .open) == [JobID("1")])
    }

    @Test func `so are the jobs that an attempt may have, unless they are somebody's`() throws {
        #expect(try predecessors(row(doubt)) == [JobID("1"), JobID("2")])
        #expect(try predecessors(row(doubt), fate: .open).isEmpty, "its run is held")
        #expect(try predecessors(row(doubt, .resolved(.fail, by: "me")), fate: .open) == [JobID("1"), JobID("2")])
        #expect(
            try predecessors(row(doubt), row(accepted), fate: .abandoned).sorted { $0.text < $1.text } == [
                JobID("1"), JobID("2"),
            ])
    }

    @Test func `one that was seen to be over is in nobody's way`() throws {
        for bodies in [[accepted], [accepted, lost]] {
            var row = try row()
            for body in bodies { _ = row.take(record(body)) }
            row.ended(JobID("9"))
            #expect(predecessors(row) == [JobID("1")])
            row.ended(JobID("1"))
            #expect(row.state == .over && predecessors(row).isEmpty)
        }
    }
}
