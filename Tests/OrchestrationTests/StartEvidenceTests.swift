import DataStudio
import JSON
import Testing

@testable import Orchestration

/// What is kept of a start and of its job, as it is written and read.
@Suite struct StartEvidenceTests {
    private static let noon = Timestamp(milliseconds: 1_772_337_906_007)
    private static let old = JobIdentity(JobID("7"), created: noon...noon)
    private static let coarse = JobIdentity(JobID("JOB-8"), created: noon + .seconds(-30)...noon + .seconds(60))

    /// Written as a text and read again.
    private func copy(_ body: RecordBody) throws -> RecordBody {
        let text = body.payload.jsonText
        return try RecordBody(kind: body.kind, payload: JSON(parsing: Array(text.utf8)))
    }

    private func intent(_ change: (inout StartEvidence) -> Void) -> RecordBody {
        var evidence = StartEvidence()
        change(&evidence)
        return .intent(
            Intent(
                request: .start(WorkflowStart(label: "a")), title: "A", gate: "g", serverTime: Self.noon,
                evidence: evidence))
    }

    @Test func `all that was known before a start is kept with its intent`() throws {
        let changes: [(inout StartEvidence) -> Void] = [
            { _ in },
            { $0.user = "simulated" },
            { ($0.user, $0.isUserProven) = (#"CORP\\baton"#, true) },
            { $0.key = "…abcd" },
            { $0.newest = Self.old },
            { $0.newest = JobIdentity(JobID("7"), label: "a", user: "x") },
            { $0.known = [Self.old, Self.coarse, JobIdentity(JobID("9"))] },
            { $0.isListed = true },
            { $0.boot = BootInstant(boot: "5f0c", elapsed: .milliseconds(86_400_123)) },
            { $0.isBounded = false },
        ]
        for change in changes {
            let body = intent(change)
            #expect(try copy(body) == body, "\(body.payload.jsonText)")
        }
        let all = intent { evidence in for change in changes { change(&evidence) } }
        #expect(try copy(all) == all)
    }

    @Test func `an intent without evidence has none when it is read`() throws {
        let body = intent { _ in }
        #expect(!body.payload.jsonText.contains("evidence"))
        guard case .intent(let intent) = try copy(body) else {
            Issue.record("it is an intent")
            return
        }
        #expect(intent.evidence == StartEvidence() && intent.evidence.isBounded && !intent.evidence.isListed)
        #expect(intent.readiness == StartReadiness(gate: "g", serverTime: Self.noon))
    }

    @Test func `what is kept of a job is its own time as finely as it was told`() throws {
        var adopted = Acceptance(
            job: JobID("7"), created: Self.coarse.created, serverTime: Self.noon, source: .adopted(evidence: "user x"))
        adopted.user = "x"
        let bodies: [RecordBody] = [
            .accepted(Acceptance(job: JobID("7"))), .accepted(adopted),
            .accepted(Acceptance(job: JobID("7"), created: Self.old.created, source: .person("me"))),
            .ambiguous(Ambiguity(reason: "why", candidates: [Self.old, Self.coarse])),
            .resolved(.adopt(Self.coarse), by: "me"),
        ]
        for body in bodies { #expect(try copy(body) == body, "\(body.payload.jsonText)") }
        var job = Job(id: JobID("7"), label: "a", state: .completed, created: Self.noon)
        job.createdPrecision = .seconds(60)
        guard case .settled(.finished(let read)) = try copy(.settled(.finished(job))) else {
            Issue.record("it is an end")
            return
        }
        #expect(read.createdRange == job.createdRange)
    }

    /// When the server made the job, and its clock when that became known, in seconds; how old the job was then.
    @Test(arguments: [(0, 90, 90), (0, nil, 0), (nil, 90, 0), (100, 90, 0)] as [(Int?, Int?, Int)])
    func `a job that was looked for is older than what is known of it`(created: Int?, serverTime: Int?, age: Int) {
        func time(_ seconds: Int) -> Timestamp { Self.noon + .seconds(seconds) }
        let acceptance = Acceptance(
            job: JobID("7"), created: created.map { time($0)...time($0 + 1) }, serverTime: serverTime.map(time),
            source: .adopted(evidence: "user x"))
        #expect(acceptance.age == .seconds(age))
    }
}
