import Foundation
import LuaSyntax
import Orchestration
import Testing

/// Mistakes that people make, made in the example scripts: nearly all are found, in the line where they are.
@Suite struct MutationTests {
    private struct Script {
        let name: String
        let text: String
        let isPipeline: Bool
        var tokens: [SourceToken] { SourceLexer.tokens(of: text) }
    }

    private struct Mutation: Hashable {
        let kind: String
        let script: String
        let text: String
        let line: Int
    }

    private static let scripts: [Script] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("scripts/examples")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (files ?? []).filter { $0.pathExtension == "lua" }.sorted { $0.path < $1.path }.compactMap { file in
            (try? String(contentsOf: file, encoding: .utf8)).map {
                Script(name: file.lastPathComponent, text: $0, isPipeline: file.path.contains("/pipelines/"))
            }
        }
    }()

    @Test func `of two hundred mistakes at least 190 are found in their line`() {
        var random = Draw(state: 8)
        // The pipelines compute their tables, of which nothing can be known without running them.
        let all = Self.scripts.filter { !$0.isPipeline }.flatMap { script in
            misspeltOptions(script) + wrongTypes(script) + swappedArguments(script) + unknownGlobals(script)
                + missingEnds(script)
        }
        var chosen: [Mutation] = []
        for (_, candidates) in Dictionary(grouping: Set(all), by: \.kind).sorted(by: { $0.key < $1.key }) {
            let order = candidates.sorted { ($0.script, $0.text) < ($1.script, $1.text) }
            chosen += order.shuffled(using: &random).prefix(60)
        }
        chosen = Array(chosen.shuffled(using: &random).prefix(200))
        #expect(chosen.count == 200, "\(Dictionary(grouping: all, by: \.kind).mapValues(\.count))")
        #expect(Set(chosen.map(\.kind)).count == 5)
        let missed = chosen.filter { mutation in !found(mutation) }
        #expect(missed.count <= 10, "\(missed.count) missed: \(missed.map { "\($0.kind) \($0.script):\($0.line)" })")
        for mutation in missed { print("missed: \(mutation.kind) in \(mutation.script):\(mutation.line)") }
    }

    @Test func `the examples themselves have nothing to be found`() {
        #expect(Self.scripts.count >= 15)
        for script in Self.scripts {
            #expect(findings(in: script.text, script.name).map(\.description) == [])
        }
    }

    private func findings(in text: String, _ name: String) -> [Finding] {
        if let fault = ScriptSource.syntaxFinding(in: text, name: name) { return [fault] }
        return ScriptSource(text, name: name).findings
    }

    private func found(_ mutation: Mutation) -> Bool {
        findings(in: mutation.text, mutation.script).contains { $0.line == mutation.line }
    }

    // MARK: Mistakes

    /// Names before `=` in the tables of library calls.
    private func misspeltOptions(_ script: Script) -> [Mutation] {
        let options = Set(LibraryReference.stepOptions.map(\.name)).union([
            "limit", "on_failure", "times", "delay", "every",
        ])
        let tokens = script.tokens
        return tokens.indices.flatMap { index -> [Mutation] in
            guard index > 0, let name = tokens[index].name, options.contains(name), tokens[index - 1].symbol != nil,
                index + 1 < tokens.count, tokens[index + 1].isSymbol("="), !tokens[index - 1].isSymbol(")")
            else { return [] }
            return misspelt(name).map { replaced("misspelt option", script, tokens[index], with: $0) }
        }
    }

    /// Values of options and labels, replaced by what they cannot be.
    private func wrongTypes(_ script: Script) -> [Mutation] {
        let wrong: [String: [String]] = [
            "timeout": ["true", "{}", "\"soon\""], "max": ["true", "\"1 hour\""], "min": ["-1", "{}"],
            "queue_max": ["true", "\"1 hour\""],
            "retries": ["\"two\"", "1.5"], "retry_delay": ["{}", "\"x\""], "limit": ["0", "\"4\""],
            "on_failure": ["true", "\"go on\""], "if_running": ["\"waits\"", "1"], "params": ["3", "\"a\""],
            "check": ["true", "\"ok\""], "refresh": ["\"no\"", "1"], "name": ["{}"], "every": ["\"soon\"", "{}"],
            "on_check": ["\"warning\""], "times": ["\"3x\"", "0"], "delay": ["true"], "usual": ["1", "\"3\""],
        ]
        let tokens = script.tokens
        return tokens.indices.dropFirst().flatMap { index -> [Mutation] in
            if let name = tokens[index - 1].name, ["execute", "start", "phase", "sleep"].contains(name),
                tokens[index].string != nil
            {
                return ["{ 7 }", "{}"].map { replaced("wrong type", script, tokens[index], with: $0) }
            }
            guard index > 1, tokens[index - 1].isSymbol("="), let name = tokens[index - 2].name,
                let values = wrong[name],
                tokens[index - 3].symbol != nil,
                tokens[index].string != nil || tokens[index].kind == .number
                    || ["true", "false"].contains(tokens[index].name)
            else { return [] }
            return values.map { replaced("wrong type", script, tokens[index], with: $0) }
        }
    }

    /// Two arguments of a call of the library, the other way round.
    private func swappedArguments(_ script: Script) -> [Mutation] {
        let source = SourceText(script.text)
        var calls = Calls()
        calls.walk(source.block)
        return calls.found.flatMap { call -> [Mutation] in
            guard let path = call.path, LibraryReference.functions.contains(where: { $0.name == path }),
                call.arguments.count > 1, !path.hasPrefix("log"), path != "print"
            else { return [] }
            return call.arguments.indices.dropLast().map { position in
                let (first, second) = (call.arguments[position].tokens, call.arguments[position + 1].tokens)
                let text = source.text(of: second) + ", " + source.text(of: first)
                return replaced(
                    "swapped arguments", script, from: source.tokens[first.lowerBound],
                    to: source.tokens[second.upperBound - 1], with: text)
            }
        }
    }

    private func unknownGlobals(_ script: Script) -> [Mutation] {
        let tokens = script.tokens
        return tokens.indices.flatMap { index -> [Mutation] in
            guard let name = tokens[index].name, LibraryReference.functions.contains(where: { $0.name == name }),
                index + 1 < tokens.count, !tokens[index + 1].isSymbol("="),
                index == 0 || !tokens[index - 1].isSymbol("."), name != "run"
            else { return [] }
            return misspelt(name).map { replaced("unknown global", script, tokens[index], with: $0) }
        }
    }

    /// An `end` is taken away: the line is that of the block it ended.
    private func missingEnds(_ script: Script) -> [Mutation] {
        let tokens = script.tokens
        var open: [SourceToken] = []
        return tokens.indices.compactMap { index -> Mutation? in
            switch tokens[index].name {
            case "do" where ["for", "while"].contains(open.last?.name) && open.last?.line == tokens[index].line: break
            case "function", "if", "do", "for", "while": open.append(tokens[index])
            case "end":
                let opener = open.removeLast()
                return replaced("missing end", script, tokens[index], with: "", line: opener.line)
            default: break
            }
            return nil
        }
    }

    private func misspelt(_ name: String) -> [String] {
        var letters = Array(name)
        letters.swapAt(letters.count - 2, letters.count - 1)
        let swapped = String(letters)
        let shortened = String(name.dropLast(2)) + String(name.suffix(1))
        return [swapped == name ? name + "s" : swapped, shortened, name + "e"].filter { $0 != name && $0.count > 2 }
    }

    private func replaced(_ kind: String, _ script: Script, _ token: SourceToken, with text: String, line: Int? = nil)
        -> Mutation
    {
        replaced(kind, script, from: token, to: token, with: text, line: line)
    }

    private func replaced(
        _ kind: String, _ script: Script, from first: SourceToken, to last: SourceToken, with text: String,
        line: Int? = nil
    ) -> Mutation {
        var bytes = Array(script.text.utf8)
        bytes.replaceSubrange(first.range.lowerBound..<last.range.upperBound, with: Array(text.utf8))
        return Mutation(
            kind: kind, script: script.name, text: String(decoding: bytes, as: UTF8.self), line: line ?? first.line)
    }

    private struct Calls: SyntaxVisitor {
        var found: [Call] = []

        mutating func visit(_ expression: LuaSyntax.Expression, isCertain: Bool) { found += Call.all(in: expression) }
    }

    /// The same in every run.
    private struct Draw: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
        }
    }
}
