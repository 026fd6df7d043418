import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration
import Rehearsal

/// Goes on with a run differently than it would by itself: says first what it will do.
struct RunRetry {
    let desk: RunDesk
    let row: RunRow
    let output: OutputOptions
    /// Steps that are done again, with all that followed them.
    var from: [String] = []
    /// Steps that are done.
    var done: [String] = []
    /// Steps with jobs that somebody else started.
    var adopted: [(step: String, job: JobID)] = []
    /// Parameters that get other values.
    var parameters: [String: String] = [:]
    /// True to say only what would happen.
    var isDry = false
    let script: CurrentScript

    /// - Returns: the exit code.
    func run() async throws -> Int32 {
        let log = try desk.journal.log(of: row.id)
        guard case .began(let beginning)? = log.first?.body else { throw Refusal("Run \(row.id) has no log.") }
        let revision = try revision(of: beginning)
        let configuration = try RunConfiguration(inItsZone: beginning)
        let revised = try revision.map { try RunConfiguration(inItsZone: $0) }
        var plan = try RunMachine.planRetry(
            of: log, configuration, by: RunDesk.person, from: from, done: done, adopted: adopted, revision: revised)
        // What is only to be shown is shown without asking the server.
        for (step, job) in isDry ? [] : plan.adopted {
            plan.retrial.adopted[step.key] = try await AdoptionCheck(desk: desk, row: row).job(job, for: step)
        }
        plan.retrial.parameters = parameters
        if let newer = try newerRun() { plan.consents.append("a later run of \(row.script) has begun, \(newer.id)") }
        if script.yes { plan.consents = [] }
        if isDry { return try tell(plan, log, revised ?? configuration) }
        let continuation = RunContinuation(desk, output)
        let words = words(plan) + (script.isWanted ? [] : changeWords(since: beginning))
        guard plan.consents.isEmpty else {
            for line in words { continuation.note(line) }
            let reasons = plan.consents.joined(separator: "; ")
            throw Refusal("\(reasons.prefix(1).uppercased())\(reasons.dropFirst()). To go on all the same, say --yes.")
        }
        return try await continuation.retry(row, plan.retrial, words: words, after: log, revision: revision)
    }

    /// The newest run of the lock name, if that has begun since and steps are done again that had succeeded.
    private func newerRun() throws -> RunRow? {
        guard !from.isEmpty, let newest = try desk.journal.runs(line: row.line, limit: 1).first else { return nil }
        return newest.id != row.id && newest.began >= row.began ? newest : nil
    }

    /// Says what would happen.
    private func tell(_ plan: RetryPlan, _ log: [Record], _ configuration: RunConfiguration) throws -> Int32 {
        let began = Timestamp.now
        let forecast = try RetryForecaster.forecast(plan.retrial, of: log, configuration, at: began) { title in
            PastStep.usual(of: (try? desk.journal.durations(title: title, limit: 20)) ?? [])
        }
        let report = RetryReport(run: row.id, plan: plan, forecast: forecast, began: began)
        if output.json {
            Output.standard.write(report.json.jsonText + "\n")
        } else {
            Output.standard.write(report.lines(Terminal.of(1)).map { $0 + "\n" }.joined())
        }
        return 0
    }

    /// That the script on the disk is not the one that is retried.
    private func changeWords(since beginning: RunBeginning) -> [String] {
        guard row.path.hasPrefix("/"), let file = try? ScriptFile(row.path), file.text != beginning.text else {
            return []
        }
        return [
            "\(file.name) has changed since the run began. This retry uses the former text.",
            "To use the new one:  baton retry \(row.id) --with-current-script",
        ]
    }

    /// The beginning that replaces the former one; `nil` if nothing changes.
    private func revision(of beginning: RunBeginning) throws -> RunBeginning? {
        guard script.isWanted || !parameters.isEmpty else { return nil }
        var revision = beginning
        revision.parameters.merge(parameters) { $1 }
        if script.isWanted { try takeCurrentScript(&revision) }
        guard !parameters.isEmpty else { return revision }
        let source = ScriptSource(revision.text, name: revision.script, modules: revision.modules)
        let findings = source.parameterFindings(revision.parameters).filter(\.isCertain)
        guard findings.isEmpty else { throw Refusal(lines: findings.map(\.description)) }
        return revision
    }

    /// Takes the script and its modules as they are now.
    private func takeCurrentScript(_ revision: inout RunBeginning) throws {
        guard row.script != ScriptFile.pipedName || FileManager.default.fileExists(atPath: row.path) else {
            throw Refusal(
                "The script of run \(row.id) came through a pipe, so there is no file of it now.",
                Advice("To use the text it began with:", "baton retry \(row.id)"))
        }
        let file = try ScriptFile(row.path)
        let configuration = try desk.configuration(for: row)
        revision.text = file.text
        try ScriptFile.check(
            &revision, configuration.names,
            folders: [file.directory] + [configuration.modules].compactMap { $0 }, isNew: false)
        try revision.keepCalendars(of: configuration)
        let wanted = Set(([file.text] + revision.modules.values).flatMap { ScriptSource.modules(in: $0).names })
        // Without one, the script would fail at once, and all that was done would count no more.
        for name in wanted.subtracting(revision.modules.keys).sorted() where !ScriptSource.libraries.contains(name) {
            throw Refusal("\(file.name) requires the module \(name), which is not beside it.")
        }
    }

    private func words(_ plan: RetryPlan) -> [String] {
        func line(_ step: StepDescription, _ words: String) -> String {
            "\(step.place): \(words)"
        }
        let named = Set((plan.steps + plan.further).map(\.key))
        return plan.again.map { step in
            line(
                step,
                step.kind == .approval
                    ? "is asked for again"
                    : "starts again" + (plan.mayRun[step.key].map { " when its job \($0) has ended" } ?? ""))
        }
            + plan.asked.map { "\($0): is asked again" } + plan.timed.map { "\($0): has its time again" }
            + plan.further.map { line($0, "starts") }
            + plan.waits.map { line($0, "is waited for") }
            + plan.done.map { line($0, "counts as done") }
            + plan.adopted.map { line($0.step, "takes the job it is given") }
            + plan.dropped.filter { $0.isRunning || !named.contains($0.step.key) }.map { step, isRunning in
                line(step, "counts no more; its job \(step.jobID?.text ?? "") \(isRunning ? "runs on" : "has ended")")
            } + plan.repeated.map { "\($0): may be sent again" }
    }
}
