import ArgumentParser
import BatonHost
import Journal
import Logging
import Orchestration

/// `baton resume`: goes on with an interrupted run.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Goes on with an interrupted run, or with all of them.",
        discussion: """
            The script goes through what it did before, without doing it again, and on from there. Jobs that still run \
            are waited for; a start of which nobody knows whether it happened is looked for on the server.
            """)

    @OptionGroup var argument: RunArgument

    @Flag(help: "Every run whose process died, or whose server was out of reach. For cron.")
    var all = false

    @OptionGroup var script: CurrentScript

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if all, argument.run != nil { throw ValidationError("--all and a run exclude each other.") }
        if all, script.isWanted { throw ValidationError("--all and --with-current-script exclude each other.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: output.json) {
                if all {
                    guard let desk = try RunDesk.openIfThere() else { return 0 }
                    return try await resumeAll(desk)
                }
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                guard row.fate == .open else {
                    let state = "Run \(row.id) is not interrupted: \(desk.standing(of: row))."
                    let canRetry = row.fate == .ended && ![.succeeded, .skipped].contains(row.status)
                    throw canRetry ? Refusal(state, "To try again: baton retry \(row.id)") : Refusal(state)
                }
                if try desk.isSession(row) { return try tell(ofSession: row, desk) }
                if script.isWanted {
                    guard !desk.opening.isLive(row) else {
                        throw Refusal("Run \(row.id) is live: baton stop \(row.id) first.")
                    }
                    return try await RunRetry(desk: desk, row: row, output: output, script: script).run()
                }
                let continuation = RunContinuation(desk, output)
                for doubt in row.status == .ambiguous ? try desk.past(of: row).doubts : [] {
                    continuation.note(
                        "nobody has said yet what became of \(doubt.step.title) (step \(doubt.step.number)): baton show "
                            + row.id)
                }
                return try await continuation.resume(row)
            })
    }

    /// A session is not run again: its jobs are named, and what takes them up.
    private func tell(ofSession row: RunRow, _ desk: RunDesk) throws -> Int32 {
        guard !desk.opening.isLive(row) else { throw Refusal("Run \(row.id) is a session, and live.") }
        let open = try desk.past(of: row).tree.rows.values.filter { !$0.state.isOver || $0.state == .ambiguous }
        var lines = ["Run \(row.id) is a session, which is not run again."]
        if open.isEmpty {
            lines.append("Nothing of it is open.")
        } else {
            lines.append("What it has begun and not seen the end of:")
            lines += ReplCommands.lines(of: open.sorted { $0.step.number < $1.step.number }).map { "  " + $0 }
            lines.append("baton repl takes it up, on the same server.")
        }
        Output.standard.write(lines.map { $0 + "\n" }.joined())
        return 0
    }

    private static let stuck = "its process died three times without getting any further"

    private func resumeAll(_ desk: RunDesk) async throws -> Int32 {
        let open = try desk.journal.runs(fate: .open).filter { (try? desk.isSession($0)) != true }
        let stuck = try open.filter(\.isStuck).filter { row in
            try desk.opening.whileHeld(row) { try desk.journal.note(row.id, status: .stuck, note: Self.stuck) } != nil
        }
        // Told once, as this is called every few minutes.
        for row in stuck { Output.errors.write("Run \(row.id) is held: \(Self.stuck). baton show \(row.id)\n") }
        // Of a line one after the other: two of them never live at once.
        let rows = open.filter { goesOn($0, desk) && !desk.opening.isLive($0) }
        let lines = Dictionary(grouping: rows, by: \.line)
        return await withTaskGroup(of: Int32.self) { group in
            if !stuck.isEmpty { group.addTask { 8 } }
            for rows in lines.values {
                group.addTask {
                    var code: Int32 = 0
                    for row in rows.sorted(by: { $0.began < $1.began }) {
                        let own = await telling(json: output.json) {
                            // Somebody else may have gone on with it meanwhile.
                            guard let row = try desk.journal.run(row.id), goesOn(row, desk) else { return 0 }
                            return try await RunContinuation(desk, output, name: row.id).resumeUnlessHeld(row) ?? 0
                        }
                        code = RunEnd.graver(code, own)
                        // A signal is meant for all.
                        if own > 128 { break }
                    }
                    return code
                }
            }
            return await group.reduce(0) { RunEnd.graver($0, $1) }
        }
    }

    /// True if nobody has to be asked, or nobody any more. A run whose log cannot be followed is a person's business.
    private func goesOn(_ row: RunRow, _ desk: RunDesk) -> Bool {
        row.goesOnUnasked || (try? desk.isDecided(row)) == true
    }
}
