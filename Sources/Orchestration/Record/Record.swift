package import DataStudio

/// One row of what a run saw, in the order it saw it.
///
/// Whatever resumes a task is a record: records are delivered one at a time, and nothing else reaches a script.
package struct Record: Hashable, Sendable {
    /// From 1, without gaps.
    package let sequence: Int
    /// What it is about: task path, function, occurrence, as in `parallel#2[3]/execute#1`. Empty for the run itself.
    package let key: String
    /// From 1. Only starts have more than one.
    package let attempt: Int
    /// When it was seen, by the clock of this machine.
    package let at: Timestamp
    /// What was seen.
    package let body: RecordBody

    /// A row of a log.
    package init(sequence: Int, key: String, attempt: Int, at: Timestamp, body: RecordBody) {
        self.sequence = sequence
        self.key = key
        self.attempt = attempt
        self.at = at
        self.body = body
    }
}

extension Record {
    /// The same intent with these jobs as those that were known before its start, which are kept beside the log.
    package func knowing(_ jobs: [JobIdentity]) -> Record {
        guard case .intent(var intent) = body else { return self }
        intent.evidence.known = jobs
        return Record(sequence: sequence, key: key, attempt: attempt, at: at, body: .intent(intent))
    }
}

extension [Record] {
    /// The records of the part of the run that goes on: from its `began`.
    package var currentPart: ArraySlice<Record> {
        let start = lastIndex { if case .began = $0.body { true } else { false } }
        return self[(start ?? startIndex)...]
    }
}
