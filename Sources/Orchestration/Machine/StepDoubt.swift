package import DataStudio

/// A step that cannot go on without a person.
package struct StepDoubt: Hashable, Sendable {
    /// The step.
    package let step: StepDescription
    /// The attempt in doubt; of a step that another run holds, the one that was not made.
    package let attempt: Int
    /// The jobs it may have.
    package let candidates: [JobID]
    /// The run whose doubt has to be decided first; `nil`: it is this step of which a person has to say what became of it.
    package var heldBy: String?

    /// The jobs it may have, in words that end a sentence.
    package var jobs: String {
        candidates.isEmpty ? "" : "; it may be job \(candidates.words(joinedBy: " or "))"
    }
}

extension RunMachine {
    /// The steps of which a person has to say what became of them, in the order they began.
    package var doubts: [StepDoubt] {
        steps.compactMap { id, step in
            if case .doubtful = step.stage { doubt(id, step) } else { nil }
        }
    }

    func doubt(_ id: NodeID, _ step: Step) -> StepDoubt {
        var doubt = StepDoubt(
            step: description(of: id), attempt: step.attempt.number,
            candidates: step.candidates + [step.jobID].compactMap { $0 })
        if case .held(let run) = step.stage { doubt.heldBy = run }
        return doubt
    }
}
