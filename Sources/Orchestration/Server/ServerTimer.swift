/// What a ``ServerMachine`` waits for time to pass for.
package enum ServerTimer: Hashable, Sendable {
    /// It is time to ask about the jobs.
    case tick(Int)
    /// A request is tried again.
    case retry(ExchangeID)
    /// A question is asked again, as the answer was not final.
    case ask(QueryID)
    /// A start in doubt can be looked for in the server's list.
    case look(NodeID)
    /// A start that came to nothing is tried again.
    case open(NodeID)
    /// The job that is in a start's way is asked for again.
    case predecessor(NodeID)
}
