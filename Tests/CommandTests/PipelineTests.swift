import Foundation
import Testing

/// Pipelines of the kinds that people run elsewhere: their scripts are found right, and their tests pass.
@Suite struct PipelineTests {
    private static let folder = BatonProcess.root.appendingPathComponent("scripts/pipelines")

    private static let scripts: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".lua") && !$0.hasSuffix("_test.lua") }.sorted()
    }()

    @Test func `there are six, each with its tests`() {
        #expect(Self.scripts.count == 6)
        for script in Self.scripts {
            let test = Self.folder.appendingPathComponent(script.replacing(".lua", with: "_test.lua"))
            #expect(FileManager.default.fileExists(atPath: test.path))
        }
    }

    @Test(arguments: scripts) func `its tests pass, and nothing is found in it`(script: String) async throws {
        let tested = try await BatonProcess.run(["test", script.replacing(".lua", with: "_test.lua")], in: Self.folder)
        #expect(tested.code == 0, "\(tested.output)\(tested.errors)")
        let checked = try await BatonProcess.run(["check", script], in: Self.folder)
        #expect(checked.code == 0 && checked.output.contains("nothing found"), "\(checked.output)\(checked.errors)")
    }
}
