/// What a script wants people to be told.
package struct Notice: Hashable, Sendable {
    /// A line above it; `nil`: none.
    package var title: String?
    /// The text.
    package var text: String
    /// How grave it is.
    package var level: LogLevel
    /// The targets of the configuration that it goes to; empty: those that want what scripts tell.
    package var targets: [String] = []
    /// What people can do, each on a line of its own; scripts have none.
    package var commands: [String] = []

    /// A text for people.
    package init(title: String? = nil, text: String, level: LogLevel = .info) {
        self.title = title
        self.text = text
        self.level = level
    }
}
