import DataStudio
import Dispatch
package import Journal
package import Logging
package import Orchestration
import Synchronization

/// Counts what a run does, keeps it in the journal, and writes the metrics file: soon after a change, and at the end.
package final class Meter: Sendable {
    private struct State {
        var added: [Measure] = []
        var set: [Measure] = []
        var requests = 0
        var failures = 0
        var isDue = false
        var isBroken = false
    }

    private let journal: Journal
    private let path: String
    private let script: String
    private let exitCode: @Sendable (RunEnd) -> Int32
    private let logger: Logger
    private let state = Mutex(State())
    private let requests: @Sendable () -> (total: Int, failed: Int)
    /// SQLite and files block: they do so here.
    private let lane = DispatchQueue(label: "baton.metrics")

    /// How often the file is written at most.
    private static let interval = DispatchTimeInterval.seconds(1)

    /// - Parameters:
    ///   - path: of the file.
    ///   - requests: how many there have been to all servers.
    ///   - exitCode: of a run that ended so.
    package init(
        _ journal: Journal, path: String, script: String, logger: Logger,
        requests: @escaping @Sendable () -> (total: Int, failed: Int),
        exitCode: @escaping @Sendable (RunEnd) -> Int32
    ) {
        self.journal = journal
        self.path = path
        self.script = script
        self.logger = logger
        self.requests = requests
        self.exitCode = exitCode
    }

    /// Takes an event into account.
    package func receive(_ event: RunEvent) {
        let isDue = state.withLock { state -> Bool in
            switch event {
            case .step(let step):
                guard case .ended(let end) = step.change else { break }
                state.added.append(Measure("baton_steps_total", script: script, label: Self.word(end), 1))
                if case .succeeded(let result) = end, !result.isByHand {
                    state.set.append(
                        Measure(
                            "baton_step_duration_seconds", script: script, label: step.step.title,
                            result.duration.seconds))
                }
            case .began: break
            case .suspicion: state.added.append(Measure("baton_possible_duplicates_total", script: script, 1))
            case .ended(let end):
                if !end.status.isInterruption {
                    state.added.append(Measure("baton_runs_total", script: script, label: end.status.rawValue, 1))
                }
            case .phase, .line, .lineEnded, .taskEnded, .print, .log, .warning: return false
            }
            guard !state.isDue else { return false }
            state.isDue = true
            return true
        }
        if isDue { lane.asyncAfter(deadline: .now() + Self.interval) { self.write() } }
    }

    /// Writes what there is, once the run's end is in the journal.
    package func finish() async {
        await withCheckedContinuation { continuation in
            lane.async {
                self.write()
                continuation.resume()
            }
        }
    }

    private func write() {
        let (added, set) = state.withLock { state -> ([Measure], [Measure]) in
            defer {
                state.added = []
                state.set = []
                state.isDue = false
            }
            let (total, failed) = requests()
            defer { (state.requests, state.failures) = (total, failed) }
            return (
                state.added + [
                    Measure("baton_requests_total", script: script, Double(total - state.requests)),
                    Measure("baton_request_failures_total", script: script, Double(failed - state.failures)),
                ], state.set
            )
        }
        var kept = false
        do {
            try journal.keep(adding: added, setting: set)
            kept = true
            try MetricsFile.write(MetricsFile.text(try journal.measures(exitCode: exitCode)), to: path)
        } catch {
            // Nothing is lost: it comes with the next.
            state.withLock { state in
                state.added = kept ? state.added : added + state.added
                state.set = kept ? state.set : set + state.set
            }
            let isFirst = state.withLock { state in
                defer { state.isBroken = true }
                return !state.isBroken
            }
            if isFirst { logger.warning("\(error)") }
        }
    }

    private static func word(_ end: StepEnd) -> String {
        switch end {
        case .succeeded: "completed"
        case .failed(let kind, _, _): kind.rawValue
        case .notStarted: "not_started"
        case .leftRunning: "left_running"
        case .doubtful: "ambiguous"
        }
    }
}
