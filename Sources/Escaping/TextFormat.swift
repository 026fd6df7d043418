/// A format that texts from outside are put into, and how its signs are written there.
///
/// The one place of Baton that escapes. It goes by Unicode scalars: a mark behind a sign makes another `Character` of it,
/// which comparisons of characters do not find, and which a browser, a shell or a parser reads as the sign all the same.
package enum TextFormat: CaseIterable, Sendable {
    /// Text of a page, and the value of an attribute in quotes.
    case html
    /// The value of a label, in double quotes:
    /// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
    case metricsLabel
    /// A message of Slack, and the inside of a block of code: https://docs.slack.dev/messaging/formatting-message-text
    case slack
    /// Text of an Adaptive Card, which takes some Markdown:
    /// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
    case markdown
    /// The rest of a line that is a comment, as in YAML.
    case comment
    /// A text of Lua, between double quotes.
    case lua
    /// A word for the shell, quotes included.
    case shell
    /// A word for the shell in a line of a crontab, where `%` is a line break.
    case crontab
    /// A word of a unit, quotes included: https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
    case unit
    /// Likewise, of a command, where `$` begins a variable.
    case unitCommand
    /// The rest of a line of a unit, where no quotes are known.
    case unitLine
    /// One line for people, on a terminal or in a log: without what moves a cursor, breaks a line or turns its direction.
    case line

    /// The text, as it is written in this format.
    package func escaped(_ text: String) -> String {
        switch self {
        case .html, .metricsLabel, .slack, .markdown, .comment, .lua, .unitLine, .line:
            let escaped = text.replacingScalars(sign)
            return self == .slack ? escaped.replacing(bytes: "```", with: "'''") : escaped
        case .shell:
            let isPlain =
                !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    Self.isAlphanumeric(byte) || "/._-+%,=:@".utf8.contains(byte)
                }
            return isPlain ? text : "'" + text.replacing(bytes: "'", with: #"'\''"#) + "'"
        case .crontab:
            // A line break ends the entry, whatever the quotes.
            return TextFormat.shell.escaped(text.replacingScalars { Self.breaksLine($0) ? " " : nil })
                .replacing(bytes: "%", with: #"\%"#)
        case .unit, .unitCommand:
            let escaped = text.replacingScalars(sign)
            let isPlain =
                !escaped.isEmpty && escaped == text
                && !escaped.utf8.contains {
                    $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "'")
                }
            return isPlain ? escaped : "\"" + escaped + "\""
        }
    }

    /// What stands for a sign; `nil`: it stands for itself.
    private func sign(_ scalar: Unicode.Scalar) -> String? {
        switch (self, scalar) {
        case (.html, "&"), (.slack, "&"): "&amp;"
        case (.html, "<"), (.slack, "<"): "&lt;"
        case (.html, ">"), (.slack, ">"): "&gt;"
        case (.html, "\""): "&quot;"
        case (.html, "'"): "&#39;"
        case (.html, "\n"), (.html, "\t"), (.slack, "\n"), (.markdown, "\n"): nil
        case (.metricsLabel, "\\"), (.lua, "\\"), (.unit, "\\"), (.unitCommand, "\\"): "\\\\"
        case (.metricsLabel, "\""), (.lua, "\""), (.unit, "\""), (.unitCommand, "\""): "\\\""
        case (.metricsLabel, "\n"): "\\n"
        case (.markdown, "\\"), (.markdown, "*"), (.markdown, "_"), (.markdown, "["), (.markdown, "]"),
            (.markdown, "`"):
            "\\" + String(scalar)
        case (.unit, "%"), (.unitCommand, "%"), (.unitLine, "%"): "%%"
        case (.unitCommand, "$"): "$$"
        // What is no text is not kept, but in Lua, where a text may hold any byte.
        case (.lua, _): scalar.value < 0x20 || scalar.value == 0x7F ? "\\" + Self.threeDigits(scalar.value) : nil
        default: Self.isControl(scalar) ? " " : nil
        }
    }

    private static func threeDigits(_ value: UInt32) -> String {
        let digits = String(value)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// True for what some program takes for the end of a line.
    package static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// True for what moves a cursor, breaks a line, turns its direction, or is not seen at all.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF,
            0xE0000...0xE007F:
            true
        // No characters: some readers refuse a whole file for one, as those of YAML.
        case let value where value & 0xFFFE == 0xFFFE: true
        default: false
        }
    }
}
