import BatonHost
import DataStudio
import Journal
import Orchestration

/// Decides what a run waits for.
struct ApprovalDesk {
    let desk: RunDesk
    let row: RunRow

    /// How long a live run has to take a decision up.
    private static let patience = Duration.seconds(10)

    /// - Parameter step: the step's number, key or text; `nil`: the only one that waits.
    /// - Returns: the exit code.
    func decide(_ step: String?, isApproved: Bool, reason: String?) async throws -> Int32 {
        let past = try await past(waitingFor: step)
        guard let wanted = try open(step, past) else { return try decided(step, past, isApproved) }
        if let left = try pending(wanted.step.key) { return try settled(wanted.step.title, left, isApproved) }
        let approver = Approver.current
        if let group = wanted.approval.approvers { try allow(approver, group) }
        let decision = Decision(isApproved: isApproved, by: approver.name, reason: reason)
        let isLeft = try desk.opening.whileHeld(row) {
            guard let still = try open(step, desk.past(of: row)), still.key == wanted.key else { return false }
            try desk.journal.decide(
                wanted.key,
                Decision(isApproved: isApproved, by: approver.name, reason: reason, isOfRunLeft: true), of: row.id,
                at: .now)
            return true
        }
        guard let isLeft else { return try await tell(wanted, decision) }
        guard isLeft else { return try decided(step, desk.past(of: row), isApproved) }
        write(["Noted: \(wanted.step.title) is \(decision.words)."])
        write(Advice("To resume the run:", "baton resume \(row.id)").lines)
        return 0
    }

    /// What the run did, as soon as the step is in its journal: people may have been told a moment before.
    private func past(waitingFor step: String?) async throws -> RunPast {
        var past = try desk.past(of: row)
        for _ in 0..<20 where desk.opening.isLive(row) {
            if try open(step, past) != nil || decision(step, past) != nil { break }
            try await Task.sleep(for: .milliseconds(100))
            past = try desk.past(of: row)
        }
        return past
    }

    private func decision(_ step: String?, _ past: RunPast) -> PastDecision? {
        past.decisions.last { step == nil || [$0.title, $0.key, $0.number].contains(step) }
    }

    private typealias PastDecision = (key: String, number: String, title: String, decision: Decision)
    private typealias Open = (step: StepDescription, key: String, approval: Approval)

    /// - Returns: `nil` if the step that is meant, or every step, does not wait any more.
    private func open(_ step: String?, _ past: RunPast) throws(Refusal) -> Open? {
        let all = past.approvals
        let found = all.filter { open in
            step.map { [open.step.title, open.step.key, String(open.step.number)].contains($0) } ?? true
        }
        if found.count > 1 {
            throw Refusal("Run \(row.id) waits for more than one decision.", advice("One of:", found))
        }
        return found.first
    }

    private func advice(_ introduction: String, _ open: [Open]) -> Advice {
        var advice = Advice(introduction)
        advice.commands = open.map { "baton approve \(row.id) \($0.step.number)   # \($0.step.title)" }
        return advice
    }

    /// Nothing waits: the same decision again is none, the contrary is refused.
    private func decided(_ step: String?, _ past: RunPast, _ isApproved: Bool) throws -> Int32 {
        guard let last = decision(step, past) else {
            let open = past.approvals
            throw Refusal(
                "Run \(row.id) waits for no decision\(step.map { " about \($0)" } ?? ""): \(desk.standing(of: row)).",
                open.isEmpty ? nil : advice("What it waits for:", open))
        }
        return try settled(last.title, last.decision, isApproved)
    }

    private func settled(_ title: String, _ decision: Decision, _ isApproved: Bool) throws -> Int32 {
        guard decision.isApproved == isApproved else { throw contrary(title, decision) }
        write(["\(title) was \(decision.words) already."])
        return 0
    }

    private func contrary(_ title: String, _ decision: Decision) -> Refusal {
        Refusal(lines: ["\(title) was \(decision.words), which cannot be changed.".visible], code: 1)
    }

    /// What somebody has decided and the process of the run has not taken up yet.
    private func pending(_ key: String) throws -> Decision? {
        try desk.journal.requests(of: row.id).lazy.filter { $0.verb == "decide" }
            .compactMap { RunRequest.decision($0.argument) }.first { $0.key == key }?.1
    }

    private func allow(_ approver: Approver, _ name: String) throws {
        guard let group = try desk.configuration(for: row).approvers[name] else {
            throw Refusal("Who may decide is not configured: approvers.\(name).")
        }
        guard group.includes(approver) else {
            throw Refusal(
                lines: ["\(approver.name) may not decide it: \(name) are \(group.words) (approvers.\(name))."], code: 1)
        }
    }

    private func tell(_ wanted: Open, _ decision: Decision) async throws -> Int32 {
        try desk.journal.send(
            "decide", RunRequest.argument(wanted.step.key, decision), to: row.id, by: decision.by, at: .now)
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, try desk.journal.requests(of: row.id).contains(where: { $0.verb == "decide" })
        {
            try await Task.sleep(for: .milliseconds(50))
        }
        guard let last = try desk.past(of: row).decisions.last(where: { $0.key == wanted.step.key }) else {
            write(["Run \(row.id) has been told."])
            return 0
        }
        guard last.decision.isApproved == decision.isApproved else { throw contrary(last.title, last.decision) }
        write(["\(last.title) is \(last.decision.words)."])
        return 0
    }

    private func write(_ lines: [String]) { Output.standard.write(lines.map { $0.visible + "\n" }.joined()) }
}
