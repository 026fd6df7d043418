import DataStudio
import Foundation
import HostileTexts
import StudioServer
import Testing

/// What is typed and pasted at the prompt, whatever it is. `BATON_FUZZ_SEED` makes other sessions, `BATON_FUZZ_SESSIONS` more:
/// `scripts/prove rubbish`.
@Suite(.timeLimit(.minutes(20))) struct PastedTextTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let sessions = environment["BATON_FUZZ_SESSIONS"].flatMap { Int($0) } ?? 6
    private static let seed = environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    private func session(_ body: (PseudoTerminal, StudioServer) async throws -> Void) async throws {
        try await Workplace.with("workflows:\n  a: { duration: 1ms }\n") { place, server in
            let terminal = try PseudoTerminal(["repl"], in: place)
            let limit = terminal.give(.seconds(60))
            defer { limit.cancel() }
            try await terminal.until("the prompt") { $0.line == ">" }
            try await body(terminal, server)
        }
    }

    /// What was begun is given up, and the prompt answers.
    private func answers(_ terminal: PseudoTerminal) async throws {
        let insisting = terminal.insist(["\u{3}", "\u{15}print(6 * 7)\r"])
        defer { insisting.cancel() }
        try await terminal.until("an answer") { $0.lines.contains("42") }
    }

    @Test func `what is behind a line that fails or is interrupted is not run`() async throws {
        try await session { terminal, server in
            terminal.type("\u{1B}[200~error 'stop'\rexecute 'a'\rprint = (\rexecute 'a'\u{1B}[201~\r")
            try await terminal.until("the error") { $0.text.contains("repl:1: stop") && $0.line == ">" }
            try await answers(terminal)
            #expect(server.jobs().isEmpty)
        }
    }

    @Test func `a pasted text is run when the person says so, line by line`() async throws {
        try await session { terminal, server in
            terminal.type("\u{1B}[200~execute 'a'\rx = 40\rx + 2\r\u{1B}[201~")
            try await terminal.until("the pasted text") { $0.text.contains("x + 2") }
            #expect(server.jobs().isEmpty)
            terminal.type("\r")
            try await terminal.until("its values") { $0.lines.contains("42") && $0.line == ">" }
            #expect(server.jobs().count == 1)
        }
    }

    @Test func `a pasted text can be given up`() async throws {
        try await session { terminal, server in
            terminal.type("\u{1B}[200~execute 'a'\nexecute 'a'\u{1B}[201~")
            try await terminal.until("the pasted text") { $0.text.components(separatedBy: "execute 'a'").count == 3 }
            try await answers(terminal)
            #expect(server.jobs().isEmpty)
        }
    }

    @Test(arguments: [
        #"x = "abc"#, "x = [[", "x = [==[a", "x = 'a\\", "-- [[", "--[[", "f(\"", "'", "\"", "[[", "execute \"",
    ])
    func `a text without its end does not end the prompt`(line: String) async throws {
        try await session { terminal, _ in
            terminal.type(line + "\r")
            try await terminal.until("an answer") { $0.lines.count > 2 && ($0.line == ">" || $0.line == ">>") }
            try await answers(terminal)
        }
    }

    private static let keys = [
        "\t", "\u{1}", "\u{5}", "\u{2}", "\u{6}", "\u{8}", "\u{7F}", "\u{B}", "\u{15}", "\u{17}", "\u{19}", "\u{12}a\r",
        "\u{10}",
        "\u{E}", "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}[H", "\u{1B}[F", "\u{1B}[3~", "\u{1B}b",
        "\u{1B}f", "\u{14}",
        "\u{0}", "\u{C}", "\u{1B}[200~a\rb\u{1B}[201~", "\u{1B}[200~\"\u{1B}[201~", "\u{1B}[200~", "\u{1B}[201~", "\r",
        "\r\r",
    ]
    private static let pieces = [
        "execute", " 'a'", "\"", "'", "[[", "]]", "--", "{", "}", "(", ")", "x", " = ", "1", "function f()", " end",
        "return ", "local ",
        ":help", ":tasks", ":load ", ":save ", ":server ", ":history a", "params.", "studio.", "start ", "_", "print ",
        "error 'x'",
        "parallel { 'a' }", "sleep(0.001)", "ä", "👩‍👧", "e\u{301}",
    ]

    @Test func `no session ends before the person does`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        var random = SplitMix(seed: Self.seed)
        func draw(_ values: [String]) -> String { values[Int(random.next() % UInt64(values.count))] }
        try await Workplace.with("workflows:\n  a: { duration: 1ms }\n") { place, _ in
            for number in 0..<Self.sessions {
                let terminal = try PseudoTerminal(["repl"], in: place, columns: 20 + Int(random.next() % 80))
                let limit = terminal.give(.seconds(20))
                defer { limit.cancel() }
                try await terminal.until("the prompt") { $0.line == ">" }
                var typed = ""
                for _ in 0..<20 {
                    let text =
                        switch random.next() % 5 {
                        case 0: draw(Self.keys)
                        case 1: draw(HostileTexts.signs)
                        case 2: draw(Self.pieces) + "\r"
                        default: draw(Self.pieces)
                        }
                    typed += text
                    terminal.type(text)
                }
                // Whatever was begun is given up, and the prompt answers. A terminal drops what was typed before Ctrl-C.
                let comment = Comment("session \(number): \(typed.debugDescription)")
                await #expect(throws: Never.self, comment) {
                    try await answers(terminal)
                }
            }
        }
    }
}
