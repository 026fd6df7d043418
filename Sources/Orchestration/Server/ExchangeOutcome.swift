package import DataStudio

/// How one try of a request ended.
package enum ExchangeOutcome: Hashable, Sendable {
    case reply(StudioReply)
    /// Nothing of it can have reached the server: the name was not found, nobody listened, TLS failed.
    case unsent(String)
    /// There was a connection and no answer, or not all of it: nobody knows how far the request got.
    case broken(String)
}
