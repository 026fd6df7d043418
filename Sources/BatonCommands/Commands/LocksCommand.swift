import ArgumentParser
import BatonHost
import DataStudio
import Glibc
import JSON
import Journal
import Orchestration

/// `baton locks`: which runs hold locks and places of pools, and which wait.
struct LocksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locks", abstract: "Lists who holds locks and places of pools, and who waits for them.")

    @Flag(help: "Print one JSON object for each.")
    var json = false

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.lookIfThere()
                let rows = try desk?.journal.allLocks() ?? []
                Output.standard.write(
                    json ? rows.map { $0.json.jsonText + "\n" }.joined() : try text(rows, desk))
                return 0
            })
    }

    private func text(_ rows: [LockRow], _ desk: RunDesk?) throws -> String {
        guard let desk, !rows.isEmpty else { return "No run holds a lock, and none waits for one.\n" }
        let cells = try rows.map { row in
            let run = try desk.journal.run(row.run)
            return [
                row.request.title, try row.words(desk.journal), row.run, run.map { desk.state(of: $0) } ?? "",
                row.since.localDate, row.request.place ?? "",
            ]
        }
        return TextTable(head: ["LOCK", "IS", "RUN", "STATE", "SINCE", "AT"], rows: cells).text(.of(STDOUT_FILENO))
    }
}

extension LockRow {
    /// How it stands, for people.
    func words(_ journal: Journal) throws -> String {
        switch state {
        case .waiting: return "waiting"
        case .held: return "held"
        case .left:
            let job = try journal.attempts(in: self).first?.job
            return "kept by \(job.map { "job \($0)" } ?? "a start")"
        }
    }

    /// For programs.
    var json: JSON {
        .record([
            "name": .string(request.name), "size": .integer(Int64(request.size)), "state": .string(state.rawValue),
            "run": .string(run), "key": .string(request.key), "since": .string(since.iso8601),
            "where": request.place.map { .string($0) },
        ])
    }
}
