import DataStudio

/// What was known of a server and its jobs when a start was about to leave. It decides later whether the start happened: by
/// jobs that were not there before, not by times.
package struct StartEvidence: Hashable, Sendable {
    /// The user of the API key, as the server's jobs show it; `nil` if that is not known.
    package var user: String?
    /// True if a job has shown that spelling: a job of another user is surely not this start's then.
    package var isUserProven = false
    /// What the API key is known by, as `…wxyz baton`: what is learned later of its user counts as well.
    package var key: String?
    /// The newest job of any workflow that was known. While the server still lists it, it has kept its jobs.
    package var newest: JobIdentity?
    /// The workflow's jobs that were known and might be taken for this start's, the newest ones.
    package var known: [JobIdentity] = []
    /// True if the list had been read shortly before, and ``known`` is all of it that matters: a job that is not in it is a
    /// later one. Without ``newest`` the list was empty.
    package var isListed = false
    /// When that was.
    package var boot: BootInstant?
    /// False if the machine may go on sending the request long after its process has died.
    package var isBounded = true

    /// Nothing is known.
    package init() {}

    /// How many jobs of the workflow are kept at most: an older one that is left out makes a person be asked, at worst.
    static let mostKnown = 64
}
