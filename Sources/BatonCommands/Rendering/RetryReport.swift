import DataStudio
import JSON
import Orchestration
import Rehearsal

/// What `baton retry --dry-run` says.
struct RetryReport {
    let run: String
    let plan: RetryPlan
    let forecast: RetryForecast
    let began: Timestamp

    /// For people.
    func lines(_ terminal: Terminal) -> [String] {
        let known = forecast.unknown.isEmpty ? "" : ", as far as is known"
        let sections = [
            ("Asked again", plan.asked), ("Has its time again", plan.timed),
            ("Starts\(known)", forecast.starts.map(text)),
            ("Waited for", forecast.waits.map { "\($0.place), job \($0.jobID?.text ?? "?")" }),
            ("Kept", forecast.kept.map(\.place)),
            ("Counts as done", plan.done.map(\.place)),
            ("Takes the job it is given", plan.adopted.map { "\($0.step.place), job \($0.job)" }),
            (
                "Still running, and followed by nobody",
                plan.dropped.filter(\.isRunning).map { "\($0.step.place), job \($0.step.jobID?.text ?? "?")" }
            ),
            ("Counts no more, and has not been asked for again", unasked.map(\.place)),
            ("Waits for a person to approve", forecast.approvals),
            ("May be sent again", plan.repeated),
        ]
        var lines = ["A retry of run \(run) would do this, if every job succeeds. Nothing was written."]
        for (title, entries) in sections where !entries.isEmpty {
            lines += ["", "\(title):"] + entries.map { "  " + $0 }
        }
        lines += ["", ending]
        if !forecast.assumed.isEmpty {
            lines.append(
                "Assumed to take \(RetryForecaster.assumed.short), as there is no history: "
                    + forecast.assumed.prefix(10).joined(separator: ", ") + (forecast.assumed.count > 10 ? ", …" : ""))
        }
        if !plan.consents.isEmpty { lines.append("It needs --yes: \(plan.consents.joined(separator: "; ")).") }
        return lines.flatMap { $0.visible.wrapped(to: terminal.columns, hanging: 4) }
    }

    /// Steps that had ended and that the forecast does not reach.
    private var unasked: [StepDescription] {
        let started = Set(forecast.starts.map(\.step.key))
        return plan.dropped.filter { !$0.isRunning && !started.contains($0.step.key) }.map(\.step)
    }

    private func text(_ start: RetryForecast.Start) -> String {
        let parameters = start.request.parameters.map { parameter in
            "\(parameter.name)=\(parameter.value.contains(RetryForecaster.assumedJob) ? "(not known yet)" : parameter.value)"
        }.joined(separator: ", ")
        let delay = start.at - began
        return start.step.place + (plan.mayRun[start.step.key].map { " when its job \($0) has ended" } ?? "")
            + (delay < .seconds(1) ? ", at once" : ", after \(delay.short)")
            + (parameters.isEmpty ? "" : ", with \(parameters)")
    }

    private var ending: String {
        let time = (forecast.ended - began).short
        guard forecast.unknown.isEmpty else {
            let place = forecast.places.isEmpty ? "then" : forecast.places.joined(separator: ", ")
            return
                "From \(place) on nothing is known: it depends on \(forecast.unknown.sorted().joined(separator: ", "))."
        }
        guard let end = forecast.end else { return "It would not have ended after \(time)." }
        let error = end.error.map { ": \($0.message)" } ?? ""
        return "It would end after \(time): \(end.status.rawValue)\(error)."
    }

    /// For programs.
    var json: JSON {
        func names(_ steps: [StepDescription]) -> JSON {
            .array(
                steps.map { step in
                    .record([
                        "key": .string(step.key), "label": .string(step.label), "name": .string(step.title),
                        "where": step.location.map { .string($0) }, "job_id": step.jobID.map { .string($0.text) },
                    ])
                })
        }
        return .record([
            "run": .string(run),
            "starts": .array(
                forecast.starts.map { start in
                    .record([
                        "key": .string(start.step.key), "label": .string(start.step.label),
                        "name": .string(start.step.title), "where": start.step.location.map { .string($0) },
                        "after": .number(max(.zero, start.at - began).seconds),
                        "params": .object(
                            start.request.parameters.map { JSONMember(name: $0.name, value: .string($0.value)) }),
                    ])
                }),
            "asked": .array(plan.asked.map { .string($0) }), "timed": .array(plan.timed.map { .string($0) }),
            "kept": names(forecast.kept), "waits": names(forecast.waits), "done": names(plan.done),
            "left_running": names(plan.dropped.filter(\.isRunning).map(\.step)),
            "approvals": .array(forecast.approvals.map { .string($0) }),
            "repeated": .array(plan.repeated.map { .string($0) }),
            "needs_yes": .array(plan.consents.map { .string($0) }),
            "unknown": .array(forecast.unknown.sorted().map { .string($0) }),
            "status": forecast.unknown.isEmpty ? forecast.end.map { .string($0.status.rawValue) } : nil,
            "ends_after": .number((forecast.ended - began).seconds),
        ])
    }
}
