import DataStudio
import LuaVM

/// `approve`: a person decides whether the script goes on.
extension RunMachine {
    /// How long nobody may decide, unless the script says otherwise.
    private static let approvalTimeout = Duration.seconds(86_400)

    /// `approve(text [, { timeout =, default =, by = }])`
    func approve(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let text = request.argument(0).text, !text.isEmpty else {
            throw ArgumentError(
                "a text was expected, which says what is to be approved; got \(request.argument(0).article)")
        }
        guard text.utf8.count <= Self.longestName else {
            throw ArgumentError("the text has \(Self.longestName) bytes at most; this one has \(text.utf8.count)")
        }
        var options = StepOptions()
        options.timeout = Self.approvalTimeout
        var (approvers, usual): (String?, Bool?) = (nil, nil)
        for (name, value) in request.argument(1).isNil ? [] : try fields(request.argument(1)) {
            switch (name, value.text) {
            case ("timeout", _): options.timeout = try Duration(value, for: "the option \"timeout\"")
            case ("default", "approve"): usual = true
            case ("default", "reject"): usual = false
            case ("default", _): throw ArgumentError("default is \"approve\" or \"reject\"; got \(value.article)")
            case ("by", let name?) where !name.isEmpty: approvers = name
            case ("by", _): throw ArgumentError("by is a name of the configuration's approvers; got \(value.article)")
            default: throw ArgumentError.unknownOption(name, among: ["timeout", "default", "by"])
            }
        }
        let key = nextKey("approve", in: caller)
        let id = addStep(text, options, server: nil, key: key, owner: caller, location: request.location)
        steps[id]?.approval = Approval(text: text, approvers: approvers, usual: usual)
        report(id, .starting)
        beginAttempt(id)
        begin(
            Group(
                .resume(request.token), .single, owner: caller, key: key, location: request.location,
                title: "approve \"\(text)\"", items: [.node(id)]))
    }

    /// People are asked, and told that they are.
    func askApproval(_ id: NodeID, _ approval: Approval) {
        guard let step = steps[id] else { return }
        step.stage = .awaiting
        ask(.approval(id), key: decisionKey(id), server: nil, .approval(approval))
        if let timeout = step.options.timeout { setStepTimer(id, .stepTimeout(id), after: timeout) }
        let run = configuration.beginning.run
        let who = approval.approvers.map { "Those of approvers.\($0) may decide it" } ?? "It may be decided"
        var notice = Notice(title: "approval is needed: \(approval.text)", text: "", level: .warn)
        let until =
            step.options.timeout.map { " until \(configuration.zone.date(at: context.now + $0))" } ?? " at any time"
        notice.text = "\(who)\(until). To approve it, or to reject it:"
        let command = approval.command(of: run, description(of: id))
        notice.commands = [command, "\(command) --reject"]
        ask(.told, key: "\(nodes[id]?.key ?? "")/notice#\(step.attempt.number)", server: nil, .notify(notice))
    }

    private func decisionKey(_ id: NodeID) -> String {
        "\(nodes[id]?.key ?? "")/decision#\(steps[id]?.attempt.number ?? 1)"
    }

    /// A person has decided, or it cannot be decided.
    func approvalAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .awaiting = step.stage else { return }
        switch answer {
        case .decision(let decision): decided(id, decision)
        case .failed(let failure): fail(id, failure.kind, "approve: \(failure.message)")
        default: break
        }
    }

    private func decided(_ id: NodeID, _ decision: Decision) {
        guard let step = steps[id] else { return }
        guard decision.isApproved else { return fail(id, .rejected, "\(step.title): \(decision.words)") }
        report(id, .ended(.approved(decision)))
        end(
            id,
            .values([
                .table(
                    LuaTable(fields: [
                        "by": .string(decision.by), "at": .integer(context.now.seconds),
                        "reason": LuaValue(decision.reason),
                    ]))
            ]))
    }

    /// Nobody has decided in time.
    func approvalTimedOut(_ id: NodeID) {
        guard let step = steps[id], let approval = step.approval else { return }
        dropAwaited(id)
        guard let usual = approval.usual else {
            return fail(id, .timeout, "\(step.title): nobody has decided within \(step.options.timeout?.short ?? "?")")
        }
        decided(id, Decision(isApproved: usual, by: "default"))
    }

    /// Nobody wants the decision any more, or the lock.
    func dropAwaited(_ id: NodeID) {
        guard let step = steps[id], case .awaiting = step.stage else { return }
        if let lock = step.lock { dropLock(lockKey(id), lock) } else { _ = removeQuery(decisionKey(id)) }
    }

    /// Somebody decides, while the run goes on.
    func decide(_ key: String, _ decision: Decision) {
        guard let id = stepsByKey[key], case .awaiting? = steps[id]?.stage else { return }
        log(decisionKey(id), .answered(.decision(decision)))
    }

    /// What waits for a decision: the steps with the keys of the records that decide, and who may.
    package var approvals: [(step: StepDescription, key: String, approval: Approval)] {
        steps.compactMap { id, step in
            guard case .awaiting = step.stage, let approval = step.approval else { return nil }
            return (description(of: id), decisionKey(id), approval)
        }.sorted { $0.step.number < $1.step.number }
    }
}
