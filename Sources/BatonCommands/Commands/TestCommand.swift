import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import JSON

/// `baton test`: nights that are played in virtual time.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs test files: scripts against a made-up server, in virtual time.",
        discussion: """
            A test file ends in _test.lua and begins with local test = require "baton.test". Nothing is started, and no server \
            is asked. Exit codes: 0 every case passed, 1 one failed, 64 wrong usage, or no case that is wanted.
            """)

    @Argument(
        help: "Test files, or folders; the working directory unless given.", completion: .file(extensions: ["lua"]))
    var paths: [String] = ["."]

    @Option(help: ArgumentHelp("Only cases with this text in their names. May be repeated.", valueName: "text"))
    var filter: [String] = []

    @Flag(help: "Print one JSON object for each case, and one at the end.")
    var json = false

    @Option(
        help: ArgumentHelp("Write the results there in the XML of JUnit, for build servers.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var junit: String?

    func run() async throws {
        throw ExitCode(await telling(json: json) { try runTests() })
    }

    private func runTests() throws -> Int32 {
        let files = try paths.flatMap { path throws(Refusal) -> [String] in
            let found = try ScriptFile.paths(path)
            return found == [path] ? found : found.filter { $0.hasSuffix("_test.lua") }
        }
        let report = TestReport(terminal: Terminal.of(1))
        var cases: [TestCase] = []
        var absent: Refusal?
        let duration = ContinuousClock().measure {
            for path in files {
                var isFirst = true
                func take(_ test: TestCase) {
                    cases.append(test)
                    if json { return Output.standard.write(Self.object(test).jsonText + "\n") }
                    if isFirst { Output.standard.write(report.heading(path)) }
                    isFirst = false
                    Output.standard.write(report.text(test))
                }
                do {
                    try TestFile(path).run(
                        where: { name in filter.isEmpty || filter.contains { name.contains($0) } }, each: take)
                } catch let refusal as Refusal where !FileManager.default.fileExists(atPath: path) {
                    absent = refusal
                } catch {
                    take(TestCase(file: path, name: "", line: 0, failure: Refusal(error).lines.joined(separator: "\n")))
                }
            }
        }
        if let absent { throw absent }
        guard !cases.isEmpty else {
            throw Refusal(
                filter.isEmpty
                    ? "There is no test file in \(paths.joined(separator: ", ")): their names end in _test.lua."
                    : "No case has \(filter.map { "\"\($0)\"" }.joined(separator: " or ")) in its name.")
        }
        if json {
            let failed = cases.count { $0.failure != nil }
            Output.standard.write(
                JSON.record([
                    "event": "ended", "cases": .integer(Int64(cases.count)), "failed": .integer(Int64(failed)),
                    "duration": .number(duration.seconds),
                ]).jsonText + "\n")
        } else {
            Output.standard.write(report.summary(cases, in: duration))
        }
        if let junit { try write(JUnitReport(cases: cases), to: junit) }
        return cases.contains { $0.failure != nil } ? 1 : 0
    }

    private func write(_ report: JUnitReport, to path: String) throws {
        do {
            try OutputFile.write(report.xml, to: path)
        } catch {
            throw Refusal("\(path) cannot be written.")
        }
    }

    private static func object(_ test: TestCase) -> JSON {
        .record([
            "event": "case", "file": .string(test.file), "name": .string(test.name), "line": .integer(Int64(test.line)),
            "passed": .boolean(test.failure == nil), "failure": test.failure.map { .string($0) },
            "tree": test.tree.isEmpty ? nil : .array(test.tree.map { .string($0) }),
            "output": .array(test.output.map { .string($0) }), "duration": .number(test.duration.seconds),
        ])
    }
}
