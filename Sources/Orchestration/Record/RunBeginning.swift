import DataStudio

/// What a run is begun with, and goes on with in every later life: nothing of it is read anew.
package struct RunBeginning: Hashable, Sendable {
    /// The run's id in its journal; empty for one that is in none.
    package var run = ""
    /// The servers by name, as jobs and gates have them: a run goes on only where it began.
    package var identities: [String: String] = [:]
    /// What messages call the script: its file's name.
    package var script: String
    /// The script itself, in Lua.
    package var text: String
    /// The texts of the modules it may require, by their names.
    package var modules: [String: String] = [:]
    /// The script's `...` and `arg`.
    package var arguments: [String] = []
    /// What `--param` gave, by name.
    package var parameters: [String: String] = [:]
    /// The names of the secrets the script may use, sorted.
    package var secrets: [String] = []
    /// The configuration's options for every step, as texts.
    package var defaults: [String: String] = [:]
    /// The name of the run's own server in the configuration; `nil` in logs of earlier versions.
    package var server: String?
    /// The date the run is for, as `2026-12-25`; `nil`: that on which it began.
    package var date: String?
    /// The calendars that the script names, by name.
    package var calendars: [String: WorkCalendar] = [:]
    /// The seed of `math.random`.
    package var seed: UInt64
    /// The name of the time zone in which the script tells the time; `nil`: that of the process.
    package var zone: String?
    /// The version of the time zone database at the time, as `2025b`; `nil`: unknown, or the zone is none of it.
    package var zoneData: String?
    /// The newest job that was known of each server, by the server's name in the configuration.
    package var newest: [String: JobIdentity] = [:]
    /// The servers a script may name, with the space each starts workflows in.
    package var spaces: [String: String?] = [:]
    /// The space on the run's own server.
    package var space: String?
    /// The part of the run that begins.
    package var part = RunPart()
    /// True if the script is typed line by line: the log is read, and never replayed.
    package var isSession = false
    /// How the log is to be read: a run of another version cannot be replayed.
    package var replayVersion = Self.currentReplayVersion

    /// Grows whenever the same log would make a script see something else.
    package static let currentReplayVersion = 2

    /// True if the log can be replayed. In version 1 no `<close>` handler of a stopped task could wait.
    package var canBeReplayed: Bool { (1...Self.currentReplayVersion).contains(replayVersion) }

    var handlersMayWait: Bool { replayVersion >= 2 }

    /// The seed of `math.random` in this part.
    var seedOfPart: UInt64 {
        guard part.number > 1 else { return seed }
        var random = SplitMix(seed: seed &+ UInt64(part.number))
        return random.next()
    }

    /// What stands for a secret wherever the script, the log or a request has it: its value comes in its place when a
    /// request leaves. Nobody outside can guess it.
    package func mask(of secret: String) -> String {
        Mask.text(for: secret, seed: seed)
    }

    /// What stands for a secret in what servers answer. Nothing comes in its place when it leaves.
    package func mark(of secret: String) -> String { Mask.mark(of: secret) }

    /// A run of that script; without more, it knows no servers but its own.
    package init(script: String, text: String, seed: UInt64) {
        self.script = script
        self.text = text
        self.seed = seed
    }
}
