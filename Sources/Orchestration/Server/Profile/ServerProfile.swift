import DataStudio

/// What has been learned of a server and is kept for later runs. Nothing in it is needed: without it, more is left to people.
package struct ServerProfile: Hashable, Sendable {
    /// How the stamps of jobs and the header `Date` differ.
    package var clock = StampClock()
    /// The order of the list of jobs.
    package var order = ListOrder.unknown
    /// The longest that a new job of ours was missing from the list.
    package var lag = Duration.zero
    /// How many of our jobs have told.
    package var lagSamples = 0
    /// By what an API key is known by, its end and the user that the server names: its user, as a job of that key has shown it.
    package var users: [String: String] = [:]
    /// True if a job of ours has shown the label that was sent: then labels tell jobs apart.
    package var showsLabels = false
    /// Digests of starts whose jobs repeated their parameters exactly, the newest last.
    package var echoes: [String] = []
    /// The newest job that was listed or accepted.
    package var newest: JobIdentity?
    /// What ``newest`` was when the journal was restored from a backup; see ``noteRestored()``.
    package var restored: JobIdentity?

    /// How many digests are kept.
    private static let mostEchoes = 64
    /// How many users are kept: those of keys that came after each other.
    private static let mostUsers = 20
    /// A workflow that was not started for that long after a restore is not looked at for what was forgotten then.
    private static let longestRestored = Duration.seconds(30 * 24 * 3600)
    /// With fewer samples the lag of the list is not known.
    private static let enoughLags = 20
    /// What a list may lag as long as that is not known.
    private static let unknownLag = Duration.seconds(10)

    /// Nothing is known.
    package init() {}

    /// How soon after a start its job is listed at the latest.
    ///
    /// - Parameter configured: what a person says; `nil`: nobody has.
    package func settle(_ configured: Duration?) -> Duration {
        let seen = lag > .zero ? lag * 2 + .milliseconds(500) : .zero
        if let configured { return max(configured, seen) }
        return max(.seconds(1), seen, lagSamples < Self.enoughLags ? Self.unknownLag : .zero)
    }

    /// A new job of ours has been listed, and was last seen to be missing that long after it was accepted.
    mutating func learn(lag: Duration) {
        self.lag = max(self.lag, lag)
        lagSamples = min(lagSamples + 1, Self.enoughLags)
    }

    /// A job of a key shows its user.
    mutating func learn(user: String, of key: String) {
        if users[key] == nil, users.count >= Self.mostUsers, let other = users.keys.min() { users[other] = nil }
        users[key] = user
    }

    /// A job of ours repeats the parameters of its start as they were sent.
    mutating func learnEcho(of start: WorkflowStart) {
        let digest = Self.digest(of: start)
        guard !start.parameters.isEmpty, !echoes.contains(digest) else { return }
        echoes.append(digest)
        if echoes.count > Self.mostEchoes { echoes.removeFirst() }
    }

    /// True if the server is known to repeat just these parameters of that workflow exactly.
    func repeats(_ start: WorkflowStart) -> Bool { echoes.contains(Self.digest(of: start)) }

    /// A whole number of 64 bits in hexadecimal digits: the same in every process.
    private static func digest(of start: WorkflowStart) -> String {
        let texts = [start.label] + start.parameters.sorted { $0.name < $1.name }.flatMap { [$0.name, $0.value] }
        return String(UInt64(stableHashOf: texts.joined(separator: "\u{1E}")), radix: 16)
    }

    /// The journal was restored from a backup.
    ///
    /// A workflow that has not been started since an earlier restore may still have jobs that the journal forgot then: what
    /// was known at that time counts for a month.
    package mutating func noteRestored() {
        if let earlier = restored?.created?.lowerBound, let last = newest?.created?.lowerBound, earlier <= last,
            last - earlier < Self.longestRestored
        {
            return
        }
        restored = newest
    }

    /// Takes what another process has learned of the same server.
    package mutating func merge(_ other: ServerProfile) {
        guard self != other else { return }
        clock.merge(other.clock)
        if order == .unknown || other.order == .none { order = other.order }
        lag = max(lag, other.lag)
        lagSamples = max(lagSamples, other.lagSamples)
        for (key, user) in other.users { learn(user: user, of: key) }
        showsLabels = showsLabels || other.showsLabels
        echoes += other.echoes.filter { !echoes.contains($0) }
        echoes.removeFirst(max(0, echoes.count - Self.mostEchoes))
        newest = other.newest ?? newest
        restored = restored ?? other.restored
    }
}
