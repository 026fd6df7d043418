import DataStudio
import LuaVM

/// What a completed job is measured by: the time window, what is usual, the script's own check.
extension RunMachine {
    /// Applies the time window, then what is usual, then the script's own check.
    func check(_ id: NodeID, _ result: StepResult) {
        guard let step = steps[id] else { return }
        var broken: [String] = []
        if let minimum = step.options.minimum, result.duration < minimum {
            broken.append("COMPLETED in \(result.duration.short), less than its min of \(minimum.short)")
        }
        if let maximum = step.options.maximum, result.duration > maximum {
            broken.append("COMPLETED in \(result.duration.short), more than its max of \(maximum.short)")
        }
        if let maximum = step.options.queueMaximum, step.isQueuedLong || result.queued ?? .zero > maximum {
            let time = result.queued.map { "for \($0.short), " } ?? ""
            broken.append("COMPLETED, and was queued \(time)longer than its queue_max of \(maximum.short)")
        }
        if !broken.isEmpty {
            checkBroke(id, result, broken.joined(separator: ", "))
        } else if step.options.usual != nil {
            steps[id]?.stage = .measuring(result)
            askUsual(id)
        } else {
            checkByScript(id, result)
        }
    }

    private func checkByScript(_ id: NodeID, _ result: StepResult) {
        guard let step = steps[id], let node = nodes[id] else { return }
        if let function = step.options.check {
            let task = beginTask(
                function, [result.luaValue], key: "\(node.key)/check#1", owner: id, location: node.location)
            steps[id]?.stage = .checking(result, check: task)
        } else {
            succeed(id, result)
        }
    }

    /// The script's check has ended.
    func checkEnded(_ id: NodeID, _ outcome: Outcome) {
        guard case .checking(let result, let task)? = steps[id]?.stage else { return }
        markTaken(task)
        switch outcome {
        case .values(let values):
            switch values.first ?? .nil {
            case .boolean(true): succeed(id, result)
            case .boolean(false):
                checkBroke(id, result, values.dropFirst().first?.text ?? "its check returned false")
            case let value:
                fail(
                    id, .script,
                    "\(result.label): its check has to return true or false and a reason; it returned \(value.article)",
                    result)
            }
        case .failure(let error): fail(id, error.kind, "\(result.label): its check raised: \(error.message)", result)
        case .stopped:
            report(
                id, .ended(.failed(kind: .cancelled, message: "\(result.label): stopped", duration: result.duration)))
            end(id, .stopped)
        }
    }

    private func checkBroke(_ id: NodeID, _ result: StepResult, _ why: String) {
        guard let step = steps[id] else { return }
        if step.options.warnsOnCheck == true {
            addWarning(id, why)
            var result = result
            result.warnings.append(why)
            succeed(id, result)
        } else {
            fail(id, .check, "\(step.title): \(why)", result)
        }
    }

    // MARK: What is usual

    /// How many completed jobs have to be known before one can be unusual.
    private static let fewest = 5

    private func askUsual(_ id: NodeID) {
        guard let step = steps[id], let node = nodes[id], case .measuring(let result) = step.stage else { return }
        let started = result.started
        ask(
            .usual(id), key: "\(node.key)/usual#\(step.attempt.number)", server: step.server,
            .usual(name: step.title, space: start(of: step).space, before: started))
    }

    private func share(_ factor: Double) -> String {
        factor == 2 ? "half" : factor == 3 ? "a third" : "1/\(factor.shortest)"
    }

    func usualAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .measuring(let result) = step.stage else { return }
        guard nodes[id]?.stop == nil else { return succeed(id, result) }
        guard case .history(let past) = answer, past.count >= Self.fewest, let usual = PastStep.usual(of: past),
            let factor = step.options.usual
        else { return checkByScript(id, result) }
        let took = "COMPLETED in \(result.duration.short), and usually takes \(usual.short)"
        if result.duration * factor < usual {
            checkBroke(id, result, "\(took): less than \(share(factor)) of that")
        } else if result.duration > usual * factor {
            checkBroke(id, result, "\(took): more than \(factor.shortest) times that")
        } else {
            checkByScript(id, result)
        }
    }
}

extension Double {
    /// Without `.0`.
    fileprivate var shortest: String { Int64(exactly: self).map { String($0) } ?? String(self) }
}
