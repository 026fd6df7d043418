import DataStudio
import JSON

/// A job whose whole life is known from the start; what can be seen of it depends on the time only.
struct SimulatedJob: Hashable {
    let id: JobID
    /// The id as the server writes it.
    let wireID: JSON
    let label: String
    let space: String?
    let user: String
    let parameters: [JSONMember]
    /// By the real clock.
    let created: Timestamp
    /// The clock that stamps it.
    let clock: JobClock
    private let starts: Timestamp
    private let ends: Timestamp
    private let outcome: JobState
    private let finalMessage: String?
    private var cancelled: Timestamp?

    /// - Parameter earlier: how many jobs of the workflow there were before.
    init(
        id: (id: JobID, json: JSON), start: SimulatedStart, workflow: SimulatedWorkflow, user: String,
        created: Timestamp, earlier: Int = 0, clock: JobClock = JobClock()
    ) {
        self.user = user
        self.id = id.id
        wireID = id.json
        label = start.label
        space = start.space ?? workflow.space
        parameters = start.parameters
        self.created = created
        self.clock = clock
        starts = created + workflow.queued
        ends = starts + workflow.duration
        let fails = earlier < workflow.failures
        outcome = fails ? .failed : workflow.outcome
        finalMessage = workflow.failures == 0 || fails ? workflow.message : nil
    }

    /// - Precondition: it is not finished at that time.
    mutating func cancel(at now: Timestamp) {
        cancelled = now
    }

    private var end: Timestamp { cancelled ?? ends }

    /// The next moment at which it is another than before; `nil` if there is none.
    func nextChange(after now: Timestamp, listLag: Duration) -> Timestamp? {
        [created + listLag, starts, end].filter { $0 > now }.min()
    }

    func state(at now: Timestamp) -> JobState {
        if now >= end { return cancelled == nil ? outcome : .cancelled }
        return now >= starts ? .running : .queued
    }

    /// `nil` while it is queued, and for good if it was cancelled then.
    func started(at now: Timestamp) -> Timestamp? {
        starts <= min(now, end) ? starts : nil
    }

    /// `nil` until it has ended.
    func finished(at now: Timestamp) -> Timestamp? {
        now >= end ? end : nil
    }

    /// `nil` until it has ended.
    func message(at now: Timestamp) -> String? {
        now >= end && cancelled == nil ? finalMessage : nil
    }
}
