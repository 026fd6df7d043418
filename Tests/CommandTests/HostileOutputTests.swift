import Escaping
import Foundation
import HostileTexts
import JSON
import Testing

/// The list of hostile texts through what the program writes: to a terminal, to files, to other programs.
@Suite(.timeLimit(.minutes(5))) struct HostileOutputTests {
    /// What a script that says every text in every way leaves behind.
    private func script(_ texts: [String]) -> String {
        let list = texts.map { "\"\(TextFormat.lua.escaped($0))\"" }.joined(separator: ",\n")
        return """
            local texts = {
            \(list)
            }
            for i, text in ipairs(texts) do
              print(text) log.info(text) log.warn(text)
              if i % 7 == 0 then phase(text == "" and "-" or text) end
              pcall(execute, { "a", name = text ~= "" and text or nil, params = { p = text } })
              pcall(execute, text)
              pcall(notify, { title = text == "" and "-" or text, text = text == "" and "-" or text })
              pcall(error, text)
            end
            finish(table.concat(texts, "\\n"))
            """
    }

    private static let scenario = """
        workflows:
          a: { duration: 1ms, outcome: FAILED, message: "\\e[2Jbad\\u0085<b>" }
        """

    /// Runs a command on a terminal of its own, and gives what it wrote there.
    private func typescript(_ command: String, in place: Workplace) async throws -> [UInt8] {
        let run = try await BatonProcess.run(
            ["-qec", "stty rows 40 columns 100; exec \(command)", "typescript"],
            environment: ["TERM": "xterm", "LC_ALL": "C.UTF-8"], in: place.url, executable: "/usr/bin/script")
        #expect(!run.output.isEmpty, "\(run.code) \(run.errors)")
        return Array(try Data(contentsOf: place.url.appendingPathComponent("typescript")))
    }

    /// Control characters but those with which lines are drawn.
    private func strays(_ bytes: [UInt8]) -> [String] {
        var text = String(decoding: bytes, as: UTF8.self)
        // What `script` itself writes.
        let lines = text.split(bytes: "\n").dropFirst().filter { !$0.begins(with: "Script done on") }
        text = lines.joined(separator: "\n").replacing(bytes: "\r", with: "")
        for code in ["0", "2", "31", "32", "33", "36"] { text = text.replacing(bytes: "\u{1B}[\(code)m", with: "") }
        for end in ["K", "J"] { text = text.replacing(bytes: "\u{1B}[\(end)", with: "") }
        for rows in 1...60 { text = text.replacing(bytes: "\u{1B}[\(rows)A", with: "") }
        return text.lines.filter { $0.unicodeScalars.contains { $0 != "\t" && TextFormat.isControl($0) } }
    }

    @Test func `nothing of it moves a cursor, draws a page or ends a line of a file`() async throws {
        let place = try Workplace()
        // Signs mean nothing to a terminal.
        let texts = (HostileTexts.texts + HostileTexts.controls.map { "a\($0)b" }).filter { $0.utf8.count < 1_000 }
        try place.write(script(texts), to: "test.lua")
        try place.write(Self.scenario, to: "scenario.yaml")
        try place.write(
            "journal: \(place.url.path)/journal\nmetrics: { textfile: \(place.url.path)/metrics }\n", to: "baton.yaml")
        let binary = BatonProcess.binary
        let run = "'\(binary)' run --scenario scenario.yaml test.lua"
        #expect(strays(try await typescript(run, in: place)).prefix(3).isEmpty)
        #expect(strays(try await typescript(run + " --json", in: place)).prefix(3).isEmpty)
        #expect(strays(try await typescript(run + " --cron", in: place)).prefix(3).isEmpty)

        let json = try await place.baton("run", "--scenario", "scenario.yaml", "--json", "test.lua")
        let lines = json.output.utf8.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count > texts.count, "\(json.code) \(json.output.suffix(2_000)) \(json.errors.suffix(2_000))")
        for line in lines {
            #expect(throws: Never.self) { try JSON(parsing: Array(line)) }
            let text = String(decoding: line, as: UTF8.self)
            #expect(!text.unicodeScalars.contains { $0.value < 0xA0 && TextFormat.isControl($0) })
        }
    }

    @Test func `a page holds no more markup than that of a harmless run`() async throws {
        var counts: [Int] = []
        let texts = HostileTexts.all.filter { $0.utf8.count < 1_000 }
        for list in [texts, texts.indices.map { "harmless \($0)" }] {
            let place = try Workplace()
            // No job refused or named otherwise: the pages have the same steps.
            let names = list.map { $0.isEmpty ? "-" : $0 }
            let lines = names.map { "\"\(TextFormat.lua.escaped($0))\"" }.joined(separator: ",\n")
            try place.write(
                """
                for i, text in ipairs {
                \(lines)
                } do
                  execute { "a", name = text, params = { p = text } }
                  if i % 9 == 0 then phase(text) end
                end
                finish "end"
                """, to: "test.lua")
            try place.write("workflows:\n  a: { duration: 1ms }\n", to: "scenario.yaml")
            let plan = try await place.baton("plan", "--html", "plan.html", "test.lua")
            #expect(plan.code == 0, "\(plan.errors)")
            let page = try place.read("plan.html")
            counts.append(page.unicodeScalars.count { $0 == "<" })
            #expect(!page.unicodeScalars.contains { $0 != "\n" && $0 != "\t" && TextFormat.isControl($0) })
        }
        #expect(counts[0] == counts[1])
    }
}
