import BatonHost
import DataStudio
import Escaping
import Foundation
import Mustache
import Orchestration

/// Text in a page.
private struct HTMLText: MustacheContentType {
    func escapeText(_ text: String) -> String { TextFormat.html.escaped(text) }
}

/// A run as one page that needs nothing else: no network, no script.
struct HTMLReport {
    let report: RunReport
    /// What the run began with.
    let beginning: RunBeginning
    /// How long a step of that name usually takes.
    let usual: (_ title: String) -> Duration?

    private var past: RunPast { report.past }

    /// The page.
    func page(at now: Timestamp, host: String, version: String) throws -> String {
        // The library escapes by characters, and so not what combines with a mark.
        MustacheContentTypes.register(HTMLText(), named: "PAGE")
        let text = String(decoding: PackageResources.report_mustache, as: UTF8.self)
        let template = try MustacheTemplate(string: "{{%CONTENT_TYPE:PAGE}}\n" + text)
        return template.render(context(at: now, host: host, version: version))
    }

    private func context(at now: Timestamp, host: String, version: String) -> [String: Any] {
        let end = report.state == "running" ? now : past.last
        let tree = report.tree
        // Many steps have one name.
        var known: [String: Duration?] = [:]
        func usual(_ title: String) -> Duration? {
            if let known = known[title] { return known }
            let time = self.usual(title)
            known.updateValue(time, forKey: title)
            return time
        }
        let sections = tree.sections.map { section in
            HTMLSection(
                title: section.title,
                steps: section.rows.compactMap { tree.rows[$0] }.map { row in
                    HTMLStep(
                        row, starts: past.starts[row.step.key] ?? [], usual: usual(row.step.title), at: end)
                })
        }
        let row = past.row
        let doubtful = past.doubts.map { "\($0.step.number)  \($0.step.title): \($0.step.doubt ?? "")\($0.jobs)" }
        let running = report.running
        let notStarted = past.end?.notStarted ?? []
        let warnings = past.end?.warnings ?? []
        let facts =
            beginning.parameters.sorted { $0.key < $1.key }.map { ["name": $0.key, "value": $0.value] }
            + (beginning.arguments.isEmpty
                ? [] : [["name": "Arguments", "value": beginning.arguments.joined(separator: " ")]])
            + [["name": "Script", "value": row.path], ["name": "Time zone", "value": beginning.zone ?? "UTC"]]
        let isPlan = report.state == "planned"
        var context: [String: Any] = [
            "title": "\(row.script) \(Self.headline(report.state))", "script": row.script,
            "kind": isPlan ? "Baton plan" : "Baton run report",
            "state": report.state, "stateClass": Self.standing(report), "server": row.server,
            "began": row.began.localDate, "took": (end - row.began).short, "facts": facts, "hasFacts": true,
            "chart": HTMLChart(sections, from: row.began, to: end).context,
            "sections": sections.map { section -> [String: Any] in
                var context: [String: Any] = ["steps": section.steps.map(\.context)]
                context["title"] = section.title
                return context
            },
            "messages": past.messages.map { message -> [String: Any] in
                ["at": String(message.at.localTime.dropFirst(11)), "text": message.text, "class": "idle"]
            },
            "hasMessages": !past.messages.isEmpty,
            "footer": ["made": now.localDate, "host": host, "version": version],
        ]
        for (name, texts) in [
            ("Running", running), ("Doubtful", doubtful), ("Suspicions", report.suspicions), ("NotStarted", notStarted),
            ("Warnings", warnings),
        ] {
            context["has\(name)"] = !texts.isEmpty
            context[name.prefix(1).lowercased() + name.dropFirst()] = texts.map { ["text": $0] }
        }
        context["run"] = isPlan ? nil : row.id
        context["ended"] = isPlan ? nil : report.state == "running" ? nil : past.last.localDate
        context["key"] = row.key
        context["note"] = past.end?.error == nil ? row.note : nil
        context["textEnd"] = past.end?.text
        context["advice"] = report.advice.map { advice -> [String: Any] in
            [
                "text": advice.text.prefix(1).uppercased() + advice.text.dropFirst(),
                "commands": advice.commands.map { ["text": $0] },
            ]
        }
        context["hasAdvice"] = !report.advice.isEmpty
        if let error = past.end?.error {
            context["error"] = ["lines": EndReport.failure(error).map { ["text": $0] }]
        }
        return context
    }

    private static func headline(_ state: String) -> String {
        switch state {
        case "failed": "FAILED"
        case "check": "FAILED its checks"
        case "timeout": "ran OUT OF TIME"
        case "cancelled": "was CANCELLED"
        case "abandoned": "was given up"
        case "skipped": "was skipped"
        case "running": "is running"
        case "planned": "as it is planned"
        case "held": "is HELD"
        case "interrupted": "was INTERRUPTED"
        default: state
        }
    }

    private static func standing(_ report: RunReport) -> String {
        if !report.suspicions.isEmpty, ["succeeded", "skipped"].contains(report.state) { return "doubt" }
        return switch report.state {
        case "succeeded": "good"
        case "failed", "check", "timeout", "cancelled": "bad"
        case "held", "interrupted": "doubt"
        case "running": "live"
        default: "idle"
        }
    }
}
