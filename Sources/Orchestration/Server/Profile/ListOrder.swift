/// In which order a server lists its jobs, as far as lists that were read to their end have shown it.
package enum ListOrder: String, Hashable, Sendable {
    /// Nothing has shown it: a list is read to its end.
    case unknown
    /// The newest job comes first.
    case newestFirst
    /// The oldest job comes first.
    case oldestFirst
    /// Neither.
    case none
}
