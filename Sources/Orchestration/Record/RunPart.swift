/// One of the parts of a run, each of which runs the script from its top: `restart_with` ends one and begins the next.
package struct RunPart: Hashable, Sendable {
    /// From 1.
    package var number: Int
    /// What the part before handed over, as JSON text; `nil` for the first.
    package var state: String?

    /// The first part of a run, unless more is given.
    package init(number: Int = 1, state: String? = nil) {
        self.number = number
        self.state = state
    }

    /// What the keys of its tasks and steps begin with; empty for the first part.
    var key: String { number == 1 ? "" : "@\(number)" }
}
