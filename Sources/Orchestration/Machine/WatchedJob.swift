/// A job that a step waits for, with what tells it apart from others that get its id.
package struct WatchedJob: Hashable, Sendable {
    /// What is known of it.
    package var identity: JobIdentity
    /// A job that the server had when this one was started: while that is listed, no restart has given ids away again.
    package var newest: JobIdentity?
    /// What it is expected to show: a job that shows all of it is the one, one that does not may be it all the same.
    package var expected: JobIdentity
    /// True if nothing more than the id is needed: somebody has looked at the job, or a former version of Baton has started it.
    package var isTrusted = false
    /// True if the server has just answered the start with its id: what it shows of it first is taken as it is.
    package var isFromReply = false
    /// Jobs with its id that later starts have got: what one of them may be is not this one.
    package var successors: [JobIdentity] = []

    /// A job that is to be recognised.
    package init(
        _ identity: JobIdentity, newest: JobIdentity? = nil, expected: JobIdentity? = nil, isTrusted: Bool = false,
        isFromReply: Bool = false
    ) {
        self.identity = identity
        self.newest = newest
        self.expected = expected ?? identity
        self.isTrusted = isTrusted
        self.isFromReply = isFromReply
    }
}
