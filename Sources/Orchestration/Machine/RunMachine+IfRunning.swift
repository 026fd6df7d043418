import DataStudio

/// The option `if_running`: what a step does when its workflow runs already.
extension RunMachine {
    func askIfRunning(_ id: NodeID) {
        guard let step = steps[id], let node = nodes[id] else { return }
        step.stage = .asking
        step.askedIfRunning += 1
        let key = "\(node.key)/if_running#\(step.askedIfRunning)"
        ask(.ifRunning(id), key: key, server: step.server, .runningJob(label: step.label))
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
            let other = WatchedJob(JobIdentity(job), isTrusted: true)
            steps[id]?.stage = .waiting(for: other)
            report(id, .waiting("waits for job \(job.id) of the same workflow to end"))
            waits[waitKey(id)] = id
            watched.insert(id)
            act(.watch(id, server: step.server, other))
        case .join:
            report(id, .waiting("joins job \(job.id), which runs already"))
            accepted(id, WatchedJob(JobIdentity(job), isTrusted: true), isJoined: true)
        case .fail:
            fail(id, .rejected, "\(step.title): the workflow already runs on the server as job \(job.id)")
        }
    }

    /// What the log calls the end of the job that is in the way.
    func waitKey(_ id: NodeID) -> String {
        "\(nodes[id]?.key ?? "")/waited#\(steps[id]?.askedIfRunning ?? 0)"
    }

    /// The job that was in the way has ended, or is not known any more: there may be another by now.
    func otherJobEnded(_ id: NodeID) {
        unwatch(id)
        askIfRunning(id)
    }
}
