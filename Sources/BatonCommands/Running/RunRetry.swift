import BatonHost
import DataStudio
import Journal
import Orchestration

/// Goes on with a run differently than it would by itself: says first what it will do.
struct RunRetry {
    let desk: RunDesk
    let row: RunRow
    let output: OutputOptions
    /// Steps that are done.
    var done: [String] = []
    /// Steps with jobs that somebody else started.
    var adopted: [(step: String, job: JobID)] = []
    let script: CurrentScript

    /// - Returns: the exit code.
    func run() async throws -> Int32 {
        let log = try desk.journal.log(of: row.id)
        guard case .began(let beginning)? = log.first?.body else { throw Refusal("Run \(row.id) has no log.") }
        let revision = try script.isWanted ? revision(of: beginning) : nil
        var plan = try RunMachine.planRetry(
            of: log, RunConfiguration(inItsZone: beginning), by: RunDesk.person, done: done, adopted: adopted,
            revision: revision.map { try RunConfiguration(inItsZone: $0) })
        for (step, job) in plan.adopted {
            plan.retrial.adopted[step.key] = try await AdoptionCheck(desk: desk, row: row).job(job, for: step)
        }
        let continuation = RunContinuation(desk, output)
        for line in words(plan) { continuation.note(line) }
        if !script.isWanted { noteChange(since: beginning, continuation) }
        guard !plan.needsConsent || script.yes else {
            throw Refusal("The script does not ask for all that was done. To go on all the same, say --yes.")
        }
        return try await continuation.retry(row, plan.retrial, after: log, revision: revision)
    }

    /// Says that the script on the disk is not the one that is retried.
    private func noteChange(since beginning: RunBeginning, _ continuation: RunContinuation) {
        guard row.path.hasPrefix("/"), let file = try? ScriptFile(row.path), file.text != beginning.text else { return }
        continuation.note("\(file.name) has changed since the run began. This retry uses the former text.")
        continuation.note("To use the new one:  baton retry \(row.id) --with-current-script")
    }

    /// What the run began with, and the script as it is now.
    private func revision(of beginning: RunBeginning) throws -> RunBeginning {
        let file = try ScriptFile(row.path)
        let configuration = try desk.configuration(for: row)
        var revision = beginning
        revision.text = file.text
        try ScriptFile.check(
            &revision, secrets: configuration.secrets.keys.sorted(),
            folders: [file.directory] + [configuration.modules].compactMap { $0 }, isNew: false)
        let wanted = Set(([file.text] + revision.modules.values).flatMap { ScriptSource.modules(in: $0).names })
        // Without one, the script would fail at once, and all that was done would count no more.
        for name in wanted.subtracting(revision.modules.keys).sorted() where !ScriptSource.libraries.contains(name) {
            throw Refusal("\(file.name) requires the module \(name), which is not beside it.")
        }
        return revision
    }

    private func words(_ plan: RetryPlan) -> [String] {
        func line(_ step: StepDescription, _ words: String) -> String {
            "\(step.title)\(step.location.map { " (\($0))" } ?? ""): \(words)"
        }
        return plan.again.map { line($0, "starts again") } + plan.further.map { line($0, "starts") }
            + plan.waits.map { line($0, "is waited for") }
            + plan.done.map { line($0, "counts as done") }
            + plan.adopted.map { line($0.step, "takes the job it is given") }
            + plan.dropped.map { step, isRunning in
                line(step, "counts no more; its job \(step.jobID?.text ?? "") \(isRunning ? "runs on" : "has ended")")
            }
    }
}
