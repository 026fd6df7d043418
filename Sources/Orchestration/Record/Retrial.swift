/// How a run that had ended goes on.
package struct Retrial: Hashable, Sendable {
    /// Who wants it.
    package var by: String
    /// The records that count no more: what ended the run, and what the script did in answer to it.
    package var void: [Int]
    /// True if it goes on with another text of the script than before: that which the run's row has now.
    package var isRevision = false
    /// The parameters that have other values from here on.
    package var parameters: [String: String] = [:]
    /// The steps that start again, by their keys.
    package var again: [String] = []
    /// The steps whose jobs are waited for again.
    package var waits: [String] = []
    /// The steps that count as completed.
    package var done: [String] = []
    /// The steps that take a job somebody else started.
    package var adopted: [String: JobIdentity] = [:]

    /// How the run had ended, for people: what the records that count no more said.
    package var ending: String?

    /// Nothing of the log is void, unless it is said.
    package init(by: String, void: [Int] = []) {
        self.by = by
        self.void = void
    }
}
