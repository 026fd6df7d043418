package import DataStudio

/// What a journal knows of one attempt to start a workflow. It follows from the records of its run.
package struct AttemptRow: Hashable, Sendable {
    /// What has become of an attempt.
    package enum State: String, Hashable, Sendable {
        /// Nobody knows yet.
        case open
        /// It did certainly not happen, or the server refused it.
        case void
        /// It has a job, which may still run.
        case accepted
        /// It has a job, which may still run, and its step does not count any more.
        case left
        /// Its job has been seen to end.
        case over
        /// A person has to decide.
        case ambiguous
        /// A person has decided that it has no job of ours.
        case dismissed
    }

    /// The run.
    package let run: String
    /// The step's key in it.
    package let key: String
    /// From 1.
    package let attempt: Int
    /// What was to be started, and where. The jobs that were known are forgotten when it is known what became of it.
    package private(set) var intent: Intent
    /// The server as gates and jobs have it.
    package let server: String
    /// When the intent was written down.
    package let at: Timestamp
    /// What has become of it.
    package private(set) var state = State.open
    /// Its job.
    package private(set) var job: JobID?
    /// When the server made the job, by its own stamps; `nil` while that is not known.
    package private(set) var created: ClosedRange<Timestamp>?
    /// Who started the job, as the server shows it; `nil` while that is not known.
    package private(set) var user: String?
    /// The server's clock when the job was accepted.
    package private(set) var acceptedAt: Timestamp?
    /// The jobs it may have: nobody else's.
    package private(set) var candidates: [JobIdentity] = []

    /// The row of an intent.
    ///
    /// - Returns: `nil` for what starts no workflow.
    package init?(run: String, _ record: Record) {
        guard case .intent(let intent) = record.body, intent.label != nil, let gate = intent.gate else { return nil }
        self.run = run
        key = record.key
        attempt = record.attempt
        self.intent = intent
        server = gate.split(separator: "\u{1E}").first.map(String.init) ?? ""
        at = record.at
    }

    /// A row as it was kept.
    package init(
        run: String, intent: Record, state: State, job: JobIdentity?, acceptedAt: Timestamp?, candidates: [JobIdentity]
    ) throws(RecordError) {
        guard var row = AttemptRow(run: run, intent) else { throw RecordError("it is no start") }
        row.state = state
        row.job = job?.id
        row.created = job?.created
        row.user = job?.user
        row.acceptedAt = acceptedAt
        row.candidates = candidates
        self = row
    }

    /// The workflow's label.
    package var label: String { intent.label ?? "" }

    /// Its job, with what is known of it.
    package var identity: JobIdentity? {
        job.map { JobIdentity($0, label: label, user: user, created: created) }
    }

    /// Its job, with one that the server had before.
    package var watched: WatchedJob? { identity.map { WatchedJob($0, newest: intent.evidence.newest) } }

    /// What is left of it on the server, in words.
    package var left: String {
        let unknown = "nobody knows whether it was started"
        let jobs = candidates.map(\.id).words(joinedBy: " or ")
        return "\(intent.title): "
            + (job.map { "job \($0) may still run" } ?? (jobs.isEmpty ? unknown : "\(unknown); it may be job \(jobs)"))
    }

    /// What was to be started.
    package var open: OpenAttempt {
        guard case .start(let start) = intent.request else {
            return OpenAttempt(WorkflowStart(label: ""), intent.readiness, at: at)
        }
        return OpenAttempt(start, intent.readiness, at: at)
    }

    /// The server has shown its job.
    package mutating func see(_ job: JobIdentity) {
        guard job.id == self.job else { return }
        created = job.created ?? created
        user = job.user ?? user
    }

    /// Its intent counts no more.
    package mutating func leave() {
        if state == .accepted { state = .left }
    }

    /// Its job, which nobody goes on with, was seen to be over.
    package mutating func ended(_ job: JobID) {
        if self.job == job, [.left, .accepted, .ambiguous].contains(state) { state = .over }
    }

    /// Takes a later record of its run about the same key and attempt.
    ///
    /// - Returns: true if it says something new.
    package mutating func take(_ record: Record) -> Bool {
        let before = self
        switch record.body {
        case .void: state = .void
        case .accepted(let acceptance):
            state = .accepted
            job = acceptance.job
            created = acceptance.created
            user = acceptance.user
            acceptedAt = acceptance.serverTime
        // Of a job that is somebody else's, which the step has joined, this row is not.
        case .settled(.finished(let job)) where self.job == nil || job.id == self.job:
            state = .over
            if job.id == self.job { created = job.createdRange ?? created }
        case .settled(.failed): if state == .open { state = .void }
        case .ambiguous(let ambiguity):
            state = .ambiguous
            candidates = ambiguity.candidates
        case .resolved(.adopt(let job), _):
            state = .accepted
            self.job = job.id
            created = job.created
            user = job.user
            acceptedAt = nil
        // The job goes on all the same, and the next one waits for its end.
        case .resolved(.restart, _) where job != nil: state = .left
        case .resolved: state = job == nil ? .dismissed : .over
        case .settled, .began, .intent, .answered, .fired, .stopping, .line, .expired, .limited, .restarted, .resumed,
            .retried,
            .ended:
            break
        }
        if state != .open { intent.evidence.known = [] }
        return self != before
    }
}
