import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import JSON
import Orchestration
import Rehearsal

/// What `baton plan` says of a script.
struct PlanReport {
    private let rehearsed: RehearsedRun
    private let plan: RehearsalPlan
    private let path: String
    /// How long a job takes of which nothing is known; `nil` where a scenario says it.
    private let assumed: Duration?
    /// The labels that were to fail.
    private let fails: [String]
    private let tree: RunTree
    private let criticalPath: CriticalPath

    init(_ rehearsed: RehearsedRun, plan: RehearsalPlan, path: String, assumed: Duration?, fails: [String]) {
        self.fails = fails
        self.rehearsed = rehearsed
        self.plan = plan
        self.path = path
        self.assumed = assumed
        tree = rehearsed.tree.withoutJobs
        criticalPath = CriticalPath(tree)
    }

    /// Steps without a past, by their names.
    private var unknown: [String] {
        guard assumed != nil else { return [] }
        let titles = tree.rows.values.filter { $0.step.kind == .start }.sorted { $0.step.id < $1.step.id }.map(
            \.step.title)
        var seen: Set<String> = []
        return titles.filter { plan.durations[$0] == nil && seen.insert($0).inserted }
    }

    /// For people.
    func lines(_ terminal: Terminal) throws -> [String] {
        var lines = tree.lines(at: rehearsed.ended, terminal: terminal)
        lines += said(terminal)
        lines.append("")
        var facts: [(String, String)] = []
        if let endless = rehearsed.endless {
            let places =
                endless.places.isEmpty ? "" : ": it waits at \(endless.places.prefix(3).joined(separator: ", "))"
            facts.append(("Does not end", "stopped after \(endless.after.short)\(places)"))
        } else {
            if !criticalPath.steps.isEmpty {
                facts.append(("Critical path", criticalPath.text(terminal.isUnicode ? "→" : "->")))
            }
            facts.append(("Takes", rehearsed.duration.short))
            facts.append(("Begins", rehearsed.began.localDate))
            facts.append(("Ends", rehearsed.ended.localDate))
        }
        if let assumed, !unknown.isEmpty {
            facts.append(
                (
                    "Assumed",
                    "\(assumed.short), as nothing is known of it: \(unknown.prefix(20).joined(separator: ", "))"
                        + (unknown.count > 20 ? " and \(unknown.count - 20) more" : "")
                ))
        }
        let unused = fails.filter { label in !tree.rows.values.contains { $0.step.label == label } }
        if !unused.isEmpty {
            facts.append(("Not reached", "--fail \(unused.joined(separator: ", ")): no such step was begun"))
        }
        if let end = rehearsed.end, end.exitCode != 0 || end.status == .skipped {
            facts.append(
                ("Outcome", "\(end.status.rawValue), exit code \(end.exitCode)\(end.text.map { ": \($0)" } ?? "")"))
        }
        let width = facts.map(\.0.count).max() ?? 0
        for (name, text) in facts {
            lines += "\(name.padded(to: width))  \(text)".wrapped(to: terminal.columns, hanging: width + 2)
        }
        if let error = rehearsed.end?.error {
            lines += [""] + EndReport.failure(error).flatMap { $0.wrapped(to: terminal.columns, hanging: 2) }
        }
        return lines
    }

    /// What the script says on its way.
    private func said(_ terminal: Terminal) -> [String] {
        let texts = rehearsed.events.compactMap { event -> String? in
            switch event.event {
            case .print(let text): text
            case .log(let level, let text) where level != .debug: "\(level.rawValue): \(text)"
            case .warning(let text): "warning: \(text)"
            default: nil
            }
        }
        guard !texts.isEmpty else { return [] }
        let rest = texts.count > 20 ? ["  and \(texts.count - 20) more lines"] : []
        return ["", "Said:"]
            + texts.prefix(20).flatMap { ("  " + $0.visible).wrapped(to: terminal.columns, hanging: 4) }
            + rest
    }

    /// For programs.
    func json() throws -> JSON {
        let past = try rehearsed.past(of: plan, path: path)
        let report = RunReport(past: past, state: rehearsed.end?.status.rawValue ?? "endless", open: [], deciders: [])
        return .record([
            "script": .string(plan.run.beginning.script), "began": .string(rehearsed.began.iso8601),
            "ends": rehearsed.endless == nil ? .string(rehearsed.ended.iso8601) : nil,
            "duration": rehearsed.endless == nil ? .number(rehearsed.duration.seconds) : nil,
            "state": .string(report.state), "exit_code": rehearsed.end.map { .integer(Int64($0.exitCode)) },
            "error": rehearsed.end?.error.map { .string($0.text) },
            "waits_at": rehearsed.endless.map { .array($0.places.map { .string($0) }) },
            "critical_path": .array(
                criticalPath.steps.map { row in
                    .record([
                        "step": .integer(Int64(row.step.number)), "name": .string(row.step.title),
                        "duration": .number((row.duration ?? .zero).seconds),
                    ])
                }),
            "assumed": .array(unknown.map { .string($0) }), "steps": report.json["steps"],
        ])
    }

    /// The page of `baton show --html`, of a run that has not been.
    func write(to path: String) throws {
        let past = try rehearsed.past(of: plan, path: self.path)
        let report = RunReport(past: past, state: "planned", open: [], deciders: [])
        let page = try HTMLReport(
            report: report, beginning: plan.run.beginning, usual: { plan.durations[$0] }
        ).page(at: .now, host: ProcessInfo.processInfo.hostName, version: BatonCommand.configuration.version)
        do {
            try OutputFile.write(page, to: path)
        } catch {
            throw Refusal("\(path) cannot be written.")
        }
    }
}
