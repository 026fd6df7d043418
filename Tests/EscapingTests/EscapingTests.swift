import Escaping
import Foundation
import HostileTexts
import Testing

/// What is escaped is read by whoever reads the format, scalar by scalar.
@Suite struct EscapingTests {
    private static func scalars(_ text: String) -> Set<Unicode.Scalar> { Set(text.unicodeScalars) }

    @Test func `no format lets a control character through`() {
        for text in HostileTexts.all {
            for format in TextFormat.allCases where ![.lua, .shell, .crontab].contains(format) {
                let allowed: Set<Unicode.Scalar> =
                    switch format {
                    case .html: ["\n", "\t"]
                    case .slack, .markdown: ["\n"]
                    default: []
                    }
                let left = Self.scalars(format.escaped(text)).filter { TextFormat.isControl($0) }.subtracting(allowed)
                #expect(left.isEmpty, "\(format): \(text.debugDescription)")
            }
        }
    }

    @Test func `nothing in a page's text is markup, and it is read as it was`() throws {
        for text in HostileTexts.all {
            let escaped = TextFormat.html.escaped(text)
            #expect(Self.scalars(escaped).isDisjoint(with: ["<", ">", "\"", "'"]), "\(text.debugDescription)")
            var back = escaped
            for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
                back = back.replacing(bytes: entity, with: sign)
            }
            let kept = text.replacingScalars { TextFormat.isControl($0) && $0 != "\n" && $0 != "\t" ? " " : nil }
            #expect(Array(back.utf8) == Array(kept.utf8), "\(text.debugDescription)")
        }
    }

    /// As the exposition format is read: a backslash stands for the sign behind it.
    @Test func `the value of a metric's label ends at its quote`() {
        for text in HostileTexts.all {
            var rest = Array((TextFormat.metricsLabel.escaped(text) + "\"").unicodeScalars)[...]
            while let scalar = rest.popFirst() {
                if scalar == "\\" {
                    let next = rest.popFirst()
                    #expect(next == "\\" || next == "\"" || next == "n", "\(text.debugDescription)")
                } else if scalar == "\"" {
                    break
                }
            }
            #expect(rest.isEmpty, "\(text.debugDescription)")
        }
    }

    @Test func `a shell reads a word as it was`() throws {
        let texts = HostileTexts.all.filter { !$0.utf8.contains(0) }
        let script = "printf '%s\\0' " + texts.map { TextFormat.shell.escaped($0) }.joined(separator: " ")
        let process = Process()
        let output = Pipe()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("escaping-\(UUID().uuidString).sh")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(script.utf8).write(to: file)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [file.path]
        process.standardOutput = output
        try process.run()
        let read = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = read.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(words.count == texts.count)
        for (word, text) in zip(words, texts) { #expect(Array(word) == Array(text.utf8), "\(text.debugDescription)") }
    }

    @Test func `a line of a crontab or a unit stays one line`() {
        for text in HostileTexts.all {
            for format in [TextFormat.crontab, .unit, .unitCommand, .unitLine, .comment, .line] {
                let escaped = format.escaped(text)
                #expect(
                    !escaped.unicodeScalars.contains { TextFormat.breaksLine($0) },
                    "\(format): \(text.debugDescription)")
                #expect(escaped.lines.count == 1)
            }
            let percent = TextFormat.crontab.escaped(text).split(bytes: "\\%").joined()
            #expect(!percent.contains(bytes: "%"), "\(text.debugDescription)")
        }
    }

    @Test func `a block of code of Slack ends where it should`() {
        for text in HostileTexts.all {
            let escaped = TextFormat.slack.escaped(text)
            #expect(!escaped.contains(bytes: "```"), "\(text.debugDescription)")
            #expect(Self.scalars(escaped).isDisjoint(with: ["<", ">"]), "\(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("a\nb\r\nc\rd", ["a", "b", "c", "d"]), ("", [""]), ("\r\n", ["", ""]), ("a\u{2028}b", ["a", "b"]),
        ("a\n\u{301}b", ["a", "\u{301}b"]),
    ])
    func `lines end wherever some program ends them`(text: String, lines: [String]) {
        #expect(text.lines == lines)
    }

    @Test func `bytes are found whatever combines with them`() {
        #expect("a/\u{301}b".split(bytes: "/").count == 2)
        #expect("x<\u{301}".contains(bytes: "<") && !"x<\u{301}".contains("<"))
        #expect("\u{E9}".begins(with: "e\u{301}") == false)
        #expect("aXbXc".replacing(bytes: "X", with: "") == "abc")
        #expect("abc".replacing(bytes: "", with: "x") == "abc")
        #expect("".split(bytes: "x") == [""])
    }

    /// Each sign that is replaced, and each that is not, one behind the other.
    @Test(arguments: TextFormat.allCases)
    func `a text is escaped in a time that grows with its length`(format: TextFormat) {
        let factor = Growth.factor(from: 4_000) { count in
            String(repeating: "a\n&\\\"'%$\u{202E}", count: count)
        } work: { text in
            #expect(format.escaped(text).utf8.count > text.utf8.count / 2)
        }
        #expect(factor < Growth.most)
    }
}
