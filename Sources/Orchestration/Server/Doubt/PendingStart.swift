import DataStudio

/// A start, from the moment it has a slot until it is known what became of it.
struct PendingStart: Sendable {
    let start: WorkflowStart
    let gate: Gate
    /// A try that may have left: of an earlier life, or one whose answer is missing.
    @Apart var open: OpenAttempt?
    /// It is about an attempt of an earlier life: until it is settled no other start passes the gate.
    var isSettling = false
    /// Why it is not known what became of that.
    var doubt: String?
    /// It must not be sent, for what the server's list showed before.
    var ambiguity: Ambiguity?
    /// What the journal knew when the gate was taken.
    var state: GateState?
    /// The request under way.
    var exchange: ExchangeID?
    /// What is found out about a start in doubt: this one, or one of another run.
    @Apart var inquiry: DoubtInquiry?
    /// When the intent was written down and the request left; `nil`: not in this life.
    var leftAt: Duration?
    /// The list was to be read before it leaves, and could not be.
    var goesUnlisted = false
    /// True if the list has been read for it: reading a long one may take longer than it counts as fresh.
    var isListed = false
    var isWithdrawn = false
    /// Of tries that came to nothing although they had been sent.
    var backoff: Backoff?
    /// The wait until a predecessor is asked for again.
    var pause = Duration.seconds(1)
    /// Since when the server does not know the job in the way.
    var missingSince: Duration?
    /// The job in the way that people have been told of.
    @Apart var waitsFor: GateState.Predecessor?
}
