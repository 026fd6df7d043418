/// What a journal says of a run, apart from whether a process holds it.
package enum RunFate: String, Hashable, Sendable {
    /// It can be gone on with.
    case open
    /// It has its last record.
    case ended
    /// Somebody decided not to go on with it.
    case abandoned
}
