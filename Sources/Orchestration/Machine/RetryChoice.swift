import DataStudio

/// What a person says of the steps that a retry is about.
struct RetryChoice {
    /// Steps that count as completed.
    private(set) var done: Set<NodeID> = []
    /// Jobs that somebody else started for steps.
    private(set) var adopted: [NodeID: JobID] = [:]

    /// - Parameter steps: those that start again unless a person says otherwise.
    init(
        among steps: [NodeID], of machine: RunMachine, done: [String], adopted: [(step: String, job: JobID)]
    ) throws(RetryError) {
        func find(_ name: String) throws(RetryError) -> NodeID {
            let found = steps.filter { machine.isStep($0, named: name) }
            guard found.count < 2 else {
                throw RetryError(severalSteps: name, found.compactMap { machine.steps[$0]?.number })
            }
            guard let id = found.first else {
                let names = steps.map { "\"\(machine.steps[$0]?.title ?? "")\"" }.joined(separator: ", ")
                throw RetryError("\"\(name)\" is none of the steps that start again: \(names)")
            }
            return id
        }
        for name in done { self.done.insert(try find(name)) }
        for (name, job) in adopted {
            let id = try find(name)
            guard !self.done.contains(id) else {
                throw RetryError("\"\(name)\" cannot be done and have a job as well")
            }
            guard self.adopted.updateValue(job, forKey: id) == nil else {
                throw RetryError("\"\(name)\" is given more than one job")
            }
        }
        guard Set(self.adopted.values).count == self.adopted.count else {
            throw RetryError("one job is given to more than one step")
        }
    }
}
