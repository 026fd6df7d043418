import DataStudio

extension JobWatch {
    /// What is known of the job of one step. An id may be watched by several steps, as one job or, where a server gives ids
    /// away again, as several.
    struct Entry: Sendable {
        let acceptedAt: Duration
        /// What is known of it; from its first sight on, what the server shows.
        private(set) var identity: JobIdentity
        /// The list is asked for from then on.
        private(set) var since: Timestamp
        /// A job that is older than this one: while it is listed, ids were not given away again.
        @Apart private(set) var older: JobIdentity?
        /// The server has just said that it is ours.
        let isFromReply: Bool
        /// Its id is enough: an older job is listed, so the server has kept its jobs, or somebody has looked at it.
        private(set) var isConfirmed: Bool
        /// What it should show first; `nil` once it has been seen.
        @Apart private var expected: JobIdentity?
        /// Jobs that have got its id since.
        private let successors: [JobIdentity]
        private(set) var isSeen = false
        /// The list has shown it.
        var isListed = false
        /// The list at hand has shown it.
        var isInListing = false
        /// When a list was asked for that did not show it.
        var missedAt: Duration?
        private(set) var missingSince: Duration?
        /// When jobs like it are usually over.
        var expectedEnd: Duration?
        /// When it was last asked for by itself.
        var lastAsked = Duration.zero

        /// Within that time the server cannot have been restarted and have given the id to another job.
        private static let newness = DoubtInquiry.shortestRestart

        /// - Parameter since: what its stamp is no earlier than, if it is not known.
        init(_ job: WatchedJob, at now: Duration, since: Timestamp) {
            let older = job.identity.created == nil ? job.newest : nil
            acceptedAt = now
            identity = job.identity
            self.since = job.identity.created?.lowerBound ?? min(since, older?.created?.lowerBound ?? since)
            self.older = older
            isFromReply = job.isFromReply
            isConfirmed = job.isTrusted
            expected = job.expected
            successors = job.successors
        }

        /// Whether a job with its id is the one that is watched.
        ///
        /// - Returns: *unknown* if that depends on whether an older job is listed.
        func recognises(_ job: JobIdentity, canList: Bool, at now: Duration) -> JobIdentity.Comparison {
            let comparison = identity.compare(job)
            let isNew = isFromReply && now - acceptedAt <= Self.newness
            guard comparison == .unknown else { return comparison }
            guard !successors.contains(where: { $0.mayBe(job) }) else { return .different }
            guard !isSeen, !isNew else { return .same }
            if isConfirmed { return .same }
            // A job of another run has the same label and user: what was there before it decides.
            guard older == nil || !canList else { return .unknown }
            let isLabelled = expected?.label.flatMap { label in job.label.map { JobIdentity.isSame(label: label, $0) } }
            let isUsers = job.user != nil && job.user == expected?.user
            // Of one that the server has just named, what it does not tell says nothing.
            return isFromReply
                ? (isLabelled == false ? .different : .same) : isLabelled == true && isUsers ? .same : .different
        }

        /// What the server shows of it is what it is recognised by from now on.
        mutating func see(_ job: JobIdentity) {
            isSeen = true
            missingSince = nil
            (older, expected) = (nil, nil)
            identity.label = isFromReply ? job.label ?? identity.label : identity.label ?? job.label
            identity.user = job.user ?? identity.user
            guard let created = job.created else { return }
            // The list and the job by itself may tell it more or less finely: what both allow is what is known.
            let known = identity.created.map { $0.overlaps(created) ? created.clamped(to: $0) : created } ?? created
            identity.created = known
            since = known.lowerBound
        }

        /// The older job is listed.
        mutating func confirm() {
            older = nil
            isConfirmed = true
        }

        /// It was asked for, and the server does not know it.
        ///
        /// - Returns: how long it has been missing.
        mutating func miss(at now: Duration) -> Duration {
            let since = missingSince ?? now
            missingSince = since
            return now - since
        }
    }
}
