import DataStudio
import Orchestration
import SimulatedStudio

/// The course of a scenario: lives, deaths, people who decide, and the end.
extension World {
    /// Runs it to its end.
    func night() {
        begin("r1", line: 0)
        if plan.scripts.count > 1 { begin("other", line: 1) }
        run()
        var lives = 0
        var names = 1
        while let (id, line) = next(lives), violations.isEmpty {
            lives += 1
            if lives >= plan.ends.count + 2 { calm() }
            guard lives < plan.ends.count + 14 else {
                violations.append("11: run \(id) does not end, however often it is gone on with")
                break
            }
            setClock()
            decide(id)
            if plan.givesUp, lives == 1, id == "r1", journal.runs[id]?.fate == .open {
                journal.abandon(id)
                names += 1
                note("run \(id) is given up")
                begin("r\(names)", line: line)
            } else {
                if lives < 8 { revise(id) }
                begin(id, line: line)
            }
            run()
            if journal.runs[id]?.fate == .ended, lives < 8 { revise(id) }
            if lives < 4 { retry(id) }
        }
        violations += journal.violations
        guard violations.isEmpty else { return }
        for id in journal.runs.keys.sorted() { judgeReplay(of: id) }
        judgeJobs()
        if !plan.strangers.isEmpty, seen.contains("doubtful") { seen.insert("foreign starter") }
        if plan.scenario.largestPage == 2, seen.contains("doubtful") { seen.insert("page cap") }
    }

    /// The runs that are open take turns.
    private func next(_ turn: Int) -> (String, Int)? {
        let open = journal.runs.filter { $0.value.fate == .open }.sorted { $0.key < $1.key }
        guard !open.isEmpty else { return nil }
        let (id, run) = open[turn % open.count]
        return (id, run.line)
    }

    /// A person looks at the server, and says what became of steps in doubt.
    private func decide(_ id: String) {
        guard let log = journal.runs[id]?.log, case .began(let beginning)? = log.first?.body,
            journal.runs[id]?.status == .ambiguous,
            let machine = try? RunMachine(RunConfiguration(beginning), at: log[0].at), (try? machine.replay(log)) != nil
        else { return }
        for doubt in machine.doubts {
            let attempt = Truth.Attempt(run: id, key: doubt.step.key, number: doubt.attempt)
            let jobs = studio.jobs(at: now).filter { job in
                truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] == attempt
            }
            // As the server tells it.
            let seen = jobs.last.map { SeenJob($0.id, created: $0.created.map { $0 + plan.scenario.clock }) }
            var resolution: Resolution = seen.map { .adopt($0) } ?? .restart
            if plan.personIsCapricious, jobs.isEmpty || jobs.allSatisfy(\.state.isFinal) {
                resolution = [.done, .fail, resolution][Int.random(in: 0..<3, using: &random)]
            }
            note("a person resolves \(doubt.step.key) of run \(id): \(resolution)")
            journal.append(
                .resolved(resolution, by: "a person"), key: doubt.step.key, attempt: doubt.attempt, to: id,
                at: log[log.count - 1].at)
        }
    }

    /// Somebody retries a run that failed.
    private func retry(_ id: String) {
        guard let run = journal.runs[id], run.fate == .ended, [.failed, .check, .timeout].contains(run.status),
            case .began(let beginning)? = run.log.first?.body, Int.random(in: 0..<3, using: &random) == 0
        else { return }
        do {
            let plan = try RunMachine.planRetry(of: run.log, RunConfiguration(beginning), by: "a person")
            note("run \(id) is retried: \(plan.again.map(\.key)) again, \(plan.waits.map(\.key)) waited for")
            seen.insert("retry")
            journal.append(.retried(plan.retrial), key: "", attempt: 1, to: id, at: run.log[0].at)
        } catch is RetryError {
        } catch {
            violations.append("6: run \(id) cannot be retried: \(error)")
        }
    }
}
