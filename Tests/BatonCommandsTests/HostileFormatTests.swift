import DataStudio
import Escaping
import Foundation
import HostileTexts
import JSON
import Journal
import Testing
import Yams

@testable import BatonCommands
@testable import BatonHost
@testable import Orchestration

/// The list of hostile texts through the files and messages that other programs read.
@Suite struct HostileFormatTests {
    @Test func `metrics have one line for each measure, and labels end at their quotes`() throws {
        let measures = HostileTexts.all.enumerated().map { index, text in
            Measure("baton_steps_total", path: "/x/" + text, label: text, Double(index))
        }
        let lines = MetricsFile.text(measures).utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
        #expect(lines.count == measures.count + 2)
        for line in lines where !line.hasPrefix("#") {
            // A quote ends a label unless a backslash is in front of it.
            var quotes = 0
            var isEscaped = false
            for scalar in line.unicodeScalars {
                if !isEscaped, scalar == "\"" { quotes += 1 }
                isEscaped = !isEscaped && scalar == "\\"
            }
            #expect(quotes == 6, "\(line.debugDescription)")
        }
    }

    @Test(arguments: WebhookFormat.allCases)
    func `messages are JSON, and nothing in them is markup`(format: WebhookFormat) throws {
        for text in HostileTexts.all {
            let announcement = Announcement(
                [.failure], title: text, text: text, run: "r", script: text, path: text, status: "failed",
                at: Timestamp(milliseconds: 0))
            #expect(
                Announcement(json: try JSON(parsing: Array(announcement.json.jsonText.utf8)))?.json == announcement.json
            )
            let sender = Sender(host: text, user: text)
            let body = try JSON(parsing: Array(format.body(announcement, from: sender).jsonText.utf8))
            guard format == .slack else { continue }
            let message = body["text"]?.text ?? ""
            #expect(!message.unicodeScalars.contains { $0 == "<" || $0 == ">" }, "\(text.debugDescription)")
            #expect(message.split(bytes: "```").count == 3, "\(text.debugDescription)")
        }
    }

    @Test func `an API description with comments of a server reads as it was`() throws {
        let description = try APIDescription.default()
        for text in HostileTexts.all {
            let notes = Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, text) })
            let yaml = description.yaml(comments: [text, text], notes: notes)
            #expect(try APIDescription(yaml: yaml) == description, "\(text.debugDescription)")
        }
    }

    @Test func `starter files have as many lines as in a harmless folder`() throws {
        func counts(_ text: String) -> [String: Int] {
            let files = StarterFiles(folder: "/srv/\(text)", program: "/opt/\(text)/baton", user: "ops").all
            return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.text.lines.count) })
        }
        let harmless = counts("a")
        for text in HostileTexts.all where !text.utf8.contains(0) && text.utf8.count < 1_000 {
            #expect(counts(text) == harmless, "\(text.debugDescription)")
            let files = StarterFiles(folder: "/srv/\(text)", program: "/baton", user: "ops").all
            let yaml = try #require(files.first { $0.name == "baton.yaml" }?.text)
            let journal = try Yams.compose(yaml: yaml)?.mapping?["journal"]?.string
            #expect(journal.map { Array($0.utf8) } == Array("/srv/\(text)/journal".utf8), "\(text.debugDescription)")
        }
    }

    @Test func `a saved session names its server as it was`() {
        for text in HostileTexts.all {
            var transcript = Transcript()
            transcript.use(server: text)
            let script = transcript.script
            #expect(SessionInput(script) == .complete, "\(text.debugDescription): \(script.debugDescription)")
            #expect(!script.utf8.dropLast().contains(UInt8(ascii: "\n")), "\(text.debugDescription)")
        }
    }

    @Test func `a label that a terminal takes for more than text is not completed`() throws {
        let machine = try RunMachine(
            RunConfiguration(RunBeginning(script: "s.lua", text: "", seed: 1)), at: Timestamp(milliseconds: 0))
        let words = machine.completion(of: "execute \"", labels: HostileTexts.all).words
        #expect(!words.isEmpty)
        for word in words {
            #expect(!word.unicodeScalars.contains { TextFormat.isControl($0) || $0 == "\"" || $0 == "\\" })
        }
    }
}
