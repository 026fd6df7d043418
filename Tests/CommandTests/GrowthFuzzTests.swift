import DataStudio
import Foundation
import StudioServer
import Testing

/// Scripts that spin, in whatever way: each ends by a limit, or as soon as it is told to, before it has filled the memory or
/// the disk. Always the same; `BATON_FUZZ_SEED` makes others, `BATON_FUZZ_SPINS` more: `scripts/prove rubbish`.
@Suite(.timeLimit(.minutes(20))) struct GrowthFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let spins = environment["BATON_FUZZ_SPINS"].flatMap { Int($0) } ?? 16
    private static let seed = environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    /// What is done again and again. `T` is a text of some size, `F` a function that does something of it.
    private static let statements = [
        "print(T)", "log.info(T)", "log.debug(T)", "pcall(print, T)", "pcall(error, T)", "pcall(log.error, { T })",
        "spawn(F)", "spawn(function() sleep(1000) end)", "kept[#kept + 1] = spawn(F)", "kept[#kept + 1] = T .. #kept",
        "sleep(0)", "sleep(0.001)", "pcall(timeout, 0, F)", "pcall(timeout, 10, F)",
        "pcall(retry, { times = 1000000, delay = 0, on = 'script' }, error, T)",
        "pcall(wait_until, function() end, { every = 0, timeout = 1 })", "pcall(parallel, { F, F })",
        "pcall(parallel_each, { 1, 2, 3 }, F)", "pcall(state, 'a')", "pcall(execute, 'a')",
        "pcall(execute, { 'a', params = { p = T } })",
        "pcall(start, 'slow')", "kept[#kept + 1] = select(2, pcall(start, 'slow'))", "phase(T)", "pcall(notify, T)",
        "pcall(http.post, 'http://127.0.0.1:1/', { body = T })", "pcall(studio.jobs)",
        "kept[#kept + 1] = json.encode({ T, #kept })",
        "text = (text or '') .. T", "pcall(wait, chain { 'a', F })", "coroutine.wrap(F)()",
        "kept[#kept + 1] = coroutine.create(F)",
        "setmetatable(kept, { __gc = F })", "expect(T)",
        "local r <close> = setmetatable({}, { __close = function() sleep(0) end })",
        "pcall(wait, spawn(F))", "pcall(string.rep, T, 1000000)", "table.concat(kept, T, 1, 0)",
        "defaults { timeout = 10 }",
        "pcall(wait_any, { spawn(F), spawn(F) })",
    ]

    private func draw<Value>(_ values: [Value], _ random: inout SplitMix) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    private func statement(_ random: inout SplitMix, depth: Int = 0) -> String {
        let size = draw([10, 1000, 1 << 16, 1 << 20], &random)
        let inner =
            depth < 2 && random.next() % 2 == 0
            ? "function() \(statement(&random, depth: depth + 1)) end"
            : "function() sleep(\(draw(["0", "1", "1000"], &random))) end"
        return draw(Self.statements, &random).replacing("T", with: "text_\(size)").replacing("F", with: inner)
    }

    private func script(_ random: inout SplitMix) -> String {
        let statements = (0..<Int(1 + random.next() % 3)).map { _ in statement(&random) }
        let body = statements.joined(separator: "\n  ")
        let texts = [10, 1000, 1 << 16, 1 << 20].map { "local text_\($0) = ('x'):rep(\($0))" }
        let loop =
            draw(
                [
                    "while true do\n  \(body)\nend",
                    "local function again()\n  \(body)\n  return again()\nend\nagain()",
                    "for i = 1, math.huge do\n  \(body)\nend",
                    "while true do spawn(function()\n  \(body)\nend) sleep(0) end",
                ], &random)
        return (texts + ["kept, text = {}, nil", loop]).joined(separator: "\n")
    }

    @Test func `a script that spins ends before it fills memory or disk`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.spins {
                if number >= 2 { try await group.next() }
                group.addTask { try await spin(number) }
            }
            try await group.waitForAll()
        }
    }

    private func spin(_ number: Int) async throws {
        var random = SplitMix(seed: Self.seed &+ UInt64(number))
        let text = script(&random)
        let scenario = "workflows: { a: { duration: 1ms }, slow: { duration: 1h } }"
        try await Workplace.with(scenario) { place, _ in
            let settings = "limits: { memory: 8MB, log: 4MB, records: 20000, script_time: 2s }\n"
            try place.write(try place.read("baton.yaml") + settings, to: "baton.yaml")
            try place.write(text, to: "spin.lua")
            // Only what it allocates counts, not what it maps; it gets SIGTERM after a while, and SIGKILL when it goes on.
            let run = try await BatonProcess.run(
                [
                    "-c",
                    "ulimit -d 700000; ulimit -f 4000000; timeout --preserve-status -k 30 4 '\(BatonProcess.binary)' run spin.lua >out 2>err; code=$?; rm -f out; exit $code",
                ],
                environment: ["BATON_JOURNAL": place.url.appendingPathComponent("journal").path], in: place.url,
                executable: "/bin/bash")
            let errors = (try? place.read("err"))?.suffix(2000) ?? ""
            #expect([0, 1, 7, 8, 143].contains(run.code), "spin \(number): exit \(run.code)\n\(text)\n\(errors)")
            guard run.code != 64 else { return }
            let bytes = try size(of: place.url.appendingPathComponent("journal"))
            #expect(bytes < 24 << 20, "spin \(number): a journal of \(bytes) bytes\n\(text)")
        }
    }

    private func size(of folder: URL) throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return try files.reduce(0) {
            $0 + (try $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
        }
    }
}
