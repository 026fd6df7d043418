package import DataStudio

/// That a job is a step's, and how that is known.
package struct Acceptance: Hashable, Sendable {
    /// How it is known.
    package enum Source: Hashable, Sendable {
        /// The server answered the start with the job's id.
        case reply
        /// The answer was lost, and the job found in the server's list.
        case adopted(evidence: String)
        /// A person says so.
        case person(String)
    }

    /// The job's id.
    package var job: JobID
    /// When the server made it, by its own stamps, where that is known by now.
    package var created: ClosedRange<Timestamp>?
    /// Who started it, as the server shows it, where that is known by now.
    package var user: String?
    /// The server's clock when it was accepted; `nil` if it is not known.
    package var serverTime: Timestamp?
    /// How it is known.
    package var source: Source

    /// A job of which the server said so.
    package init(
        job: JobID, created: ClosedRange<Timestamp>? = nil, serverTime: Timestamp? = nil, source: Source = .reply
    ) {
        self.job = job
        self.created = created
        self.serverTime = serverTime
        self.source = source
    }

    /// For how long the job had been there when that became known, by the server's own times.
    var age: Duration {
        guard let created, let serverTime else { return .zero }
        return max(.zero, serverTime - created.lowerBound)
    }

    /// A job that was found in the server's list.
    init(adopting job: JobIdentity, _ evidence: String, serverTime: Timestamp?) {
        self.init(job: job.id, created: job.created, serverTime: serverTime, source: .adopted(evidence: evidence))
        user = job.user
    }
}
