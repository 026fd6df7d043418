/// A job that a step waits for, with what tells it apart from others that get its id.
package struct WatchedJob: Hashable, Sendable {
    /// What is known of it.
    package var identity: JobIdentity
    /// A job that the server had when this one was started: while that is listed, no restart has given ids away again.
    package var newest: JobIdentity?
    /// True if the server has just answered the start with its id: what it shows of it first is taken as it is.
    package var isFromReply = false

    /// A job that is to be recognised.
    package init(_ identity: JobIdentity, newest: JobIdentity? = nil, isFromReply: Bool = false) {
        self.identity = identity
        self.newest = newest
        self.isFromReply = isFromReply
    }
}
