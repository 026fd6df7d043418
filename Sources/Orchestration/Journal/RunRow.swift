package import DataStudio

/// What a journal keeps of a run beside its log.
package struct RunRow: Hashable, Sendable {
    /// Short, and unique in the journal.
    package var id: String
    /// What no two live runs have in common: script, server, parameters and arguments, or the name given to `--lock`.
    package var line: String
    /// The `--key` it was begun with.
    package var key: String?
    /// The script's path; what began it if it came from no file.
    package var path: String
    /// What messages call the script.
    package var script: String
    /// The hash of the script's text.
    package var textHash: String
    /// The name of the server in the configuration.
    package var server: String
    /// When it began.
    package var began: Timestamp
    /// When something was last written down of it.
    package var updated: Timestamp
    /// Whether it can be gone on with.
    package var fate: RunFate
    /// How it ended, or why it was left; `nil` if its process died, or holds it.
    package var status: RunStatus?
    /// The signal that interrupted it.
    package var signal: Int32?
    /// The error that ended or interrupted it, in words.
    package var note: String?
    /// How many times in a row a process took it up and died without a word and without a new record: three of them hold it.
    package var fruitless: Int = 0
    /// True until it begins, of a run whose call waits for its turn in the line (`--overlap wait`).
    package var isWaiting = false

    /// A run that begins.
    package init(
        id: String, line: String, key: String? = nil, path: String, script: String, textHash: String, server: String,
        began: Timestamp
    ) {
        self.id = id
        self.line = line
        self.key = key
        self.path = path
        self.script = script
        self.textHash = textHash
        self.server = server
        self.began = began
        updated = began
        fate = .open
    }

    /// True if it needs a person: it is in doubt, nondeterministic, or gets nowhere.
    package var isHeld: Bool {
        fate == .open && ([.ambiguous, .nondeterministic, .stuck].contains(status) || isStuck)
    }

    /// True if its process died three times without getting any further, and nobody has noted it yet.
    package var isStuck: Bool { fate == .open && status == nil && fruitless >= 3 }

    /// True if it is held because its process died three times without getting any further.
    package var isHeldByDeaths: Bool { fate == .open && (status == .stuck || isStuck) }

    /// True if nobody has to be asked: its process died, or its server was out of reach.
    package var goesOnUnasked: Bool {
        hasDied || (fate == .open && !isHeld && (status == .unreachable || status == .auth))
    }

    /// True of a run that goes on, and of one whose process died: how long that lived is not known, only when it wrote last.
    package var isUnended: Bool { fate == .open && status == nil }

    /// True if its process died without a word, or by a signal that asks it to end, or if nothing but a person's word was
    /// missing: then it is gone on with unasked.
    package var hasDied: Bool {
        fate == .open && !isHeld && (status == nil || status == .resolved || (status == .detached && signal == 15))
    }
}
