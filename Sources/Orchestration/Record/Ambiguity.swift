/// Why it cannot be known whether a start happened.
package struct Ambiguity: Hashable, Sendable {
    /// In words for a person.
    package var reason: String
    /// The jobs it may have made: reserved until a person decides.
    package var candidates: [JobIdentity]

    /// A doubt that no listing can settle.
    package init(reason: String, candidates: [JobIdentity] = []) {
        self.reason = reason
        self.candidates = candidates
    }
}
