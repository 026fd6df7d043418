package import DataStudio

/// What is to be done when a line is run of which the journal knows runs already: the whole table, and nothing else.
package struct NightPolicy: Hashable, Sendable {
    /// What to do if a run of the line is live.
    package enum Overlap: String, CaseIterable, Hashable, Sendable {
        /// Nothing.
        case skip
        /// Wait for its turn, after those that waited before.
        case wait
        /// Wait, and replace those that wait.
        case newest
        /// Wait, replace those that wait, and cancel the one that is live.
        case replace
        /// Nothing, and that is a failure.
        case fail

        /// True if a run waits for its turn.
        package var waits: Bool { self == .wait || replacesWaiting }
        /// True if its run replaces those that wait.
        package var replacesWaiting: Bool { self == .newest || self == .replace }
    }

    /// What to do with an interrupted run of the line.
    package enum Interrupted: String, CaseIterable, Hashable, Sendable {
        /// Go on with it.
        case resume
        /// Give it up, and begin anew.
        case abandon
        /// Nothing, and that is a failure.
        case fail
    }

    /// A run of the line.
    package struct Known: Hashable, Sendable {
        /// Its row.
        package var row: RunRow
        /// A process holds it, or waits for its turn to begin it.
        package var isLive: Bool

        /// A run of the line.
        package init(_ row: RunRow, isLive: Bool = false) {
            self.row = row
            self.isLive = isLive
        }
    }

    /// What to do.
    package enum Decision: Hashable, Sendable {
        /// Begin a run; these are given up, and these need a person.
        case begin(abandoning: [RunRow], held: [RunRow])
        /// Go on with this one; these are given up.
        case resume(RunRow, abandoning: [RunRow])
        /// Wait until this one, which does what was to be done, has ended, and decide anew.
        case wait(RunRow)
        /// Wait for the turn of a run of its own: this one is live, or waits since earlier.
        case queue(behind: RunRow)
        /// Nothing: this one is live.
        case skip(RunRow)
        /// Nothing: this one has done what was to be done.
        case report(RunRow)
        /// Nothing, and that is a failure.
        case fail(RunRow)
        /// Nothing: the process of this one died three times, and a person must resume or abandon it first. Its jobs may
        /// run, and a new run would start their workflows a second time.
        case held(RunRow)
    }

    /// `--overlap`.
    package var overlap = Overlap.skip
    /// `--interrupted`; `nil`: a run that died, of the same script, not long ago is gone on with, others are given up, and
    /// `--overlap replace` gives up all.
    package var interrupted: Interrupted?
    /// `--key`.
    package var key: String?
    /// `--again`: the key's earlier runs do not count.
    package var again = false
    /// How old the last record of a run that died may be: younger, it is resumed, or it holds the line if it died three
    /// times; older, another run begins.
    package var resumeWithin = Duration.seconds(6 * 3600)

    /// The rules without options.
    package init() {}

    /// - Parameters:
    ///   - known: the runs of the line, newest first, without the own one that waits and those that have come to wait after it.
    ///   - textHash: of the script as it is now.
    ///   - hasWaited: true if the call has a run of its own that waits for its turn: it begins whatever else goes on first.
    package func decide(
        _ known: [Known], textHash: String, hasWaited: Bool = false, at now: Timestamp
    ) -> Decision {
        let live = known.filter(\.isLive).map(\.row)
        if let key, !again {
            if let own = live.first(where: { $0.key == key }) { return .wait(own) }
            let own = known.map(\.row).first { $0.key == key && $0.fate != .abandoned }
            if let own, own.fate == .ended { return .report(own) }
        }
        // The one that runs, or the one that has waited longest.
        if let first = live.first(where: { !$0.isWaiting }) ?? live.last {
            return switch overlap {
            case .skip: .skip(first)
            case .wait, .newest, .replace: .queue(behind: first)
            case .fail: .fail(first)
            }
        }
        let open = known.map(\.row).filter { $0.fate == .open }
        if let key, !again, let own = known.map(\.row).first(where: { $0.key == key && $0.fate != .abandoned }) {
            if own.isHeldByDeaths { return .held(own) }
            return own.isHeld ? .report(own) : .resume(own, abandoning: [])
        }
        // `abandon` decides about runs that keep dying, too: a new run waits for the jobs of one that is given up, so
        // nothing runs twice. `resume` and `fail` do not: somebody must look at such a run first.
        func isHeld(_ row: RunRow) -> Bool { row.isHeld && !(row.isHeldByDeaths && interrupted == .abandon) }
        let held = open.filter(isHeld)
        if let dying = held.first(where: { $0.isHeldByDeaths && now - $0.updated < resumeWithin }) {
            return .held(dying)
        }
        let left = open.filter { !isHeld($0) }
        func goesOn(_ row: RunRow) -> Bool {
            row.hasDied && now - row.updated < resumeWithin && row.textHash == textHash
        }
        // What died while it waited for its turn is another run that somebody wants: it is not given up for this one.
        let begun = left.filter { !$0.isWaiting }
        guard let newest = begun.first else {
            let queued = Array(left.reversed())
            switch interrupted {
            case .resume: if let first = queued.first { return .resume(first, abandoning: []) }
            case .fail: if let first = queued.first { return .fail(first) }
            case .abandon: return .begin(abandoning: left, held: held)
            case nil: if let first = queued.first(where: goesOn) { return .resume(first, abandoning: []) }
            }
            return .begin(abandoning: hasWaited ? [] : left, held: held)
        }
        // A run that was live when this one came to wait was cancelled by it: that is to be carried through.
        switch interrupted ?? (overlap == .replace && !hasWaited ? .abandon : nil) {
        case .resume: return .resume(newest, abandoning: Array(begun.dropFirst()))
        case .fail: return .fail(newest)
        case .abandon: return .begin(abandoning: left, held: held)
        case nil:
            guard goesOn(newest) else { return .begin(abandoning: begun, held: held) }
            return .resume(newest, abandoning: Array(begun.dropFirst()))
        }
    }
}
