import Escaping
import Foundation
package import Journal
import Orchestration

/// The text file that the node exporter of Prometheus reads:
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
package enum MetricsFile {
    private struct Family {
        let name: String
        let type: String
        let help: String
        /// What ``Measure/label`` is called; `nil` where there is none.
        var label: String?
    }

    private static let families = [
        Family(
            name: "baton_runs_total", type: "counter", help: "Runs that are over.",
            label: "status"),
        Family(
            name: "baton_runs_unfinished", type: "gauge",
            help: "Runs that are running, were interrupted or need a person.", label: "status"),
        Family(
            name: "baton_last_run_exit_code", type: "gauge", help: "The exit code of the newest run that has ended."),
        Family(
            name: "baton_last_run_duration_seconds", type: "gauge", help: "How long the newest run that has ended took."
        ),
        Family(
            name: "baton_last_success_timestamp_seconds", type: "gauge",
            help: "When a run succeeded last, in seconds since 1970."),
        Family(name: "baton_steps_total", type: "counter", help: "Steps that are over.", label: "state"),
        Family(
            name: "baton_step_duration_seconds", type: "gauge", help: "How long the step took when it completed last.",
            label: "step"),
        Family(
            name: "baton_possible_duplicates_total", type: "counter",
            help: "Workflows that may have been started twice: somebody must look at the jobs."),
        Family(
            name: "baton_jobs_in_flight", type: "gauge", help: "Jobs on the server that runs of this journal wait for.",
            label: "server"),
        Family(name: "baton_requests_total", type: "counter", help: "Requests to Data Studio."),
        Family(
            name: "baton_request_failures_total", type: "counter",
            help: "Requests to Data Studio without an answer, or answered with 429 or 5xx."),
    ]

    /// The names of all metrics.
    package static var names: [String] { families.map(\.name) }

    /// The text. Measures of other names are left out.
    package static func text(_ measures: [Measure]) -> String {
        families.flatMap { family -> [String] in
            let own = measures.filter { $0.name == family.name }
            guard !own.isEmpty else { return [] }
            let lines = own.map { measure in
                var labels = measure.path.map(labels(of:)) ?? []
                if let label = family.label {
                    labels.append("\(label)=\"\(TextFormat.metricsLabel.escaped(measure.label))\"")
                }
                let value = Int64(exactly: measure.value).map { String($0) } ?? String(measure.value)
                return family.name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " " + value
            }
            return ["# HELP \(family.name) \(family.help)", "# TYPE \(family.name) \(family.type)"] + lines.sorted()
        }.map { $0 + "\n" }.joined()
    }

    /// A script's name, and its path: two folders may have scripts of one name.
    private static func labels(of path: String) -> [String] {
        let escaped = TextFormat.metricsLabel.escaped(path)
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ["script=\"\(escaped)\""] }
        let name = TextFormat.metricsLabel.escaped(String(path[path.utf8.index(after: slash)...]))
        return ["script=\"\(name)\"", "path=\"\(escaped)\""]
    }

    /// Writes it, all or nothing: whoever reads sees the old or the new one.
    package static func write(_ text: String, to path: String) throws {
        // The node exporter has another user: everybody may read it. There is no secret in it.
        do {
            try OutputFile.write(text, to: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        } catch {
            throw ConfigurationError("the metrics cannot be written to \(path) (metrics.textfile)")
        }
    }
}
