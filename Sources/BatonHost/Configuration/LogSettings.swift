/// What Baton tells of itself, and in which form.
package struct LogSettings: Sendable {
    /// From which level on.
    package enum Level: String, CaseIterable, Sendable {
        case trace, debug, info, warning, error
    }

    /// In which form standard error is written.
    package enum Format: String, CaseIterable, Sendable {
        /// Lines for people.
        case text
        /// One JSON object a line.
        case json
    }

    /// Warnings and errors, unless it is set.
    package var level = Level.warning
    /// Lines for people, unless it is set.
    package var format = Format.text

    /// As it is unless it is set.
    package init() {}
}
