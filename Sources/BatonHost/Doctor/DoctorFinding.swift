/// One line of what `baton doctor` found out.
package struct DoctorFinding: Sendable, Equatable {
    /// How it stands.
    package enum State: String, Sendable {
        /// As it should be.
        case right
        /// To be mended.
        case wrong
        /// Worth knowing.
        case note
    }

    /// How it stands.
    package let state: State
    /// What was looked at, in a word or two.
    package let topic: String
    /// What was found.
    package let text: String
    /// What to do, if something is.
    package let advice: String?

    /// A line; without advice, nothing is to be done.
    package init(_ state: State, _ topic: String, _ text: String, advice: String? = nil) {
        self.state = state
        self.topic = topic
        self.text = text
        self.advice = advice
    }
}
