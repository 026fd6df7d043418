import BatonHost
import DataStudio
import Escaping
import Foundation
import Journal
import Orchestration

/// The journal of this place, for commands that look at runs or go on with them.
struct RunDesk {
    let journal: Journal
    let opening: RunOpening

    init(_ journal: Journal) {
        self.journal = journal
        opening = RunOpening(journal)
    }

    /// The folder that the configuration of this folder names.
    static func folder() throws -> JournalFolder {
        let environment = ProcessInfo.processInfo.environment
        let loader = ConfigurationLoader(
            environment: environment, directory: FileManager.default.currentDirectoryPath)
        return JournalFolder(try loader.journal() ?? BatonConfiguration.usualJournal(environment))
    }

    /// Opens the journal that the configuration of this folder names.
    ///
    /// - Returns: `nil` if there is none: no run was ever begun.
    static func openIfThere() throws -> RunDesk? {
        let folder = try folder()
        try JournalOwner.become(of: folder)
        return folder.isThere ? RunDesk(try Journal(folder, patience: patience)) : nil
    }

    /// Opens it for a command that is about a run.
    static func open() throws -> RunDesk {
        guard let desk = try openIfThere() else { throw noRun(in: try folder()) }
        return desk
    }

    /// Opens it for a command that only reads: it works while another process writes, and changes nothing.
    ///
    /// - Returns: `nil` if there is none.
    static func lookIfThere() throws -> RunDesk? {
        let folder = try folder()
        try JournalOwner.become(of: folder)
        return try Journal.look(at: folder, patience: patience).map { RunDesk($0) }
    }

    /// Opens it for a command that only reads about a run.
    static func look() throws -> RunDesk {
        guard let desk = try lookIfThere() else { throw noRun(in: try folder()) }
        return desk
    }

    /// Commands say why nothing happens while another process keeps the journal locked.
    private static let patience = BusyPatience { Output.errors.write("\($0)\n") }

    private static func noRun(in folder: JournalFolder) -> Refusal {
        Refusal(lines: ["There is no run yet in the journal \(folder.path).", otherJournals])
    }

    /// What a person can do who looked in the wrong journal.
    static let otherJournals =
        "Each user has a journal, and a baton.yaml may name another one: run Baton as the user who runs the script, in the "
        + "script's folder."

    /// How many runs that were refused are passed over.
    private static let mostRefused = 50
    /// How many runs are named whose ids begin with what a person gave.
    private static let mostNamed = 5

    /// The run that a person means: by its id, by its script (the latest), or the latest of all.
    func find(_ reference: String?) throws -> RunRow {
        guard reference != "" else { throw Refusal("A run's id cannot be empty: baton runs lists them.") }
        guard let reference else {
            let latest = try journal.runs(limit: Self.mostRefused)
            guard let row = latest.first(where: { !$0.isWaiting }) ?? latest.first else {
                throw Self.noRun(in: journal.folder)
            }
            return row
        }
        if let row = try journal.run(reference) { return row }
        // A run that was refused before it began, or waits for its turn, is not the one that somebody wants to see or to
        // retry.
        let runs = try journal.runs(script: RunsCommand.written(reference), limit: Self.mostRefused)
        if let row = runs.first(where: { $0.note != ScriptRun.refusedNote && !$0.isWaiting }) ?? runs.first {
            return row
        }
        let begun = try journal.runs(idPrefix: reference, limit: Self.mostNamed + 1)
        guard let row = begun.first else {
            throw Refusal(
                lines: [
                    "There is no run \(reference) in the journal \(journal.folder.path): baton runs lists its runs."
                ]
                    + [Self.otherJournals])
        }
        guard begun.count == 1 else {
            let names = begun.prefix(Self.mostNamed).map(\.id).joined(separator: " or ")
            let more = begun.count > Self.mostNamed ? ", or another" : ""
            throw Refusal("\(reference) may be \(names)\(more): give more of it.")
        }
        return row
    }

