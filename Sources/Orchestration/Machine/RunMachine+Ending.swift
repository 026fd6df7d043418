import DataStudio
import LuaVM

/// The ways a run comes to its end.
extension RunMachine {
    /// The script is over, and everything it began.
    func endRun(_ outcome: Outcome) {
        if let requestedEnd { return finish(requestedEnd) }
        switch outcome {
        case .values:
            if let chain = context.chains.min(by: { $0.key < $1.key }) {
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

    private func end(with error: ScriptError) {
        finish(RunEnd(status: RunStatus(error.kind), error: error))
    }

    /// A server cannot be used: nothing new starts, and the run ends when every start that left is accounted for.
    func interrupt(_ failure: StepFailure) {
        guard interruption == nil else { return }
        interruption = failure
        withdrawStarts()
    }

    /// What has not been sent is not wanted any more.
    func withdrawStarts() {
        for step in startsInFlight.sorted() { act(.withdraw(step)) }
    }

    func endInterrupted(_ failure: StepFailure) {
        finish(RunEnd(status: RunStatus(failure.kind), error: ScriptError(failure.kind, failure.message)))
    }

    func endDetached() {
        var end = RunEnd(status: .detached)
        end.signal = signal
        finish(end)
    }

    /// Nothing is left to wait for, and the script is not over: a start is in doubt, or tasks wait for each other.
    func endStuck() {
        if steps.contains(where: { if case .doubtful = $0.value.stage { true } else { false } }) {
            // What failed beside it is told as well; nobody was given those errors yet.
            let failures = groups.sorted { $0.key.number < $1.key.number }.flatMap { $0.value.slots }.compactMap {
                slot in
                if case .done(let outcome) = slot { outcome.failure } else { nil }
            }
            let error = failures.isEmpty ? nil : ScriptError.joining(failures, title: nil, of: nil, location: nil)
            finish(RunEnd(status: .ambiguous, error: error))
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
        let open = steps.filter { !leftRunning.contains($0.key) }.sorted { $0.key < $1.key }
        end.running = leftRunning.map(description(of:))
        for (id, step) in open {
            switch step.stage {
            case .running: end.running.append(description(of: id))
            case .doubtful, .starting: end.doubtful.append(description(of: id))
            case .asking, .waiting: notStarted.append(steps[id]?.title ?? "")
            case .checking, .over: break
            }
        }
        // Doubt is graver than anything but a signal, which leaves more open than that.
        if !end.doubtful.isEmpty, end.status != .detached { end.status = .ambiguous }
        end.notStarted = notStarted
        end.warnings = warnings
        record("", .ended(end.status))
        report(.ended(end))
        act(.finish(end))
    }
}
