import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Orchestration
import Rehearsal
import SimulatedStudio

/// One run of `baton plan`, from the script to the exit code.
struct Planning {
    let command: PlanCommand

    func run() async throws -> Int32 {
        let setup = try RehearsalSetup(command.script)
        let file = try ScenarioFile.read(command.scenario)
        let zone = try RunZone.own()
        var plan = try setup.plan(
            file, parameters: try command.parameterValues, arguments: command.arguments, zone: zone)
        plan.began =
            command.at.flatMap { Timestamp(localTime: $0) } ?? Timestamp(milliseconds: Timestamp.now.seconds * 1000)
        plan.history = Self.history(setup.configuration)
        plan.earlierJobs = try command.states
        plan.files = try command.files.mapValues { FileStatus(size: $0, modified: plan.began) }
        if command.online || command.server != nil { try await learn(&plan, setup) }
        let assumed = Duration(text: command.assume) ?? .seconds(60)
        if command.scenario == nil {
            plan.durations = plan.history.compactMapValues { PastStep.usual(of: $0) }
            if plan.scenario.others != nil { plan.scenario.others?.duration = assumed }
            for index in plan.scenario.workflows.indices { plan.scenario.workflows[index].workflow.duration = assumed }
        }
        plan.endsWithPart = true
        fail(&plan)
        let rehearsed = try RehearsedRun.of(plan)
        let report = PlanReport(
            rehearsed, plan: plan, path: setup.file.path, assumed: command.scenario == nil ? assumed : nil,
            fails: command.fail)
        if let path = command.html { try report.write(to: path) }
        if command.json {
            Output.standard.write(try report.json().jsonText + "\n")
        } else {
            let terminal = Terminal.of(1)
            Output.standard.write(try report.lines(terminal).map { $0 + "\n" }.joined())
        }
        return rehearsed.end.map { $0.exitCode == 0 } == true ? 0 : 1
    }

    private func fail(_ plan: inout RehearsalPlan) {
        for label in command.fail {
            if let index = plan.scenario.workflows.firstIndex(where: { $0.label == label }) {
                plan.scenario.workflows[index].workflow.outcome = .failed
            } else if var workflow = plan.scenario.others {
                workflow.outcome = .failed
                plan.scenario.workflows.append(Scenario.Entry(label: label, workflow: workflow))
            }
        }
    }

    /// What the journal knows, if there is one: nothing is written there.
    private static func history(_ configuration: BatonConfiguration?) -> [String: [PastStep]] {
        let folder = JournalFolder(
            configuration?.journal ?? BatonConfiguration.usualJournal(ProcessInfo.processInfo.environment))
        guard JournalOwner.other(of: folder) == nil, let journal = try? Journal.look(at: folder) else { return [:] }
        return (try? journal.allDurations()) ?? [:]
    }

    // MARK: The server

    /// What the server has: its workflows, and how their last jobs stand. It is asked, and not changed.
    private func learn(_ plan: inout RehearsalPlan, _ setup: RehearsalSetup) async throws {
        let configuration = try ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment, directory: setup.file.directory
        ).load(server: command.server)
        let (labels, jobs) = try await StudioClient.asking(configuration) { client in
            (
                try await OnlinePreflight.labels(client),
                try await JobsCommand.list(client, since: .seconds(2 * 86_400), limit: 5000).jobs
            )
        }
        if let labels, command.scenario == nil {
            plan.scenario.others = nil
            plan.scenario.workflows = labels.sorted().map { Scenario.Entry(label: $0, workflow: SimulatedWorkflow()) }
        }
        let given = try command.states
        for job in jobs {
            guard let label = job.label else { continue }
            // Newest first: the first of a workflow is its most recent.
            if given[label] == nil, plan.earlierJobs[label] == nil { plan.earlierJobs[label] = job.state }
            guard job.state == .completed, let from = job.started ?? job.created, let to = job.finished else {
                continue
            }
            // Behind what the journal has.
            let known = plan.history[label] ?? []
            if !known.contains(where: { $0.started == from }) {
                plan.history[label] =
                    known + [PastStep(started: from, duration: max(.zero, to - from), state: .completed)]
            }
        }
    }
}
