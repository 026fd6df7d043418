package import DataStudio

extension GateState {
    /// What a journal knows about a gate.
    ///
    /// - Parameters:
    ///   - rows: all attempts on the gate's server for its workflow that have or may have a job.
    ///   - run: the one that takes the gate: what it knows of its own it knows already.
    ///   - fate: what has become of a run.
    package init(_ gate: Gate, rows: [AttemptRow], run: String, fate: (String) -> RunFate) {
        self.init()
        for row in rows where row.server == gate.server && row.label == gate.label {
            let isOther = row.run != run
            let sharesGate = row.intent.gate == gate.name
            reserved.formUnion(row.candidates.filter { $0.id != row.job })
            if row.state == .ambiguous || row.state == .dismissed, let sent = row.intent.serverTime {
                doubtful.append(sent)
            }
            switch row.state {
            case .open where isOther && sharesGate:
                doubts.append(Doubt(run: row.run, key: row.key, attempt: row.attempt, open: row.open))
            case .ambiguous where isOther && sharesGate && fate(row.run) == .open:
                heldBy = row.run
            case .accepted where isOther && fate(row.run) == .abandoned,
                .ambiguous where isOther && fate(row.run) == .abandoned, .left, .dismissed:
                predecessors += Self.predecessors(row, besides: rows)
            case .open, .void, .accepted, .over, .ambiguous: break
            }
            if let job = row.job {
                owned.append(
                    OwnedJob(job, created: row.created, sent: row.intent.serverTime, accepted: row.acceptedAt))
            }
        }
    }

    /// The job of an attempt that nobody goes on with, or those it may have and that are nobody's meanwhile.
    private static func predecessors(_ row: AttemptRow, besides rows: [AttemptRow]) -> [Predecessor] {
        if let job = row.job { return [Predecessor(SeenJob(job, created: row.created), of: row)] }
        return row.candidates.filter { job in
            !rows.contains { $0.job == job.id && ($0.created == nil || $0.created == job.created) }
        }.map { Predecessor($0, of: row) }
    }
}

extension GateState.OwnedJob {
    /// A job's own time is the best; without it, the server made it between the intent and the answer.
    ///
    /// - Parameters:
    ///   - created: when the server made it.
    ///   - sent: the server's clock when it was about to be started.
    ///   - accepted: the server's clock when it was accepted.
    package init(_ job: JobID, created: Timestamp?, sent: Timestamp?, accepted: Timestamp?) {
        let margin = DoubtInquiry.tolerance
        if let created {
            self.init(job, from: created, to: created)
        } else if let sent, let accepted {
            self.init(job, from: sent + (.zero - margin), to: accepted + margin)
        } else {
            self.init(job, from: nil, to: nil)
        }
    }
}
