import DataStudio

/// A start that was taken for void after a doubt. A job that is listed later may show that it happened all the same.
struct VoidedStart: Sendable {
    private let inquiry: DoubtInquiry
    /// When that was decided.
    let at: Duration
    /// The stamps that its job would have; `nil`: that is not known, and nothing is suspected.
    let window: ClosedRange<Timestamp>?

    /// For so long its job is looked for.
    static let longestSuspicion = Duration.seconds(600)
    /// The header `Date` tells whole seconds.
    private static let tolerance = Duration.seconds(2)

    init(_ inquiry: DoubtInquiry, at now: Duration) {
        self.inquiry = inquiry
        at = now
        let sent = inquiry.open.readiness.serverTime
        window =
            inquiry.expected
            ?? sent.map { $0 + (.zero - Self.tolerance)...$0 + DoubtInquiry.latestArrival + Self.tolerance }
    }

    var label: String { inquiry.open.start.label }

    /// True if the job may be the one that the start has made.
    func mayBeIts(_ job: Job, _ api: StudioAPI) -> Bool {
        guard let window, let created = job.createdRange, window.overlaps(created), job.label == label else {
            return false
        }
        return inquiry.finding(of: job, api) != .somebodyElses
    }
}
