import DataStudio
import Escaping
import JSON

/// The shapes of what a webhook is sent. The raw values are the configuration's words.
package enum WebhookFormat: String, CaseIterable, Sendable {
    /// An object with everything by name.
    case json
    /// A message of Slack's incoming webhooks: https://api.slack.com/messaging/webhooks
    case slack
    /// A message with an Adaptive Card, as the webhooks of Teams' workflows take it:
    /// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    case teams

    /// Longer texts are cut, in bytes: Slack takes 40 000 characters, of which `&` takes five; Teams takes 28 KB.
    private var longest: Int { self == .slack ? 8_000 : 20_000 }

    /// Cut in its middle: at its end stand the commands, and the place that it comes from.
    private func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        let end = String(decoding: text.utf8.suffix(longest / 4), as: UTF8.self)
        let beginning = String(decoding: text.utf8.prefix(longest - longest / 4), as: UTF8.self)
        return "\(beginning)\n… (\(text.utf8.count - longest) bytes are left out)\n\(end)"
    }

    func body(_ announcement: Announcement, from sender: Sender) -> JSON {
        let text = cut(announcement.story(from: sender))
        switch self {
        case .json:
            return .record([
                "event": .string(announcement.event), "title": .string(announcement.title),
                "text": .string(cut(announcement.text)),
                "run": .string(announcement.run), "script": .string(announcement.script),
                "path": .string(announcement.path), "status": .string(announcement.status),
                "exit_code": announcement.exitCode.map { .integer(Int64($0)) },
                "host": .string(sender.host), "user": .string(sender.user), "at": .string(announcement.at.iso8601),
            ])
        case .slack:
            return .record([
                "text": .string(
                    "*\(TextFormat.slack.escaped(announcement.title))*\n```\(TextFormat.slack.escaped(text))```")
            ])
        case .teams:
            func block(_ text: String, _ more: KeyValuePairs<String, JSON?>) -> JSON {
                .object(
                    (JSON.record(["type": "TextBlock", "text": .string(text), "wrap": true]).members ?? [])
                        + (JSON.record(more).members ?? []))
            }
            let lines = text.lines.map(TextFormat.markdown.escaped).joined(separator: "\n\n")
            return .record([
                "type": "message",
                "attachments": [
                    .record([
                        "contentType": "application/vnd.microsoft.card.adaptive",
                        "content": .record([
                            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
                            "version": "1.4",
                            "body": [
                                block(
                                    TextFormat.markdown.escaped(announcement.title),
                                    ["weight": "Bolder", "size": "Medium"]),
                                block(lines, ["fontType": "Monospace"]),
                            ],
                        ]),
                    ])
                ],
            ])
        }
    }
}
