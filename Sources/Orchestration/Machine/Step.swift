import DataStudio
import LuaVM

/// One request of the script to the server: a workflow's start, its job, and the checks on it.
///
/// An object: there may be ten thousand in a run, and each is changed many times.
final class Step {
    /// A try to start it. There is at most one request for each.
    struct Attempt {
        /// From 1.
        var number = 1
        /// Set from the moment the start may leave until it is known what became of it.
        @Apart var open: OpenAttempt?

        var isOpen: Bool { open != nil }

        /// The next try, if there is one, is another.
        mutating func close() {
            number += 1
            open = nil
        }
    }

    enum Stage {
        /// The server is asked whether the workflow runs already.
        case asking
        /// It is only waited for, and the server is asked whether there is such a job.
        indirect case looking(JobReference)
        /// What it waits for comes from outside: a person's decision, or a lock.
        case awaiting
        /// It is started once this job of the same workflow, somebody else's, has ended.
        indirect case waiting(for: WatchedJob)
        /// It is to be started; see ``attempt`` for whether the start may have left.
        case starting
        /// It is not started, as that run's start of the same workflow is in doubt.
        case held(by: String)
        case running
        /// Its job FAILED, and it is started again when its delay is over.
        case pausing
        /// It cannot be known whether the start happened: only a person can tell.
        case doubtful
        /// The job is over, and it is looked up how long it usually takes.
        indirect case measuring(StepResult)
        /// The job is over, and the script's check runs.
        indirect case checking(StepResult, check: NodeID)
        case over
    }

    /// From 1, in the order in which the script asked for steps.
    let number: Int
    let label: String
    let options: StepOptions
    /// The server's name in the configuration; `nil`: the run's own.
    let server: String?
    var stage = Stage.starting
    var attempt = Attempt()
    /// The call of `start` that waits for the server's answer.
    var startToken: LuaToken?
    /// Its job, with what is known of it.
    @Apart var job: WatchedJob?
    var jobID: JobID? { job?.identity.id }
    /// The job of the attempt before, until there is another.
    var formerJobID: JobID?
    /// As the server listed it last, in this life: nothing a script sees may depend on it.
    var lastSeen: (state: JobState, name: String, queued: Duration)?
    /// What the server said last before the step ran out of time.
    var stateAtTimeout: JobState?
    var acceptedAt: Timestamp?
    var timers: [TimerID] = []
    var warnings: [String] = []
    var isLate = false
    /// True if its job was still queued when its `queue_max` had passed.
    var isQueuedLong = false
    var isTimedOut = false
    var reportedStates: Set<String> = []
    /// Why it is in doubt.
    var doubt: String?
    /// The jobs it may have, while it is in doubt.
    var candidates: [JobID] = []
    /// True if nobody wants another attempt: an earlier life of a session, or a line that was interrupted, began it.
    var isOnlyFollowed = false
    /// True if its job is somebody else's, and is only waited for.
    var isForeign = false
    /// What a person decides, of a step that starts nothing.
    @Apart var approval: Approval?
    /// What a block wants to hold, of a step that starts nothing.
    @Apart var lock: LockRequest?
    /// True if people were told that it waits: of a lock that is free they are told nothing.
    var isWaitingTold = false
    var kind: StepDescription.Kind {
        approval != nil ? .approval : lock != nil ? .lock : isForeign ? .otherJob : .start
    }
    /// How often it was started again after FAILED.
    var retries = 0
    /// How many times it was asked whether the workflow runs already.
    var askedIfRunning = 0

    init(number: Int, label: String, options: StepOptions, server: String?) {
        self.number = number
        self.label = label
        self.options = options
        self.server = server
    }

    /// The name in reports.
    var title: String { options.name ?? label }

    /// True if one of its attempts had a job.
    var hasHadJob: Bool { jobID != nil || formerJobID != nil }

    /// True if a person has to decide.
    var isInDoubt: Bool {
        switch stage {
        case .doubtful, .held: true
        case .asking, .looking, .awaiting, .waiting, .starting, .running, .pausing, .measuring, .checking, .over: false
        }
    }

    /// True if its start may have left, and its job may be running.
    var mayRun: Bool {
        if isForeign { return false }
        return switch stage {
        case .starting: attempt.isOpen
        case .running, .doubtful: true
        case .asking, .looking, .awaiting, .waiting, .held, .pausing, .measuring, .checking, .over: false
        }
    }

    /// True if it is to be started, and nothing of that has left.
    var isUnstarted: Bool {
        switch stage {
        case .starting: !attempt.isOpen
        case .asking, .pausing: true
        case .looking, .awaiting, .waiting, .held, .running, .doubtful, .measuring, .checking, .over: false
        }
    }

    var isOver: Bool {
        if case .over = stage { true } else { false }
    }

    /// What belonged to an attempt goes with it.
    func closeAttempt() {
        attempt.close()
        formerJobID = jobID ?? formerJobID
        job = nil
        lastSeen = nil
        acceptedAt = nil
        stateAtTimeout = nil
        isLate = false
        isQueuedLong = false
        isTimedOut = false
    }

    /// The job to watch in this stage: its own, or the one it waits for.
    var watchedJob: WatchedJob? {
        switch stage {
        case .running: job
        case .waiting(let other): other
        case .asking, .looking, .awaiting, .starting, .held, .doubtful, .pausing, .measuring, .checking, .over: nil
        }
    }

    /// True if such a record may be about it now.
    func takes(_ body: RecordBody) -> Bool {
        switch (body, stage) {
        case (.void, .starting), (.accepted, .starting): attempt.isOpen
        case (.ambiguous, .starting): attempt.isOpen
        case (.ambiguous, .running), (.settled, .running), (.settled, .starting), (.resolved, .doubtful): true
        default: false
        }
    }
}
