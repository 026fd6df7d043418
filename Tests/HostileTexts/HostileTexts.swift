/// Texts that a server, a script or a file may hold, and that have broken an output somewhere: the one list that every output
/// is tested with.
package enum HostileTexts {
    /// Signs that some format takes for its own.
    package static let signs: [String] = [
        "<", ">", "&", "\"", "'", "`", "```", "\\", "/", "%", "$", ";", "|", "{", "}", "{{", "}}", "{{{x}}}", "[", "]",
        "(",
        ")", "#", " #", ": ", "*", "_", "~", "~1", "~0", "@", "=", ",", "!", "-", "- ", "--", "?", "^", "+",
    ]

    /// What makes another `Character` of a sign that it stands behind, or in front of.
    package static let marks: [String] = ["\u{301}", "\u{FE0F}", "\u{200D}", "\u{E0041}", "\u{1F3FB}"]
    package static let prefixes: [String] = ["\u{600}", "\u{110BD}"]

    /// What ends a line, moves a cursor, or turns its direction.
    package static let controls: [String] = [
        "\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\u{0}", "\u{7}", "\u{8}", "\t",
        "\u{1B}[31m",
        "\u{1B}]0;title\u{7}", "\u{9B}31m", "\u{7F}", "\u{202E}", "\u{2066}", "\u{200F}", "\u{FEFF}", "\u{E0001}",
    ]

    /// Whole texts.
    package static let texts: [String] = [
        "", " ", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><b>", "'; rm -rf /; '", "$(touch x)",
        "`id`",
        "true", "null", "on", "~", "a: b", "- a", "&a", "*a", "!tag", "%TAG", "@x", "a #b", "] }", "\u{1B}[2J\u{1B}[H",
        "a\r\nb: c",
        "name\n# TYPE x counter", "x\" } 1\nbaton_up{a=\"", "<!channel>", "<https://example.com|click>",
        "[click](https://example.com)",
        "\u{FFFD}", "\u{FFFE}", "👩‍👧", "e\u{301}", "\u{E9}", "中文", "a\u{0}b", String(repeating: "\u{301}", count: 300),
        String(repeating: "x", count: 5_000),
    ]

    /// All of them, and each sign with a mark behind it, a prefix in front of it, and a line's end beside it.
    package static let all: [String] =
        texts + controls.map { "a\($0)b" } + signs.map { "a\($0)b" }
        + signs.flatMap { sign in marks.map { "a\(sign)\($0)b" } + prefixes.map { "a\($0)\(sign)b" } + ["a\(sign)\r\nb"]
        }
}
