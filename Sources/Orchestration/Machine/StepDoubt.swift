package import DataStudio

/// A step of which a person has to say what became of it.
package struct StepDoubt: Hashable, Sendable {
    /// The step.
    package let step: StepDescription
    /// The attempt in doubt.
    package let attempt: Int
    /// The jobs it may have.
    package let candidates: [JobID]
}

extension RunMachine {
    /// The steps in doubt, in the order they began.
    package var doubts: [StepDoubt] {
        steps.sorted { $0.key < $1.key }.compactMap { id, step in
            guard case .doubtful = step.stage else { return nil }
            return StepDoubt(
                step: description(of: id), attempt: step.attempt.number,
                candidates: step.candidates + [step.jobID].compactMap { $0 })
        }
    }
}
