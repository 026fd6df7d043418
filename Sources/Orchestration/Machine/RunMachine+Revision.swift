import DataStudio

/// Going on with another text of the script.
extension RunMachine {
    /// True if this one waits for a step of that key, and it is the same start as the other's.
    func waits(asDid other: RunMachine, forStep key: String) -> Bool {
        guard let step = stepsByKey[key].flatMap({ steps[$0] }), !step.isOver,
            let others = other.stepsByKey[key].flatMap({ other.steps[$0] })
        else { return false }
        return step.server == others.server && start(of: step) == other.start(of: others)
    }

    /// True if the record would mean the same to both: neither a question nor a timer is in the log with what it was about.
    func waitsAsDoes(_ other: RunMachine, for record: Record) -> Bool {
        switch record.body {
        case .answered:
            let own = openQuery(record.key), others = other.openQuery(record.key)
            return own?.query == others?.query && own?.server == others?.server
                && waitingStep(record.key) == other.waitingStep(record.key)
        case .fired(let purpose, _): return armed(record.key, purpose) == other.armed(record.key, purpose)
        case .void, .accepted, .ambiguous, .resolved, .settled: return place(record.key) == other.place(record.key)
        // What an intent is about is in the log.
        case .began, .intent, .stopping, .line, .expired, .limited, .restarted, .resumed, .retried, .ended: return true
        }
    }

    private struct Place: Equatable {
        let label: String
        let server: String?
    }

    private func place(_ key: String) -> Place? { place(stepsByKey[key]) }

    private func place(_ id: NodeID?) -> Place? {
        id.flatMap { steps[$0] }.map { Place(label: $0.label, server: $0.server) }
    }

    private func waitingStep(_ key: String) -> Place? { place(waits[key]) }

    private func openQuery(_ key: String) -> OpenQuery? { queriesByKey[key].flatMap { queries[$0] } }

    private func armed(_ key: String, _ purpose: TimerPurpose) -> Duration? {
        timersByKey[ArmedTimer.Key(key: key, purpose: purpose)].flatMap { timers[$0] }?.duration
    }

    /// The steps of this machine that have jobs and that another script neither keeps nor starts again.
    ///
    /// - Throws: ``RetryError`` where nobody knows whether such a step was started.
    func dropped(
        by machine: RunMachine, _ retrial: Retrial
    ) throws(RetryError) -> [(step: StepDescription, isRunning: Bool)] {
        var dropped: [(step: StepDescription, isRunning: Bool)] = []
        let taken = Set(retrial.again + retrial.waits + retrial.done + retrial.adopted.keys)
        for (id, step) in steps {
            let key = nodes[id]?.key ?? ""
            let kept = machine.stepsByKey[key].flatMap { machine.steps[$0] }
            let isKept =
                kept?.jobID == step.jobID && machine.place(key) == place(key)
                // Another start at the same place leaves the one that may be on its way behind.
                && kept?.attempt.isOpen == step.attempt.isOpen && kept?.isInDoubt == step.isInDoubt
            guard !taken.contains(key), !isKept else { continue }
            if step.isInDoubt || step.attempt.isOpen {
                throw RetryError(
                    "it is not known whether \"\(step.title)\" was started, and the script does not ask for it any more: "
                        + (step.isInDoubt ? "resolve the step first" : "resume the run as it is first, which finds out")
                )
            }
            guard step.jobID != nil else { continue }
            var isRunning = leftRunning.contains(id)
            if case .running = step.stage { isRunning = true }
            dropped.append((description(of: id), isRunning))
        }
        return dropped
    }
}
