import Orchestration

/// Whom to notify, of what, and how.
package struct NotificationTarget: Sendable {
    /// How a message reaches it.
    package enum Way: Sendable {
        /// A POST to an address, which may let its holder write: it is as secret as a key.
        case webhook(url: SecretSource, format: WebhookFormat)
        /// A program and its arguments, without a shell. It gets the text on its standard input.
        case command(CommandLineWords)
        /// Mail to these addresses.
        case mail([String])
    }

    /// Its name in the configuration. The settings `notify.webhook` and `notify.command` are targets of that name.
    package var name: String
    /// How a message reaches it.
    package var way: Way
    /// When.
    package var occasions: Set<Occasion>
    /// Patterns for names of scripts, as `load*`; empty: all scripts.
    package var scripts: [String] = []
    /// Patterns for workflows: only messages that are about one of them; empty: all messages.
    package var workflows: [String] = []

    /// A target that wants messages of these occasions, whatever script they are about.
    package init(_ name: String, _ way: Way, occasions: Set<Occasion>) {
        self.name = name
        self.way = way
        self.occasions = occasions
    }

    /// The setting that makes it: `notify.webhook`, `notify.targets.dba`.
    var setting: String { ["webhook", "command"].contains(name) ? "notify.\(name)" : "notify.targets.\(name)" }

    /// True if the message is for it.
    func wants(_ announcement: Announcement) -> Bool {
        guard announcement.targets.isEmpty else { return announcement.targets.contains(name) }
        guard !occasions.isDisjoint(with: announcement.occasions) else { return false }
        func matches(_ names: some Sequence<String>, _ patterns: [String]) -> Bool {
            patterns.isEmpty || names.contains { name in patterns.contains { PathPattern.matches(name, $0) } }
        }
        let script = announcement.script
        let names = [script, script.hasSuffix(".lua") ? String(script.dropLast(4)) : script]
        return matches(names, scripts) && matches(announcement.workflows, workflows)
    }
}
