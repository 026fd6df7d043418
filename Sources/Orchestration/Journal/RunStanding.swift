/// What has become of a run, and whether a process holds it.
package struct RunStanding: Hashable, Sendable {
    /// What the journal says of it.
    package var fate: RunFate
    /// A process holds it.
    package var isLive: Bool

    /// The standing of a run.
    package init(_ fate: RunFate, isLive: Bool) {
        self.fate = fate
        self.isLive = isLive
    }

    /// True if nobody waits for its jobs although it has not ended: it was interrupted, is held, or was given up.
    var isLeft: Bool { fate == .abandoned || (fate == .open && !isLive) }
}
