extension Scenario {
    /// How a server stamps its jobs: the times created, started and finished.
    ///
    /// Filters such as `createdAfter` compare with stamps, not with instants.
    package struct StampStyle: Hashable, Sendable {
        /// How far the clock that stamps jobs is ahead of the clock of the `Date` header; negative: behind.
        package var ahead: Duration
        /// Stamps are truncated to a multiple of it; zero: they are exact.
        package var resolution: Duration
        /// The resolution of stamps in the answer of `getJob`; `nil`: the same as in lists.
        package var jobResolution: Duration?
        /// The offset from UTC of stamps that are local times and do not tell their zone. `nil`: stamps are UTC.
        package var zone: Duration?
        /// The clocks of several machines, as further offsets: the jobs get them in turn.
        package var clocks: [Duration]

        /// Without arguments: exact stamps of the clock of the `Date` header, in UTC.
        package init(
            ahead: Duration = .zero, resolution: Duration = .zero, jobResolution: Duration? = nil,
            zone: Duration? = nil, clocks: [Duration] = []
        ) {
            self.ahead = ahead
            self.resolution = resolution
            self.jobResolution = jobResolution
            self.zone = zone
            self.clocks = clocks
        }
    }

    /// A change of the clock that stamps jobs. The clock of the `Date` header keeps its time.
    package struct ClockStep: Hashable, Sendable {
        /// When the clock changes, since the server began.
        package var from: Duration
        /// How far the clock is ahead from then on, in addition; negative: it is set back.
        package var by: Duration

        /// A change at a time since the server began.
        package init(from: Duration = .zero, by: Duration) {
            self.from = from
            self.by = by
        }
    }

    /// An order of jobs in lists.
    package enum ListOrder: String, CaseIterable, Hashable, Sendable {
        /// By creation, the newest job first.
        case newestFirst = "newest_first"
        /// By creation, the oldest job first.
        case oldestFirst = "oldest_first"
        /// By a hash of the id: an order without meaning that is the same in every reply.
        case shuffled
    }

    /// How a server repeats the values of workflow parameters.
    package enum Echo: String, CaseIterable, Hashable, Sendable {
        /// As they were sent.
        case exact
        /// In upper case.
        case upper
    }
}
