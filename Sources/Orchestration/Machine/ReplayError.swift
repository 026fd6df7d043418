/// The script asked for something else than its log says it did.
package struct ReplayError: Error, Hashable, Sendable {
    /// What differs, for a person.
    package let message: String
    /// The line that the log has, as `nightly.lua:12`.
    package let recorded: String?
    /// The line the script is at now.
    package let current: String?

    init(_ message: String, recorded: String? = nil, current: String? = nil) {
        self.message = message
        self.recorded = recorded
        self.current = current
    }
}
