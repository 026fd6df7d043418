import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration

/// `baton runs`: the history.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists runs, the newest first.")

    @Option(help: ArgumentHelp("Runs that began no longer ago than that, as 2d.", valueName: "duration"))
    var since: String?

    @Option(
        help: ArgumentHelp(
            "Runs that are waiting, running, interrupted, held, abandoned, or ended as succeeded, skipped, failed, check, timeout, cancelled. Several are separated by commas.",
            valueName: "states"), completion: ShellCompletion.state)
    var state: String?

    @Option(
        help: ArgumentHelp("Runs of this script, by name or path.", valueName: "script"),
        completion: ShellCompletion.script)
    var script: String?

    @Option(help: ArgumentHelp("Runs that have started this workflow, or tried to.", valueName: "label"))
    var workflow: String?

    @Option(
        help: ArgumentHelp("Runs on this server of the configuration.", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Option(help: ArgumentHelp("Runs whose last process ended with that code.", valueName: "code"))
    var exitCode: Int32?

    @Option(help: ArgumentHelp("How many at most.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print one JSON object for each run.")
    var json = false

    private var states: [String] { state?.split(separator: ",").map(String.init) ?? [] }

    func validate() throws {
        if let since, Duration(text: since) == nil {
            throw ValidationError("--since takes a duration such as 2d; got \"\(since)\".")
        }
        let isEmpty = state != nil && states.isEmpty
        if let wrong = states.first(where: { !RunList.states.contains($0) }) ?? (isEmpty ? state : nil) {
            throw ValidationError(
                "There is no state \"\(wrong)\"\(Spelling.suggestion(for: wrong, among: RunList.states)). "
                    + "States: \(RunList.states.joined(separator: ", ")).")
        }
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.lookIfThere()
                let list = RunList(rows: try desk.map(listed) ?? [])
                if json {
                    Output.standard.write(list.json)
                } else if list.rows.isEmpty {
                    let folder = try desk?.journal.folder ?? RunDesk.folder()
                    let isEmpty = try desk?.journal.runs(limit: 1).isEmpty ?? true
                    let what = isEmpty ? "No runs" : "No such runs"
                    Output.standard.write("\(what) in the journal \(folder.path).\n")
                    if isEmpty { Output.standard.write(RunDesk.otherJournals + "\n") }
                } else {
                    Output.standard.write(list.table(at: .now, Terminal.of(1)))
                }
                return 0
            })
    }

    /// The runs that are to be listed. How a run stands that has not ended, and with which code, is not in the journal: runs
    /// are read in pages until enough of them are such.
    private func listed(_ desk: RunDesk) throws -> [(row: RunRow, state: String)] {
        var selection = RunSelection(workflow: workflow, server: server)
        selection.since = since.flatMap { Duration(text: $0) }.map { Timestamp.now + (.zero - $0) }
        selection.script = script.map(Self.written)
        switch states.count == 1 ? states[0] : "" {
        case "": break
        case "waiting", "running", "interrupted", "held": selection.fate = .open
        case "abandoned": selection.fate = .abandoned
        case let state: (selection.fate, selection.status) = (.ended, RunStatus(rawValue: state))
        }
        var found: [(row: RunRow, state: String)] = []
        var read = 0
        // What the journal selects needs no second look, and no more than is shown.
        let isSelected = exitCode == nil && (states.isEmpty || selection.status != nil)
        let page = isSelected ? limit : max(limit, 500)
        while found.count < limit {
            let rows = try desk.journal.runs(selection, from: read, limit: page)
            read += rows.count
            for row in rows {
                let state = desk.state(of: row)
                guard states.isEmpty || states.contains(state) else { continue }
                if let exitCode, try state == "running" || desk.exitCode(of: row) != exitCode { continue }
                found.append((try desk.described(row), state))
            }
            guard rows.count == page else { break }
        }
        return Array(found.prefix(limit))
    }

    /// A path as the journal has it; a name as it is.
    static func written(_ script: String) -> String {
        guard script.contains("/"), !script.hasPrefix("/") else { return script }
        return URL(fileURLWithPath: script).standardizedFileURL.path
    }
}
