import DataStudio
import Foundation
import HostileTexts
import StudioServer
import Testing

/// Journals in which any number, word or record is another: each command ends with an answer or an error that names the
/// journal, never by a trap. Always the same; `BATON_FUZZ_SEED` makes others, `BATON_FUZZ_JOURNALS` more: `scripts/prove rubbish`.
@Suite(.timeLimit(.minutes(20))) struct JournalFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let journals = environment["BATON_FUZZ_JOURNALS"].flatMap { Int($0) } ?? 24
    private static let seed = environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    private static let numbers = [
        "9223372036854775807", "-9223372036854775808", "0", "-1", "1", "9007199254740993", "4611686018427387904",
        "2147483648",
        "-2147483649", "1772337906000", "8640000000000001",
    ]
    private static let words = [
        "''", "'x'", "'{}'", "'[]'", "'null'", "'open'", "'ended'", "'accepted'", "'ambiguous'", "'void'", "char(0)",
        "'execute#1'",
        "'@'", "'9223372036854775807'", "'{\"id\":9223372036854775807}'",
        "'[{\"id\":\"1\",\"created\":-9223372036854775808}]'",
    ]
    private static let integers: [(table: String, columns: [String])] = [
        ("runs", ["began", "updated", "signal", "fruitless"]), ("records", ["seq", "attempt", "at"]),
        ("attempts", ["attempt", "seq", "sent", "created", "created_to", "accepted"]), ("meta", ["value"]),
        ("durations", ["started", "duration"]), ("suspicions", ["seq"]),
    ]
    private static let texts: [(table: String, columns: [String])] = [
        ("runs", ["line", "key", "path", "script", "server", "fate", "status", "note", "beginning"]),
        ("records", ["key", "kind", "payload"]),
        ("attempts", ["key", "label", "state", "job", "candidates", "user", "server"]),
        ("servers", ["name", "profile"]), ("scripts", ["text"]), ("suspicions", ["text"]),
        ("durations", ["title", "state", "space"]),
    ]

    private static let script = """
        print(execute('a').state)
        local ok, e = pcall(execute, { 'b', retries = 1, retry_delay = 0 })
        pcall(timeout, 0.05, function() execute 'slow' end)
        sleep(0.01)
        local jobs = studio.jobs { limit = 2 }
        pcall(parallel, { 'a', function() return state 'a' end })
        pcall(http.get, 'http://127.0.0.1:1/')
        error 'end'
        """
    private static let scenario = """
        workflows:
          a: { duration: 1ms }
          b: { duration: 1ms, outcome: FAILED, message: no }
          slow: { duration: 1h }
        """

    private func draw<Value>(_ values: [Value], _ random: inout SplitMix) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    /// One change, as SQL.
    private func change(_ payloads: [(seq: String, text: String)], _ random: inout SplitMix) -> String {
        switch random.next() % 4 {
        case 0:
            let (table, columns) = draw(Self.integers, &random)
            return
                "UPDATE OR REPLACE \(table) SET \(draw(columns, &random)) = \(draw(Self.numbers, &random)) WHERE rowid IS NOT NULL"
                .replacing("WHERE rowid IS NOT NULL", with: table == "runs" || random.next() % 2 == 0 ? "" : "LIMIT 1")
        case 1:
            let (table, columns) = draw(Self.texts, &random)
            return "UPDATE OR REPLACE \(table) SET \(draw(columns, &random)) = \(draw(Self.words, &random))"
        case 2:
            // A number in a record is another.
            let payload = draw(payloads, &random)
            let number = draw(Self.numbers, &random)
            let parts = payload.text.split(omittingEmptySubsequences: false) { !$0.isNumber }
            let digits = parts.filter { $0.count > 1 }
            guard !digits.isEmpty else { return "DELETE FROM records WHERE seq = \(payload.seq)" }
            let text = payload.text.replacing(draw(digits, &random), with: number)
            return "UPDATE records SET payload = '\(text.replacing("'", with: "''"))' WHERE seq = \(payload.seq)"
        default:
            // A record has what another one has, or is cut off.
            let (one, other) = (draw(payloads, &random), draw(payloads, &random))
            let text = random.next() % 2 == 0 ? other.text : String(one.text.prefix(Int(random.next() % 40)))
            return "UPDATE records SET payload = '\(text.replacing("'", with: "''"))' WHERE seq = \(one.seq)"
        }
    }

    private func sqlite(_ file: String, _ sql: String) async throws -> String {
        try await BatonProcess.run(
            ["-c", "exec sqlite3 \"$0\" \"$1\"", file, sql], in: URL(fileURLWithPath: "/tmp"), executable: "/bin/sh"
        ).output
    }

    @Test func `no journal ends the process by a trap`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        try await Workplace.with(Self.scenario) { base, server in
            let environment = [
                "BATON_SERVER": server.baseURL, "BATON_API_KEY": "simulated-key",
                "BATON_JOURNAL": base.url.path + "/journal",
            ]
            try base.write(Self.script, to: "test.lua")
            let first = try await BatonProcess.run(["run", "test.lua"], environment: environment, in: base.url)
            try #require(first.code == 1, "\(first.errors)")
            try await examine(base, environment)
        }
    }

    private func examine(_ base: Workplace, _ environment: [String: String]) async throws {
        let database = base.url.path + "/journal/baton.sqlite"
        let payloads = try await sqlite(database, "SELECT seq, payload FROM records").split(separator: "\n").map {
            line in
            let parts = line.split(separator: "|", maxSplits: 1)
            return (seq: String(parts[0]), text: String(parts.last ?? ""))
        }
        try #require(payloads.count > 10, "\(payloads.count)")
        let id = try await sqlite(database, "SELECT id FROM runs LIMIT 1").trimmingCharacters(
            in: .whitespacesAndNewlines)
        var random = SplitMix(seed: Self.seed)
        for number in 0..<Self.journals {
            let place = try Workplace()
            try FileManager.default.copyItem(
                at: base.url.appendingPathComponent("journal"), to: place.url.appendingPathComponent("journal"))
            var environment = environment
            environment["BATON_LIMITS_PATIENCE"] = "2s"
            environment["BATON_JOURNAL"] = place.url.path + "/journal"
            var sql = ""
            for _ in 0...random.next() % 3 { sql += change(payloads, &random) + ";\n" }
            _ = try await sqlite(place.url.path + "/journal/baton.sqlite", sql)
            for arguments in [
                ["runs"], ["show", id], ["show", id, "--json"], ["show", id, "--html", "page.html"],
                ["retry", id, "--yes"],
                ["resume", id], ["abandon", id], ["prune", "--older-than", "1d"],
            ] {
                let run = try await BatonProcess.run(
                    arguments, environment: environment, in: place.url, killAfter: .seconds(20))
                #expect(
                    (0...99).contains(run.code),
                    "case \(number): \(arguments) ends with \(run.code) after\n\(sql)\(run.errors)")
            }
        }
    }
}
