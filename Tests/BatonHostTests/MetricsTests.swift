import BatonHost
import DataStudio
import Foundation
import Journal
import Logging
import Testing

@testable import Orchestration

/// What metrics tell, and how the file comes to be.
@Suite struct MetricsTests {
    @Test func `the text is what the node exporter reads`() {
        let text = MetricsFile.text([
            Measure("baton_runs_total", path: "/x/a\"b\\c\n.lua", label: "failed", 2),
            Measure("baton_requests_total", path: "z.lua", 1.5), Measure("baton_requests_total", path: "b.lua", 3),
            Measure("unknown", 1),
        ])
        #expect(
            text == #"""
                # HELP baton_runs_total Runs that are over.
                # TYPE baton_runs_total counter
                baton_runs_total{script="a\"b\\c\n.lua",path="/x/a\"b\\c\n.lua",status="failed"} 2
                # HELP baton_requests_total Requests to Data Studio.
                # TYPE baton_requests_total counter
                baton_requests_total{script="b.lua"} 3
                baton_requests_total{script="z.lua"} 1.5

                """#)
    }

    @Test func `a file that cannot be written is told once, and changes nothing`() throws {
        let folder = try Folder()
        #expect(throws: (any Error).self) { try MetricsFile.write("x", to: folder.path + "/none/baton.prom") }
        let path = folder.path + "/baton.prom"
        try MetricsFile.write("old\n", to: path)
        try MetricsFile.write("new\n", to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["baton.prom", "scripts"])
    }

    @Test func `what is counted is kept over lives, by script`() async throws {
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let path = folder.path + "/baton.prom"
        for _ in 0..<2 {
            let meter = Meter(
                journal, path: path, scriptPath: "/x/a.lua", logger: StudioClient.silent, requests: { (10, 1) },
                exitCode: { _ in 0 })
            await meter.finish()
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("baton_requests_total{script=\"a.lua\",path=\"/x/a.lua\"} 20\n"))
        #expect(text.contains("baton_request_failures_total{script=\"a.lua\",path=\"/x/a.lua\"} 2\n"))
    }

    @Test func `steps with ever new names are all counted, and the file does not grow with them`() async throws {
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let path = folder.path + "/baton.prom"
        let meter = Meter(
            journal, path: path, scriptPath: "/x/a.lua", logger: StudioClient.silent, requests: { (0, 0) },
            exitCode: { _ in 0 })
        let count = Meter.mostTitles + 500
        for number in 1...count { meter.receive(Self.ended(number)) }
        // A name that is known is told again.
        meter.receive(Self.ended(1, took: .seconds(7)))
        await meter.finish()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let script = "script=\"a.lua\",path=\"/x/a.lua\""
        #expect(lines.contains("baton_steps_total{\(script),state=\"completed\"} \(count + 1)"))
        #expect(lines.count { $0.hasPrefix("baton_step_duration_seconds{") } == Meter.mostTitles)
        #expect(lines.contains("baton_step_duration_seconds{script=\"a.lua\",path=\"/x/a.lua\",step=\"step 1\"} 7"))
    }

    private static func ended(_ number: Int, took: Duration = .seconds(1)) -> RunEvent {
        let began = Timestamp(milliseconds: 0)
        let title = "step \(number)"
        return .step(
            StepEvent(
                step: StepDescription(
                    id: NodeID(number: number), number: number, key: "execute#\(number)", label: title, title: title,
                    phase: nil, location: nil),
                change: .ended(
                    .succeeded(
                        StepResult(
                            label: title, job: Job(id: JobID("1"), state: .completed), started: began,
                            finished: began + took, attempts: 1, warnings: [], late: false)))))
    }
}
