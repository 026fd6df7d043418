/// A request that got no answer.
struct TransportError: Error, Sendable {
    /// True if nothing of it can have reached the server: no connection was made.
    let isCertainlyUnsent: Bool
    /// What went wrong, in a few words.
    let reason: String
}
