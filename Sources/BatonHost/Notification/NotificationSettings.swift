/// Whom to notify, of what, and how.
package struct NotificationSettings: Sendable {
    /// Those who are notified.
    package var targets: [NotificationTarget] = []
    /// How mail is sent; `nil`: not at all.
    package var mail: MailSettings?
    /// The address of a dead man's switch: `/start` behind it, nothing for success, `/fail`.
    package var ping: SecretSource?
    /// Variables of the environment that hold secrets: programs that tell people do not get them.
    package var withheld: Set<String> = ["BATON_API_KEY"]

    /// Nobody.
    package init() {}

    /// What people are told of unless the configuration says otherwise.
    package static let usualOccasions: Set<Occasion> = [
        .failure, .recovered, .late, .ambiguous, .duplicate, .approval, .notify,
    ]

    /// True if nobody is to be told anything.
    package var isEmpty: Bool { targets.isEmpty && ping == nil }

    /// The names of the targets.
    package var names: Set<String> { Set(targets.map(\.name)) }
}
