import DataStudio

/// A start that was taken for void after a doubt. A job that is listed later may show that it happened all the same.
struct VoidedStart: Sendable {
    let step: NodeID
    /// The job of the start that took its place.
    var successor: JobID?
    private let inquiry: DoubtInquiry
    /// When that was decided.
    let at: Duration
    /// The stamps that its job would have; `nil`: that is not known.
    let window: ClosedRange<Timestamp>?

    /// For so long its job is looked for.
    static let longestSuspicion = Duration.seconds(600)
    private static let withoutClock = Duration.seconds(60)
    /// The header `Date` tells whole seconds.
    private static let tolerance = Duration.seconds(2)

    init(_ step: NodeID, _ inquiry: DoubtInquiry, at now: Duration) {
        self.step = step
        self.inquiry = inquiry
        at = now
        let sent = inquiry.open.readiness.serverTime
        window =
            inquiry.expected
            ?? sent.map { $0 + (.zero - Self.tolerance)...$0 + DoubtInquiry.latestArrival + Self.tolerance }
    }

    /// From when on lists have to reach to show it.
    var since: Timestamp {
        window?.lowerBound ?? inquiry.open.readiness.evidence.newest?.created?.lowerBound ?? Timestamp(milliseconds: 0)
    }

    var label: String { inquiry.open.start.label }

    /// True if the job may be the one that the start has made.
    func mayBeIts(_ job: Job, _ api: StudioAPI, at now: Duration) -> Bool {
        guard job.label == label else { return false }
        let finding = inquiry.finding(of: job, api)
        guard let window else {
            // Without a clock only what looks like its own, and not for long: others of its user may follow.
            if case .ours = finding { return now - at <= Self.withoutClock }
            return false
        }
        return finding != .somebodyElses && job.createdRange.map(window.overlaps) ?? false
    }
}
