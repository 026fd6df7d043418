/// A number that is kept for a script over all of its runs, or read off the journal.
package struct Measure: Hashable, Sendable {
    /// As metrics call it, as `baton_steps_total`.
    package var name: String
    /// The script's path, or what began a run that came from no file; `nil` where it does not matter.
    package var path: String?
    /// What else tells it apart, as a state or a step's name; empty: nothing.
    package var label: String
    /// The number.
    package var value: Double

    /// A measure.
    package init(_ name: String, path: String? = nil, label: String = "", _ value: Double) {
        self.name = name
        self.path = path
        self.label = label
        self.value = value
    }
}
