import DataStudio
import SimulatedStudio
import Testing

@testable import Orchestration

/// What the list of jobs proves of a start, page by page.
@Suite struct DoubtInquiryTests {
    private let wall = Timestamp(milliseconds: 1_772_337_906_000)
    private let api: StudioAPI

    init() throws { api = StudioAPI(try SimulatedStudio.description(for: Scenario())) }

    private func job(_ number: Int, _ label: String, ago: Duration) -> Job {
        let created = wall + (.zero - ago)
        return Job(id: JobID("\(number)"), label: label, state: .completed, created: created, finished: created)
    }

    private var known: Job { job(1, "x", ago: .seconds(3600)) }
    private let second = ListCursor(page: 1, offset: 1)

    /// A start that left at zero, before which the server had the job that is known.
    private func inquiry() -> DoubtInquiry {
        var evidence = StartEvidence()
        evidence.newest = JobIdentity(known)
        evidence.isListed = true
        let start = WorkflowStart(label: "a")
        let open = OpenAttempt(start, StartReadiness(gate: "", serverTime: wall, evidence: evidence), at: wall)
        return DoubtInquiry(
            open, foreign: nil, gate: GateState(), others: [],
            ownership: JobOwnership(start, evidence, ServerProfile(), isExclusive: true), quietAt: .seconds(5),
            expected: nil, includesQueued: true, keepsJobs: false, leftAt: .zero,
            reading: JobListReading(back: nil, order: .oldestFirst, mostPages: 50), at: .zero)
    }

    private func isVoid(_ step: DoubtInquiry.Step) -> Bool { if case .decided(.void) = step { true } else { false } }

    /// A look that finds nothing before the job would be listed, and one that begins when it would be.
    private func second(_ inquiry: inout DoubtInquiry) {
        _ = inquiry.take(Page(items: [known]), api, at: .milliseconds(100))
        inquiry.lookAgain(at: .seconds(6))
        _ = inquiry.take(Page(items: [known], next: second), api, at: .milliseconds(6100))
    }

    @Test func `pages that follow each other quickly are one list`() {
        var inquiry = inquiry()
        second(&inquiry)
        #expect(isVoid(inquiry.take(Page(items: []), api, at: .milliseconds(6200))))
    }

    @Test func `a page that comes long after the one with a known job proves nothing by itself`() {
        var inquiry = inquiry()
        second(&inquiry)
        guard case .again = inquiry.take(Page(items: []), api, at: .seconds(66)) else {
            Issue.record("the server may have been restarted between the pages")
            return
        }
        // The known job is still there: the server has kept its jobs in the meantime.
        var kept = inquiry
        kept.lookAgain(at: .seconds(67))
        _ = kept.take(Page(items: [known], next: second), api, at: .milliseconds(67_100))
        #expect(isVoid(kept.take(Page(items: []), api, at: .milliseconds(80_000))))
        // It has gone.
        inquiry.lookAgain(at: .seconds(67))
        guard case .decided(.ambiguous) = inquiry.take(Page(items: []), api, at: .milliseconds(67_100)) else {
            Issue.record("the server has forgotten its jobs")
            return
        }
    }

    @Test func `a known job on the last page proves what was read before it`() {
        var inquiry = inquiry()
        _ = inquiry.take(Page(items: [known]), api, at: .milliseconds(100))
        inquiry.lookAgain(at: .seconds(6))
        _ = inquiry.take(Page(items: [job(2, "y", ago: .seconds(60))], next: second), api, at: .milliseconds(6100))
        #expect(isVoid(inquiry.take(Page(items: [known]), api, at: .seconds(66))))
    }
}
