import DataStudio

extension GateState {
    /// What a journal knows about a gate.
    ///
    /// - Parameters:
    ///   - rows: all attempts on the gate's server for its workflow that have or may have a job.
    ///   - run: the one that takes the gate: what it knows of its own it knows already.
    ///   - standing: what has become of a run.
    package init(_ gate: Gate, rows: [AttemptRow], run: String, standing: (String) -> RunStanding) {
        self.init()
        for row in rows where row.server == gate.server && row.label == gate.label {
            let isOther = row.run != run
            let sharesGate = row.intent.gate == gate.name
            // Once a person has said which it is, the others are nobody's again.
            if row.state == .ambiguous { undecided.append(row.candidates) }
            if row.state == .dismissed { decided += row.candidates }
            // Where there is no clock, a person's word ends it.
            if row.state == .ambiguous || (row.state == .dismissed && row.intent.serverTime != nil) {
                doubtful.append(row.intent.serverTime)
            }
            switch row.state {
            case .open where isOther && sharesGate:
                doubts.append(Doubt(run: row.run, key: row.key, attempt: row.attempt, open: row.open))
            case .ambiguous where isOther && sharesGate && standing(row.run).fate == .open:
                heldBy = row.run
            case .accepted where isOther && standing(row.run).isLeft,
                .ambiguous where isOther && standing(row.run).fate == .abandoned, .left, .dismissed:
                predecessors += Self.predecessors(row, besides: rows)
            case .open, .void, .accepted, .over, .ambiguous: break
            }
            if let job = row.watched { owned.append(job) }
        }
    }

    /// The job of an attempt that nobody goes on with, or those it may have and that are nobody's meanwhile.
    private static func predecessors(_ row: AttemptRow, besides rows: [AttemptRow]) -> [Predecessor] {
        if let job = row.identity { return [Predecessor(job, of: row)] }
        return row.candidates.filter { job in
            !rows.contains { $0.identity?.mayBe(job) ?? false }
        }.map { Predecessor($0, of: row) }
    }
}
