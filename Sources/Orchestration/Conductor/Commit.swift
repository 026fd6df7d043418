package import DataStudio

/// What is to be made durable as one: everything that has not been, up to a record.
package struct Commit: Hashable, Sendable {
    /// The records that follow what is durable already, without gaps; none if only something else is to be kept.
    package var records: [Record]
    /// The ids of requests of other processes whose effects are durable with this commit: they are deleted with it.
    package var requests: [Int64] = []
    /// What servers have shown of jobs for the first time.
    package var sightings: [Sighting] = []
    /// What has been learned of servers, by ``ServerIdentity/name``.
    package var profiles: [String: ServerProfile] = [:]
    /// Jobs that may have been started twice, in words, to be kept for whoever looks at the run later.
    package var suspicions: [String] = []

    /// What blocks wait for, and give back, in this order.
    package var locks: [LockChange] = []

    /// A change of what a block has to do with a lock.
    package enum LockChange: Hashable, Sendable {
        /// It waits for it, from that time on.
        case wait(LockRequest, since: Timestamp)
        /// The block with that key neither waits nor holds any more.
        case release(key: String)
        /// Of all blocks of the run only those with these keys wait or hold: what a person has added to the log of an interrupted
        /// run may have ended others.
        case only(keys: Set<String>)
    }

    /// Records that are to be durable together.
    package init(records: [Record] = []) {
        self.records = records
    }

    /// True if there is nothing to make durable.
    package var isEmpty: Bool {
        records.isEmpty && requests.isEmpty && sightings.isEmpty && profiles.isEmpty && suspicions.isEmpty
            && locks.isEmpty
    }

    /// The last of the records; 0 without any.
    package var last: Int { records.last?.sequence ?? 0 }
}

/// What is known of the job of an attempt besides its acceptance: a later life recognises it by that.
package struct Sighting: Hashable, Sendable {
    /// The step's key.
    package var key: String
    /// The attempt's number.
    package var attempt: Int
    /// The job, as the server has shown it.
    package var job: JobIdentity
    /// Jobs with its id that later starts have got: the server has given the id away again.
    package var successors: [JobIdentity]

    /// A job that was seen for the first time.
    package init(key: String, attempt: Int, job: JobIdentity, successors: [JobIdentity] = []) {
        self.key = key
        self.attempt = attempt
        self.job = job
        self.successors = successors
    }
}
