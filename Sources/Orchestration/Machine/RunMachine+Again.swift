import DataStudio
import LuaVM

/// Starting again what certainly does not run, and waiting again for what does.
extension RunMachine {
    /// How long a step that FAILED waits before it is started again, unless it says otherwise.
    private static let retryDelay = Duration.seconds(30)

    /// The step's job FAILED, and it has retries left.
    func pause(_ id: NodeID, _ job: Job) {
        guard let step = steps[id] else { return }
        step.retries += 1
        step.closeAttempt()
        skipUsedAttempts(id)
        step.stage = .pausing
        let delay = step.options.retryDelay ?? Self.retryDelay
        let message = "the job FAILED" + (job.message.map { ": \($0)" } ?? "")
        report(id, .retrying(message, after: delay, step.retries))
        setStepTimer(id, .stepRetry(id), after: delay)
    }

    func startAgain(_ id: NodeID) {
        guard let step = steps[id], case .pausing = step.stage else { return }
        step.timers = []
        beginAttempt(id)
    }

    /// `host.wait_again(label, job_id)`: a step that was given up while its job went on is waited for once more, as a step
    /// of its own.
    func waitAgain(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let (label, job) = (request.argument(0).text, request.argument(1).text)
        guard
            let left = leftRunning.last(where: { steps[$0]?.label == label && steps[$0]?.jobID?.text == job }),
            let step = steps[left], let job = step.job
        else { throw ArgumentError("its job is not known any more") }
        let key = nextKey("wait_again", in: caller)
        let id = addStep(
            step.label, step.options, server: step.server, key: key, owner: caller, location: request.location)
        report(id, .starting)
        leftRunning.removeAll { $0 == left }
        accepted(id, job)
        begin(
            Group(
                .attempt(request.token), .single, owner: caller, key: key, location: request.location,
                title: "execute \"\(step.label)\"", items: [.node(id)]))
    }
}
