package import DataStudio

/// The answer to a ``Query``.
package enum Answer: Hashable, Sendable {
    /// The job asked for; `nil` when there is none.
    case job(Job?)
    case jobs([Job])
    case workflows([Workflow])
    case spaces([Space])
    case dataset(Dataset)
    /// Earlier steps of a name, newest first.
    case history([PastStep])
    /// The server cancelled the job, or said why it did not.
    case cancelled(Bool, reason: String)
    case http(HTTPReply)
    /// What lies at the path; `nil` when nothing does.
    case file(FileStatus?)
    /// The files that match, by path.
    case files([FoundFile])
    /// The runs asked for, newest first.
    case runs([PastRun])
    /// A person has decided.
    case decision(Decision)
    /// It was carried out.
    case done
    /// It was sent once, and nobody knows whether it was carried out.
    case doubtful(String)
    case failed(StepFailure)
}
