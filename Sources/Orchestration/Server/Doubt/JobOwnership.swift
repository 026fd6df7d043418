import DataStudio

/// Whose a job is, by what the server says of it: a start's own, somebody else's, or neither is known.
struct JobOwnership: Sendable {
    /// What the server says.
    enum Finding: Hashable, Sendable {
        case ours(evidence: String)
        case unknown
        case somebodyElses
    }

    /// What was started.
    let start: WorkflowStart
    /// The user of the key, as jobs show it, or as the server names the key's user.
    let user: String?
    /// True if a job has shown that spelling.
    let isUserProven: Bool
    /// True if the server is known to repeat just these parameters exactly.
    let repeatsParameters: Bool
    /// True if nobody else starts workflows there.
    let isExclusive: Bool

    init(_ start: WorkflowStart, _ evidence: StartEvidence, _ profile: ServerProfile, isExclusive: Bool) {
        self.start = start
        let learned = evidence.isUserProven ? nil : evidence.key.flatMap { profile.users[$0] }
        user = learned ?? evidence.user
        isUserProven = evidence.isUserProven || learned != nil
        repeatsParameters = profile.repeats(start)
        self.isExclusive = isExclusive
    }

    /// What the server says of a job with that echo.
    func finding(_ echo: JobEcho) -> Finding {
        var evidence: [String] = []
        var isUnknown = false
        if let shown = echo.user {
            if shown == user {
                evidence.append("user \(shown)")
            } else if isUserProven {
                return .somebodyElses
            } else {
                isUnknown = true
            }
        }
        if let space = start.space, let shown = echo.space, space != shown { isUnknown = true }
        if let shown = echo.parameters {
            switch compare(shown) {
            case .same: if !start.parameters.isEmpty { evidence.append("the same parameters") }
            case .other where repeatsParameters: return .somebodyElses
            case .other, .unknown: isUnknown = true
            }
        }
        if isUnknown { return .unknown }
        if !evidence.isEmpty { return .ours(evidence: evidence.joined(separator: ", ")) }
        return isExclusive ? .ours(evidence: "nobody else starts workflows there") : .unknown
    }

    private enum Parameters { case same, other, unknown }

    /// The server may add what the workflow has by default, and write a value otherwise than it was sent.
    private func compare(_ shown: [WorkflowParameter]) -> Parameters {
        var result = Parameters.same
        for parameter in start.parameters {
            guard let other = shown.first(where: { $0.name == parameter.name }) else { return .other }
            if other.value == parameter.value { continue }
            // What a secret stands in differs from run to run, and what repeats one is masked where nobody meant it.
            if Mask.isIn(parameter.value) || Mask.isIn(other.value) { result = .unknown } else { return .other }
        }
        return result
    }
}
