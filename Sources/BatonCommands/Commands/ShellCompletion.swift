import ArgumentParser
import BatonHost
import Foundation
import Journal
import Orchestration

/// What shells offer while a command is typed: from the journal and the configuration of the current folder. No server is
/// asked, nothing is written, and what is wrong is for the command itself to say.
enum ShellCompletion {
    /// The ids of the latest runs.
    static let run = CompletionKind.custom { _, _, _ in look { try runs($0).map(\.id) } }
    /// The scripts of the latest runs.
    static let script = CompletionKind.custom { _, _, _ in look { try Set(runs($0).map(\.script)).sorted() } }
    /// The steps of the run that was typed before, or of the latest one.
    static let step = CompletionKind.custom { words, index, _ in look { try steps($0, words.prefix(index)) } }
    /// The servers of the configuration.
    static let server = CompletionKind.custom { _, _, _ in servers }
    /// The states of runs.
    static let state = CompletionKind.list(RunList.states)

    private static let mostRuns = 50
    /// Logs up to that size, in bytes, are gone through within the time that a shell may wait.
    private static let largestLog = 1 << 20

    private static func look(_ words: (RunDesk) throws -> [String]) -> [String] {
        (try? RunDesk.lookIfThere().map(words)) ?? []
    }

    private static func runs(_ desk: RunDesk) throws -> [RunRow] {
        try desk.journal.runs(since: nil, script: nil, fate: nil, limit: mostRuns)
    }

    private static func steps(_ desk: RunDesk, _ words: some Collection<String>) throws -> [String] {
        let latest = try runs(desk)
        guard let row = latest.first(where: { words.contains($0.id) }) ?? latest.first,
            try desk.journal.logSize(of: row.id) <= largestLog
        else { return [] }
        return Set(try desk.past(of: row).tree.rows.values.map(\.step.title)).sorted()
    }

    private static var servers: [String] {
        let loader = ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath)
        return (try? loader.load().servers.keys.sorted()) ?? []
    }
}
