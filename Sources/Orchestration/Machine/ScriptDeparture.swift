package import DataStudio

/// Where another text of a script first does something else than a recorded run did.
package struct ScriptDeparture: Hashable, Sendable {
    /// How many records the two have in common.
    package let records: Int
    /// When the run was there.
    package let at: Timestamp
    /// What the run did there, and what the script does.
    package let message: String
    /// The line of the recorded script, as `nightly.lua:12`, if it is one.
    package let recorded: String?
    /// The line of the other text.
    package let current: String?
}
