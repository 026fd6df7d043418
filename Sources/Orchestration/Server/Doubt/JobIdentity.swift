package import DataStudio

/// What tells a job apart from every other job of its server: servers give ids away again.
///
/// The one rule by which jobs are recognised: watching, owners, jobs that were known before a start, jobs in the way and jobs
/// that a person names are all compared by ``compare(_:)``. What is not known stays `nil`, and makes the answer *unknown*,
/// never *different*.
package struct JobIdentity: Hashable, Sendable {
    /// The job's id.
    package var id: JobID
    /// The workflow's external label.
    package var label: String?
    /// Who started it, as the server's jobs show users.
    package var user: String?
    /// The instants at which the server may have made it, by the server's own stamps, as finely as they are told.
    package var created: ClosedRange<Timestamp>?

    /// A job of which that much is known.
    package init(
        _ id: JobID, label: String? = nil, user: String? = nil, created: ClosedRange<Timestamp>? = nil
    ) {
        self.id = id
        self.label = label
        self.user = user
        self.created = created
    }

    /// A job that was made at that instant; `nil`: it is not known when.
    package init(_ id: JobID, created: Timestamp?) {
        self.init(id, created: created.map { $0...$0 })
    }

    /// A job as the server described it.
    ///
    /// - Parameter user: who started it, where the server tells.
    package init(_ job: Job, user: String? = nil) {
        self.init(job.id, label: job.label, user: user, created: job.createdRange)
    }

    /// Whether two are one job.
    package enum Comparison: Hashable, Sendable {
        /// The same id, made at the same time as far as times are told.
        case same
        /// Surely two jobs.
        case different
        /// The same id, and one of them does not tell when it was made.
        case unknown
    }

    /// Whether this and another are one job.
    package func compare(_ other: JobIdentity) -> Comparison {
        guard id == other.id else { return .different }
        if let label, let theirs = other.label, !Self.isSame(label: label, theirs) { return .different }
        if let user, let theirs = other.user, user != theirs { return .different }
        guard let created, let theirs = other.created else { return .unknown }
        // A server that tells a time as finely as before tells the same time of the same job.
        let isAsFine = created.upperBound - created.lowerBound == theirs.upperBound - theirs.lowerBound
        return isAsFine ? (created == theirs ? .same : .different) : created.overlaps(theirs) ? .same : .different
    }

    /// True unless they are surely two jobs.
    package func mayBe(_ other: JobIdentity) -> Bool { compare(other) != .different }

    /// Servers may tell a label in other case than it was sent in. One with a secret in it cannot be compared.
    static func isSame(label: String, _ other: String) -> Bool {
        label == other || Mask.isIn(label) || Mask.isIn(other) || label.lowercased() == other.lowercased()
    }

    /// What the other knows besides.
    mutating func learn(from other: JobIdentity) {
        label = label ?? other.label
        user = user ?? other.user
        created = other.created ?? created
    }

    /// As much as is kept of a job that shows whether the server has forgotten any: an exact time tells it apart, or else
    /// the names do.
    var anchor: JobIdentity { isExact ? JobIdentity(id, created: created) : self }

    /// True if its time is known to the second at least: a second is rounded up or down, or cut.
    var isExact: Bool { created.map { $0.upperBound - $0.lowerBound <= .seconds(2) } ?? false }
}
