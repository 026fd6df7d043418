import DataStudio
import Orchestration
import SimulatedStudio

/// People who mend a script, and go on with its run.
extension World {
    /// Somebody mends the script of a run that failed or was interrupted, and goes on with what that keeps.
    func revise(_ id: String) {
        guard id == "r1", revised < plan.revisions.count, let run = journal.runs[id], run.fate != .abandoned,
            case .began(let beginning)? = run.part.first?.body, Bool.random(using: &random)
        else { return }
        var revision = beginning
        revision.text = plan.revisions[revised]
        revised += 1
        do {
            let plan = try RunMachine.planRetry(
                of: run.part, RunConfiguration(beginning), by: "a person", revision: RunConfiguration(revision))
            note("the script of run \(id) is mended: \(plan.retrial.void) are void, \(plan.again.map(\.key)) again")
            note(revision.text)
            seen.insert("revision")
            if !plan.dropped.isEmpty { seen.insert("dropped") }
            let before = journal.attempts.filter { $0.run == id }
            try journal.retry(id, plan.retrial, revision: revision, at: run.log[0].at)
            for row in journal.attempts where row.run == id && row.state == .left {
                left.insert(Truth.Attempt(run: id, key: row.key, number: row.attempt, epoch: journal.restored))
            }
            try judge(plan, of: id, RunConfiguration(revision), before: before)
        } catch is RetryError {
        } catch {
            violations.append("6: run \(id) cannot go on with a mended script: \(error)")
        }
    }

    /// Nothing that runs or may run is forgotten: the new script has it, or the plan has named it.
    private func judge(
        _ plan: RetryPlan, of id: String, _ configuration: RunConfiguration, before: [AttemptRow]
    ) throws {
        guard let log = journal.runs[id]?.part else { return }
        let machine = try RunMachine(configuration, at: log[0].at)
        // What starts again waits for the end of the job it had.
        var named = Set(plan.dropped.compactMap(\.step.jobID)).union(plan.mayRun.values)
        func hear(_ event: RunEvent) {
            guard case .step(let event) = event, case .warning(let text) = event.change, let job = event.step.jobID
            else { return }
            if text.hasSuffix("is left running") { named.insert(job) }
        }
        let actions = try machine.resume(log, at: log[log.count - 1].at) { event, _ in hear(event) }
        for case .report(let event) in actions { hear(event) }
        let settled = actions.compactMap { action -> OpenAttempt? in
            if case .settle(_, _, let open) = action { open } else { nil }
        }
        let watched = actions.compactMap { action -> JobID? in
            if case .watch(_, _, let job) = action { job.identity.id } else { nil }
        }
        let doubtful = machine.doubts.map { "\($0.step.key)~\($0.attempt)" }
        for row in before {
            switch row.state {
            case .open where !settled.contains(row.open):
                violations.append("12: nobody asks any more what became of \(row.key)~\(row.attempt) of run \(id)")
            case .ambiguous where !doubtful.contains("\(row.key)~\(row.attempt)"):
                violations.append("12: the doubt of \(row.key)~\(row.attempt) of run \(id) is forgotten")
            case .accepted:
                guard let job = row.job, !watched.contains(job), !named.contains(job), isRunning(job, row) else {
                    break
                }
                violations.append("12: job \(job) of \(row.key) in run \(id) is left without a word")
            default: break
            }
        }
    }

    /// True if it is the attempt's job, and runs.
    func isRunning(_ id: JobID, _ row: AttemptRow) -> Bool {
        let attempt = Truth.Attempt(run: row.run, key: row.key, number: row.attempt, epoch: journal.restored)
        return studio.jobs(at: now).contains { job in
            job.id == id && !job.state.isFinal
                && truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] == attempt
        }
    }
}