    /// The settings a run goes on with: those of its script's folder.
    func configuration(for row: RunRow) throws -> BatonConfiguration {
        let folder =
            row.path.hasPrefix("/")
            ? row.path.folderPath : FileManager.default.currentDirectoryPath
        return try ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: folder)
            .load(server: row.server)
    }

    /// True if the run's script was typed line by line: it is not run again.
    func isSession(_ row: RunRow) throws -> Bool { try journal.beginning(of: row.id)?.isSession == true }

    /// The code with which the last process of a run ended, or with which it would have: 8 for a run that is held, 137 for one
    /// whose process died, 1 for an abandoned one, 6 for one that was never begun.
    func exitCode(of row: RunRow) throws -> Int32 {
        if row.isHeld { return 8 }
        // As the process that waited for its turn has it that was replaced.
        guard row.fate != .abandoned else { return row.isWaiting && row.status == nil ? 6 : 1 }
        // As a shell has it for a process that was killed.
        guard let status = row.status else { return 137 }
        var end = RunEnd(status: status)
        end.signal = row.signal
        end.suspicions = try journal.suspicions(of: row.id, sinceRetry: true)
        return end.exitCode
    }

    /// How a run stands, in a word.
    func state(of row: RunRow) -> String { opening.state(of: row) }

    /// Its row, with a note of what is to come: what a run waits for, and that it is cancelled when it is resumed.
    func described(_ row: RunRow) throws -> RunRow {
        var row = row
        guard let first = try opening.first(inLineOf: row) else {
            if row.isWaiting, row.fate == .open { row.note = "it waited for its turn, and has not begun" }
            let isLive = row.fate == .open && opening.isLive(row)
            if isLive, try journal.waits(of: row.id).values.contains(StartWaits.approval) {
                row.note = "waits for approval"
            }
            if row.fate == .open, !isLive,
                let cancel = try journal.requests(of: row.id).first(where: { $0.verb == "cancel" })
            {
                row.note =
                    (row.note.map { $0 + "; " } ?? "") + "\(cancel.by) cancelled it: that is done when it is resumed"
            }
            return row
        }
        row.note = "waits for run \(first.id) to \(first.isWaiting ? "begin and to end" : "end")"
        return row
    }

    /// The same as a sentence that begins with "it".
    func standing(of row: RunRow) -> String {
        switch state(of: row) {
        case "succeeded": "it has succeeded"
        case "skipped": "its script found nothing to do"
        case "failed": "it has failed"
        case "check": "its checks have failed"
        case "timeout": "it ran out of time"
        case "cancelled": "it was cancelled"
        case "abandoned": "it was given up"
        case "waiting": "it waits for its turn"
        case let state: "it is \(state)"
        }
    }

    /// True if a run that is in doubt, or waits for a decision about another, has nothing to wait for any more.
    func isDecided(_ row: RunRow) throws -> Bool {
        guard row.fate == .open, row.status == .ambiguous else { return false }
        let past = try past(of: row)
        return try past.doubts.isEmpty && deciders(of: past).isEmpty
    }

    /// The runs that have to be decided about before this one, which is held, can go on: they are in doubt about a
    /// workflow that it wants to start, on whatever server.
    func deciders(of past: RunPast) throws -> [String] {
        guard past.row.status == .ambiguous, past.doubts.isEmpty else { return [] }
        let labels = Set(past.tree.rows.values.filter { $0.state == .starting }.map(\.step.label))
        return try journal.runsInDoubt(about: labels).filter { $0 != past.row.id }
    }

    /// What the run did, from its log.
    ///
    /// - Parameter isFollowed: as in ``RunPast/init(_:_:isFollowed:)``.
    func past(of row: RunRow, isFollowed: Bool = false) throws -> RunPast {
        try RunPast(row, journal.log(of: row.id), lives: journal.lives(of: row.id), isFollowed: isFollowed)
    }

    /// What a part of the run did.
    ///
    /// - Throws: `Refusal` if there is no such part, or nothing of it is kept.
    func past(of row: RunRow, part: Int) throws -> RunPast {
        guard let log = try journal.log(of: row.id, part: part) else {
            let kept = try journal.parts(of: row.id)
            let range = kept.count < 2 ? "it has one part only" : "parts \(kept[0]) to \(kept[kept.count - 1]) are kept"
            throw Refusal("Part \(part) of run \(row.id) cannot be shown: \(range).")
        }
        return try RunPast(row, log, lives: journal.lives(of: row.id))
    }

    /// What the run did before people said what became of its steps in doubt, as far as nobody has gone on from that.
    func undecided(of row: RunRow) throws -> RunPast {
        var log = try journal.log(of: row.id)
        while case .resolved? = log.last?.body { log.removeLast() }
        return try RunPast(row, log)
    }

    /// Who works with this process, for the log.
    static var person: String {
        let name = NSUserName()
        return name.isEmpty ? "somebody" : name
    }
}
