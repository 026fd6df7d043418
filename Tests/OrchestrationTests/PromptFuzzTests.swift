import DataStudio
import Foundation
import LuaSyntax
import Testing

@testable import Orchestration

/// What is typed, whatever it is: pieces of Lua in any order, and cut anywhere. Always the same; `BATON_FUZZ_SEED` makes
/// others, `BATON_FUZZ_CASES` more of them: `scripts/prove rubbish`.
@Suite struct PromptFuzzTests {
    private static let cases =
        ProcessInfo.processInfo.environment["BATON_FUZZ_CASES"].flatMap { Int($0) } ?? 2_000
    private static let seed =
        ProcessInfo.processInfo.environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    private static let pieces = [
        "\"", "'", "\\", "[[", "[==[", "]]", "]==]", "--", "--[[", "\n", "\r\n", "\r", " ", "\t", "\u{0}", ".", "..",
        "...",
        "::", ":", "=", "==", "~", "~=", "(", ")", "{", "}", "[", "]", ",", ";", "#", "#!", "-", "1", "0x", "3.e", "_",
        "x",
        "local", "local function", "function", "end", "if", "then", "else", "repeat", "until", "for", "while", "do",
        "return",
        "goto", "<const>", "<close>", "execute", "execute 'a'", "start", "parallel {", "params.", "require", "studio.",
        "ä",
        "e\u{301}", "\u{600}", "=\u{301}", "👩‍👧", "\\z", "\\", "not", "nil",
    ]

    @Test func `no token reaches past its text, and no reader of typed text traps`() async {
        print("seed of the fuzzing: \(Self.seed)")
        var random = SplitMix(seed: Self.seed)
        for number in 0..<Self.cases {
            if number % 50 == 0 { await Task.yield() }
            var text = ""
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                text += Self.pieces.randomElement(using: &random) ?? ""
                if Bool.random(using: &random) { text += " " }
            }
            check(text)
            read(text)
        }
    }

    /// Tokens stand in the text, one behind the other, and between them is nothing but space and comments.
    private func check(_ text: String) {
        let bytes = Array(text.utf8)
        var end = 0
        for token in SourceLexer.tokens(of: text) {
            #expect(token.range.lowerBound >= end && !token.range.isEmpty, "\(text.debugDescription)")
            end = token.range.upperBound
            #expect(end <= bytes.count, "\(text.debugDescription)")
            #expect(!token.isOpen || (token.string != nil && end == bytes.count), "\(text.debugDescription)")
            let line = bytes[..<token.range.lowerBound].count { $0 == UInt8(ascii: "\n") } + 1
            #expect(token.line == line, "\(text.debugDescription)")
        }
    }

    /// Everything that is done with a line: what of it can be run, completed, kept and saved.
    private func read(_ text: String) {
        let input = SessionInput(text)
        _ = SessionInput.historyEntries(text)
        _ = CompletionContext(text)
        _ = SessionCode.locals(of: text)
        _ = SessionCode.keepingLocals(text)
        _ = ScriptSource(text, name: "typed.lua", modules: [:]).findings
        var transcript = Transcript()
        transcript.add(text, .succeeded, hasValues: true)
        transcript.add(text, .interrupted(keepsJobs: true), hasValues: false)
        transcript.add("print(_)", .succeeded, hasValues: false)
        transcript.use(server: text)
        let script = transcript.script
        guard input == .complete else { return }
        #expect(SessionInput(script) != .unfinished, "\(text.debugDescription) is saved as \(script.debugDescription)")
    }
}
