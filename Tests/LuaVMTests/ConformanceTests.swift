import Foundation
import LuaVM
import Subprocess
import SystemPackage
import Testing

/// Lua as the stock interpreter has it: scripts that print the same in both. What differs is in `docs/lua.md`.
@Suite struct ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scripts")
    static let scripts =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.filter { $0.hasSuffix(".lua") }.sorted()
        ?? []

    /// What the stock interpreter prints.
    private func stock(_ name: String, in folder: URL, _ arguments: [String] = []) async throws -> [String] {
        let result = try await Subprocess.run(
            .name("lua5.4"), arguments: Arguments([name] + arguments), workingDirectory: .init(folder.path),
            output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
        return result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// What a VM prints.
    private func own(_ name: String, in folder: URL, _ arguments: [LuaValue] = []) throws -> [String] {
        let vm = try LuaVM(limits: LuaLimits(time: .seconds(60)))
        var text = ""
        vm.output = { text += $0 + "\n" }
        let script = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        vm.spawn(try vm.load(script, name: name), arguments: arguments)
        guard case .ended(_, .returned)? = vm.next() else {
            Issue.record("\(name) did not end: \(text.suffix(200))")
            return []
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `there are scripts`() {
        #expect(Self.scripts.count >= 19)
    }

    @Test(arguments: scripts)
    func `a script prints what it prints in stock Lua`(name: String) async throws {
        let expected = try await stock(name, in: Self.folder)
        let shown = try own(name, in: Self.folder)
        #expect(expected.count > 50)
        for (line, (expected, shown)) in zip(expected, shown).enumerated() where expected != shown {
            Issue.record("\(name), output line \(line + 1): stock prints \(expected), LuaVM \(shown)")
        }
        #expect(expected.count == shown.count)
    }

    @Test(arguments: [1, 2, 3])
    func `random patterns find the same`(seed: Int) async throws {
        let folder = Self.folder.appending(path: "fuzz")
        let count = ProcessInfo.processInfo.environment["BATON_FUZZ_CASES"].flatMap(Int.init) ?? 20_000
        let arguments = ["\(seed)", "\(count)"]
        let expected = try await stock("patterns.lua", in: folder, arguments)
        let shown = try own("patterns.lua", in: folder, arguments.map { .string($0) })
        #expect(expected.count == count / 1000 + 1)
        #expect(expected == shown)
    }
}
