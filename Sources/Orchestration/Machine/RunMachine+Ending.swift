import DataStudio
import LuaVM

/// The ways a run comes to its end.
extension RunMachine {
    /// The script is over, and everything it began.
    func endRun(_ outcome: Outcome) {
        if let requestedEnd { return finish(joined(requestedEnd)) }
        if let restart, outcome.failure == nil { return handOver(to: restart) }
        switch outcome {
        case .values:
            if session == nil, let chain = context.chains.min(by: { $0.key < $1.key }) {
                let place = chain.value.map { " at \($0)" } ?? ""
                end(
                    with: ScriptError(
                        .script, "the chain\(place) was made and never run: give it to parallel, or wait(chain { … })",
                        location: chain.value?.description))
            } else {
                finish(RunEnd(status: .succeeded))
            }
        case .failure(let error): end(with: error)
        case .stopped: finish(RunEnd(status: .failed))
        }
    }

    /// An end that was settled, with what the functions of `finally` came to after that.
    private func joined(_ end: RunEnd) -> RunEnd {
        guard let failure = finallyErrors.joined else { return end }
        var end = end
        if [.succeeded, .skipped].contains(end.status) { end.status = RunStatus(failure.kind) }
        end.error = ([end.error].compactMap { $0 } + finallyErrors).joined
        return end
    }

    private func end(with error: ScriptError) {
        finish(RunEnd(status: RunStatus(error.kind), error: error))
    }

    /// Leaves the run: nothing new starts, and it is left when every start that may have left is accounted for.
    func leave(_ reason: Leaving) {
        guard leaving == nil else { return }
        leaving = reason
        for id in startsInFlight.sorted() { act(.withdraw(id, server: steps[id]?.server)) }
    }

    func endLeft(_ reason: Leaving) {
        switch reason {
        case .interruption(let failure):
            finish(RunEnd(status: RunStatus(failure.kind), error: ScriptError(failure.kind, failure.message)))
        case .detachment(let signal):
            var end = RunEnd(status: .detached)
            end.signal = signal
            finish(end)
        }
    }

    /// Nothing is left to wait for, and the script is not over: a start is in doubt, or tasks wait for each other.
    func endStuck() {
        if steps.values.contains(where: \.isInDoubt) {
            // What failed beside it is told as well; nobody was given those errors yet.
            let failures = groups.sorted { $0.key.number < $1.key.number }.flatMap { $0.value.slots }.compactMap {
                slot in
                if case .done(let outcome) = slot { outcome.failure } else { nil }
            }
            let error = failures.isEmpty ? nil : ScriptError.joining(failures, title: nil, of: nil, location: nil)
            finish(RunEnd(status: .ambiguous, error: error))
        } else if breakDeadlock() {
            return
        } else if hasFinally, !isWithoutFinally, requestedEnd == nil {
            log("", .limited("every task waits for another: none of them can go on"))
        } else {
            let waiting = groups.min { $0.key.number < $1.key.number }?.value
            end(
                with: ScriptError(
                    .script, "every task waits for another: none of them can go on",
                    location: waiting?.location?.description))
        }
    }

    private func finish(_ end: RunEnd) {
        var end = end
        isOver = true
        let open = steps.filter { !leftRunning.contains($0.key) }
        // What a session has left is followed by steps of its own.
        end.running = session == nil ? stillRunning.map(description(of:)) : []
        for (id, step) in open where !step.isForeign {
            switch step.stage {
            case .running: end.running.append(description(of: id))
            case .doubtful, .held: end.doubtful.append(doubt(id, step))
            case .starting where step.attempt.isOpen: end.doubtful.append(doubt(id, step))
            case .starting where leaving == nil: noteNotStarted(step)
            case .starting: break
            case .asking, .awaiting, .waiting, .pausing: noteNotStarted(step)
            case .looking, .measuring, .checking, .over: break
            }
        }
        // Doubt is graver than anything but a signal, which leaves more open than that.
        if steps.values.contains(where: \.isInDoubt), end.status != .detached { end.status = .ambiguous }
        end.notStarted = notStarted.texts
        end.warnings = warnings.texts
        // A run that can be gone on with has no end.
        if !end.status.isInterruption { append("", 1, .ended(end.status)) }
        report(.ended(end))
        act(.finish(end))
    }
}
