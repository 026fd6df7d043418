import Foundation
import Testing

/// The tutorial, word for word: its files are written, its commands run one after the other in one shell, and what they
/// print is what it says.
@Suite struct TutorialTests {
    private struct Block {
        let language: String
        let text: String
    }

    private static let blocks: [Block] = {
        let page = BatonProcess.root.appendingPathComponent("docs/tutorial.md")
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        return text.matches(of: /```([a-z]*)\n((?s:.*?))```/).map { Block(language: String($0.1), text: String($0.2)) }
    }()

    @Test func `every word of it is true`() async throws {
        let place = try Workplace()
        var script = "set -u\nexport TZ=UTC\nexport PATH=\"$BATON_FOLDER:$PATH\"\n"
        var expected: [(mark: Int, text: String)] = []
        // The first installs the program; the test has it already.
        for (index, block) in Self.blocks.enumerated().dropFirst() {
            switch block.language {
            case "lua", "yaml":
                let name = block.text.firstMatch(of: /^(?:--|#) (\S+)/).map { String($0.1) } ?? ""
                script += "cat > \(name) <<'END_OF_FILE'\n\(block.text)END_OF_FILE\n"
            case "sh": script += "echo '@@\(index)'\n\(block.text)"
            default: expected.append((index - 1, block.text))
            }
        }
        try place.write(script, to: "tutorial.sh")
        let folder = URL(fileURLWithPath: BatonProcess.binary).deletingLastPathComponent().path
        let run = try await BatonProcess.run(
            // A loop that waits for what never comes would wait for ever.
            ["120", "/bin/bash", "tutorial.sh"], environment: ["BATON_FOLDER": folder], in: place.url,
            executable: "/usr/bin/timeout")
        var printed: [Int: String] = [:]
        for part in run.output.components(separatedBy: "@@").dropFirst() {
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            printed[Int(lines[0]) ?? -1] = lines.count > 1 ? String(lines[1]) : ""
        }
        #expect(expected.count >= 7)
        for (mark, text) in expected {
            #expect(Self.steady(printed[mark] ?? "") == Self.steady(text), "\(run.errors)")
        }
    }

    /// Without what differs from run to run.
    private static func steady(_ text: String) -> String {
        text.replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "TIME").replacing(/\d+(\.\d+)? m?s\b/, with: "SPAN")
            .replacing(/job \d+/, with: "JOB").replacing(/127\.0\.0\.1:\d+/, with: "PLACE").replacing(
                /\b[0-9a-z]{5}(?=:? +(interrupted|succeeded))/, with: "RUN"
            )
            .replacing(/[ ]+/, with: " ")
    }
}
