/// Whom to tell, of what, and how.
package struct NotificationSettings: Sendable {
    /// A POST to an address.
    package struct Webhook: Sendable {
        /// The address may let its holder write: it is as secret as a key.
        package var url: SecretSource
        /// What is sent.
        package var format: WebhookFormat
        /// When.
        package var occasions: Set<Occasion>

        /// A POST to that address.
        package init(url: SecretSource, format: WebhookFormat = .json, occasions: Set<Occasion>) {
            self.url = url
            self.format = format
            self.occasions = occasions
        }
    }

    /// A program, with the text on its standard input.
    package struct Command: Sendable {
        /// The program and its arguments, without a shell.
        package var line: CommandLineWords
        /// When.
        package var occasions: Set<Occasion>

        /// That program.
        package init(line: CommandLineWords, occasions: Set<Occasion>) {
            self.line = line
            self.occasions = occasions
        }
    }

    /// A POST to an address.
    package var webhook: Webhook?
    /// A program.
    package var command: Command?
    /// The address of a dead man's switch: `/start` behind it, nothing for success, `/fail`.
    package var ping: SecretSource?
    /// Variables of the environment that hold secrets: programs that tell people do not get them.
    package var withheld: Set<String> = ["BATON_API_KEY"]

    /// Nobody.
    package init() {}

    /// What people are told of unless the configuration says otherwise.
    package static let usualOccasions: Set<Occasion> = [
        .failure, .recovered, .late, .ambiguous, .duplicate, .notify,
    ]

    /// True if nobody is to be told anything.
    package var isEmpty: Bool { webhook == nil && command == nil && ping == nil }
}
