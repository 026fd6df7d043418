import DataStudio

/// The option `if_running`: what a step does when its workflow runs already.
extension RunMachine {
    func askIfRunning(_ id: NodeID) {
        guard let step = steps[id] else { return }
        steps[id]?.stage = .asking
        ask(.ifRunning(id), server: step.server, .runningJob(label: step.label))
    }

    func ifRunningAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .asking = step.stage else { return }
        switch answer {
        case .job(.some(let job)): alreadyRuns(id, step, job)
        case .failed(let failure): fail(id, failure.kind, "\(step.title): if_running: \(failure.message)")
        default: sendStart(id)
        }
    }

    private func alreadyRuns(_ id: NodeID, _ step: Step, _ job: Job) {
        switch step.options.ifRunning ?? .start {
        case .start: sendStart(id)
        case .wait:
            steps[id]?.stage = .waiting(for: job.id)
            report(id, .waiting("waits for job \(job.id) of the same workflow to end"))
            watched.insert(id)
            act(.watch(id, server: step.server, job.id))
        case .join:
            report(id, .waiting("joins job \(job.id), which runs already"))
            record(nodes[id]?.key ?? "", .accepted(job.id))
            accepted(id, job.id, isJoined: true)
        case .fail:
            fail(id, .rejected, "\(step.title): the workflow already runs on the server as job \(job.id)")
        }
    }

    /// The job that was in the way has ended, or is not known any more: there may be another by now.
    ///
    /// - Parameter job: as it ended; `nil` if the server has lost it.
    func otherJobEnded(_ id: NodeID, _ job: Job?) {
        record(nodes[id]?.key ?? "", .answered(.job(job)))
        unwatch(id)
        askIfRunning(id)
    }
}
