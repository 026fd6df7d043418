/// What a person says of a step in doubt.
package enum Resolution: Hashable, Sendable {
    /// This job is the step's.
    case adopt(JobIdentity)
    /// It was not started, or its job is of no use: start it again.
    case restart
    /// What it was to do is done: it counts as completed.
    case done
    /// It failed.
    case fail
}
