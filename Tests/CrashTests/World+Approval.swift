import DataStudio
import Orchestration
import Rehearsal

/// People decide what scripts wait for.
extension World {
    /// Somebody is asked: the decision comes within a minute, or not at all.
    func ask(_ approval: Approval, of run: String) {
        guard !chance(20) else { return }
        let decision = Decision(isApproved: !chance(30), by: "person \(decisions.count + 1)")
        decisions[decision.by] = decision.isApproved
        queue.add(.decision(run: run, text: approval.text, decision), at: now + delay(60_000))
    }

    /// The decision comes: to the process that holds the run, or into its log if none does.
    func decide(_ text: String, _ decision: Decision, of run: String) {
        if let (id, process) = processes.first(where: { $0.value.run == run }) {
            guard let open = process.conductor.look({ $0.approvals }).first(where: { $0.approval.text == text }) else {
                return
            }
            seen.insert("decision")
            note("\(decision.words): \(open.step.key) of run \(run)")
            return queue.add(.process(id, .machine(.decide(key: open.step.key, decision))), at: now)
        }
        guard let log = journal.runs[run]?.part, journal.runs[run]?.fate == .open,
            case .began(let beginning)? = log.first?.body,
            let machine = try? RunMachine(RunConfiguration(beginning), at: log[0].at),
            (try? machine.replay(log)) != nil,
            let open = machine.approvals.first(where: { $0.approval.text == text })
        else { return }
        seen.insert("decision left")
        note("\(decision.words), left for run \(run): \(open.key)")
        let left = Decision(isApproved: decision.isApproved, by: decision.by, isOfRunLeft: true)
        try? journal.decide(open.key, left, of: run, at: wallClock)
    }

    /// Each approval is decided once, by a person or by its time.
    ///
    /// - Parameter printed: as in ``judgeFinally(of:_:)``.
    func judgeDecisions(of id: String, _ printed: [String]) {
        guard let run = journal.runs[id] else { return }
        for line in printed where line.hasPrefix("approve\ttrue\tperson ") {
            let person = String(line.dropFirst("approve\ttrue\t".count))
            if decisions[person] != true {
                violations.append("18: run \(id) goes on, and \(person) has not approved it")
            }
        }
        for part in run.parts {
            let void = RunMachine.voidSequences(of: part)
            var ends: [String: Int] = [:]
            for record in part where !void.contains(record.sequence) {
                switch record.body {
                case .answered(.decision):
                    ends[
                        record.key.firstRange(of: "/decision#").map { String(record.key[..<$0.lowerBound]) } ?? "",
                        default: 0] += 1
                case .fired(.timeout, _) where record.key.split(separator: "/").last?.hasPrefix("approve#") == true:
                    ends[record.key, default: 0] += 1
                default: break
                }
            }
            for (key, count) in ends where count > 1 {
                violations.append("18: \(key) of run \(id) was decided \(count) times")
            }
        }
    }
}
