import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration

/// `baton show`: one run.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run: its steps, what was said, what still runs on the server, and what to do.")

    @OptionGroup var argument: RunArgument

    @Argument(help: "Only this step: its number here, or its label.", completion: ShellCompletion.step)
    var step: String?

    @Option(
        help: ArgumentHelp(
            "A part of a run that hands over with restart_with, instead of the last.", valueName: "number"))
    var part: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the run as a page for browsers there: one file that needs nothing else.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?

    func validate() throws {
        if html != nil, step != nil || json { throw ValidationError("--html goes with neither --json nor a step.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.look()
                let row = try desk.described(desk.find(argument.run))
                if row.isWaiting, html == nil, step == nil {
                    let report = NeverBegun(row: row, state: desk.state(of: row))
                    Output.standard.write(json ? RunList(rows: [(row, report.state)]).json : report.text)
                    return 0
                }
                let past = try part.map { try desk.past(of: row, part: $0) } ?? desk.past(of: row)
                let report = try report(past, desk)
                if let html {
                    try write(report, desk, to: html)
                } else if json {
                    Output.standard.write(report.json.jsonText + "\n")
                } else {
                    Output.standard.write(try report.lines(step, Terminal.of(1)).map { $0 + "\n" }.joined())
                }
                return 0
            })
    }

    private func report(_ past: RunPast, _ desk: RunDesk) throws -> RunReport {
        let row = past.row
        let parts = try desk.journal.parts(of: row.id)
        // What is open belongs to the part that goes on.
        guard !past.isEarlierPart else {
            return RunReport(past: past, state: "handed over", open: [], deciders: [], parts: parts)
        }
        let locks = try desk.journal.locks(of: row.id).prefix(50).map { lock in
            "\(lock.request.title)\(lock.request.place.map { " (\($0))" } ?? ""): \(try lock.words(desk.journal)) since "
                + lock.since.localDate
        }
        return RunReport(
            past: past, state: desk.state(of: row), open: try desk.journal.openAttempts(of: row.id),
            deciders: try desk.deciders(of: past), suspicions: try desk.journal.suspicions(of: row.id),
            waits: try desk.journal.waits(of: row.id), locks: Array(locks), parts: parts)
    }

    private func write(_ report: RunReport, _ desk: RunDesk, to path: String) throws {
        guard let beginning = try desk.journal.beginning(of: report.past.row.id) else {
            throw Refusal("Run \(report.past.row.id) has done nothing yet.")
        }
        let page = try HTMLReport(
            report: report, beginning: beginning,
            usual: { title in
                let known = (try? desk.journal.durations(title: title, limit: 40)) ?? []
                return PastStep.usual(of: Array(known.filter { $0.started < report.past.row.began }.prefix(20)))
            }
        ).page(at: .now, host: ProcessInfo.processInfo.hostName, version: BatonCommand.version)
        do {
            try OutputFile.write(page, to: path)
        } catch {
            throw Refusal("\(path) cannot be written.")
        }
    }
}
