/// When people are told something. The raw values are those of the configuration's `on`.
package enum Occasion: String, CaseIterable, Sendable {
    /// A run began, or goes on.
    case start
    case success
    /// A run that was interrupted has got further.
    case recovered
    /// A run ended with an exit code other than 0, 6 and those of signals.
    case failure
    /// A step takes longer than its `max`.
    case late
    /// A person has to say what became of a start.
    case ambiguous
    /// A workflow may have been started twice: a person has to look at the jobs.
    case duplicate
    /// A script waits for a person's approval.
    case approval
    /// The script says so.
    case notify
}
