package import DataStudio

/// A block that holds a lock or a place of a pool, or waits for it, as the journal has it.
package struct LockRow: Hashable, Sendable {
    /// How it stands.
    package enum State: String, Hashable, Sendable {
        case waiting, held
        /// The block is over, and a job that was started in it may still run.
        case left
    }

    /// The run.
    package let run: String
    /// What its block wants or has.
    package let request: LockRequest
    /// When it began to wait, or took it.
    package var since: Timestamp
    /// Its place among those who wait; `nil` for one that waits behind another of its run.
    package var turn: Int64?
    /// How it stands.
    package var state: State

    /// A row of the journal.
    package init(
        run: String, _ request: LockRequest, since: Timestamp, turn: Int64? = nil, state: State = .waiting
    ) {
        self.run = run
        self.request = request
        self.since = since
        self.turn = turn
        self.state = state
    }

    /// True for the row of a block of a run.
    package func isOf(_ run: String, _ key: String) -> Bool { self.run == run && request.key == key }

    /// True if another waits within the block, which cannot end before.
    func isAround(_ other: LockRow) -> Bool { run == other.run && other.request.key.hasPrefix(request.key + "/") }
}

/// Whether a block may hold what it wants.
package enum LockVerdict: Hashable, Sendable {
    case taken
    /// Who holds it, or comes first.
    case waits(for: [LockRow])
    /// Those wait for each other for ever. The block with that key, which waits for the same in the same run, was the last of
    /// them to begin, and is to give way.
    case deadlock(key: String, [LockRow])
}
