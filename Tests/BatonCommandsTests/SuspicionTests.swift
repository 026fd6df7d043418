import BatonHost
import DataStudio
import Foundation
import JSON
import Orchestration
import Testing

@testable import BatonCommands

/// A workflow that may have been started twice reaches people, whatever became of the run.
@Suite struct SuspicionTests {
    private static let text = "http://studio lists job 4712 of a only now"
    private let begin = Timestamp(milliseconds: 1_772_337_906_000)

    private func end(_ status: RunStatus, signal: Int32? = nil, _ suspicions: [String] = [Self.text]) -> RunEnd {
        var end = RunEnd(status: status)
        end.signal = signal
        end.suspicions = suspicions
        return end
    }

    @Test(arguments: RunStatus.allCases)
    func `a run that would have ended well exits with 8, every other one as it is`(status: RunStatus) {
        let without = end(status, [])
        #expect(end(status).exitCode == (without.exitCode == 0 ? 8 : without.exitCode))
        #expect((without.exitCode == 0) == [.succeeded, .skipped].contains(status))
    }

    @Test(arguments: [RunStatus.succeeded, .failed])
    func `the report lists it with what to do`(status: RunStatus) {
        var tree = RunTree()
        tree.apply(.began(script: "n.lua", run: "7f3k", part: 1), at: begin)
        let report = EndReport(end: end(status), tree: tree, at: begin)
        #expect(report.headline.hasSuffix("; a workflow may have been STARTED TWICE"))
        let lines = report.lines(at: begin, terminal: .paper(isUnicode: true))
        #expect(lines.contains("Possible duplicate starts:") && lines.contains("  \(Self.text)"), "\(lines)")
        let advice = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(advice.contains("are both running, and cancel the one that is not needed"), "\(lines)")
        let clean = EndReport(end: end(status, []), tree: tree, at: begin)
        #expect(!clean.lines(at: begin, terminal: .paper(isUnicode: true)).joined().contains("uplicate"))
    }

    @Test func `programs read it at once and at the end`() {
        let event = EventJSON.object(.suspicion(Self.text), at: begin)
        #expect(event["event"] == "suspicion" && event["text"]?.text == Self.text)
        let ended = EventJSON.object(.ended(end(.succeeded)), at: begin)
        #expect(ended["suspicions"] == .array([.string(Self.text)]))
        #expect(ended["exit_code"] == .integer(8) && ended["status"] == "succeeded")
    }

    @Test func `people are told of it at once and at the end, unless they want otherwise`() async throws {
        #expect(NotificationSettings.usualOccasions.contains(.duplicate))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("told-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("told").path
        let line = try #require(CommandLineWords("tee -a \(file)"))
        func told(_ occasions: Set<Occasion>, _ event: RunEvent) async throws -> String {
            try "".write(toFile: file, atomically: true, encoding: .utf8)
            var settings = NotificationSettings()
            settings.targets = [NotificationTarget("command", .command(line), occasions: occasions)]
            let announcer = RunAnnouncer(
                Notifier(settings, logger: StudioClient.silent), script: "n.lua", path: "/n.lua")
            announcer.receive(.began(script: "n.lua", run: "7f3k", part: 1), at: begin)
            announcer.receive(event, at: begin)
            await announcer.finish()
            return try String(contentsOfFile: file, encoding: .utf8)
        }
        #expect(try await told([.duplicate], .suspicion(Self.text)).contains("Possible duplicate start: \(Self.text)"))
        #expect(try await told([.failure, .late], .suspicion(Self.text)).isEmpty)
        // A run that exits with 8 also notifies the people who want to know of failures.
        for occasions in [[.duplicate], [.failure]] as [Set<Occasion>] {
            #expect(try await told(occasions, .ended(end(.succeeded))).contains("Possible duplicate starts:"))
        }
        #expect(try await told([.success, .ambiguous], .ended(end(.succeeded))).isEmpty)
    }
}
