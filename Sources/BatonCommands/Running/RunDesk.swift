import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration

/// The journal of this place, for commands that look at runs or go on with them.
struct RunDesk {
    let journal: Journal
    let opening: RunOpening

    /// Opens the journal that the configuration of this folder names.
    ///
    /// - Returns: `nil` if there is none: no run was ever begun. Who only looks makes none.
    static func openIfThere() throws -> RunDesk? {
        let environment = ProcessInfo.processInfo.environment
        let loader = ConfigurationLoader(
            environment: environment, directory: FileManager.default.currentDirectoryPath)
        let folder = try loader.journal() ?? BatonConfiguration.usualJournal(environment)
        guard JournalFolder(folder).isThere else { return nil }
        let journal = try Journal(JournalFolder(folder))
        return RunDesk(journal: journal, opening: RunOpening(journal))
    }

    /// Opens it for a command that is about a run.
    static func open() throws -> RunDesk {
        guard let desk = try openIfThere() else { throw Refusal("There is no run yet.") }
        return desk
    }

    /// The run that a person means: by its id, by its script (the latest), or the latest of all.
    func find(_ reference: String?) throws -> RunRow {
        guard reference != "" else { throw Refusal("A run's id cannot be empty: baton runs lists them.") }
        guard let reference else {
            guard let latest = try journal.runs(limit: 1).first else { throw Refusal("The journal has no run yet.") }
            return latest
        }
        if let row = try journal.run(reference) { return row }
        if let row = try journal.runs(script: reference, limit: 1).first { return row }
        let begun = try journal.runs().filter { $0.id.hasPrefix(reference) }
        guard let row = begun.first else {
            throw Refusal("There is no run \(reference): baton runs lists them.")
        }
        guard begun.count == 1 else {
            throw Refusal("\(reference) may be \(begun.map(\.id).joined(separator: " or ")): give more of it.")
        }
        return row
    }

    /// The settings a run goes on with: those of its script's folder.
    func configuration(for row: RunRow) throws -> BatonConfiguration {
        let folder =
            row.path.hasPrefix("/")
            ? (row.path as NSString).deletingLastPathComponent : FileManager.default.currentDirectoryPath
        return try ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: folder)
            .load(server: row.server)
    }

    /// True if the run's script was typed line by line: it is not run again.
    func isSession(_ row: RunRow) throws -> Bool { try journal.beginning(of: row.id)?.isSession == true }

    /// How a run stands, in a word.
    func state(of row: RunRow) -> String {
        switch row.fate {
        case .ended: row.status?.rawValue ?? "ended"
        case .abandoned: "abandoned"
        case .open where opening.isLive(row): "running"
        case .open where row.isHeld: "held"
        case .open: "interrupted"
        }
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
        let labels = past.tree.rows.values.filter { $0.state == .starting }.map(\.step.label)
        return try journal.runs(fate: .open).filter { other in
            try other.id != past.row.id
                && journal.openAttempts(of: other.id).contains { $0.state == .ambiguous && labels.contains($0.label) }
        }.map(\.id)
    }

    /// What the run did, from its log.
    func past(of row: RunRow) throws -> RunPast {
        try RunPast(row, journal.log(of: row.id))
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
