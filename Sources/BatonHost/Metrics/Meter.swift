import DataStudio
import Dispatch
package import Journal
package import Logging
package import Orchestration
import Synchronization

/// Counts what a run does, keeps it in the journal, and writes the metrics file: soon after a change, and at the end.
package final class Meter: Sendable {
    /// What tells apart the measures of one script.
    private struct Key: Hashable {
        let name: String
        var label = ""
    }

    private struct State {
        /// What has come since the last writing, one number for each measure.
        var added: [Key: Double] = [:]
        var set: [Key: Double] = [:]
        /// The names of steps whose durations are told.
        var titles: Set<String> = []
        var requests = 0
        var failures = 0
        var isDue = false
        /// How long after a change it is written.
        var pause = Meter.interval
        var isBroken = false
    }

    /// Tried once while the run goes on: what could not be kept comes with the next.
    private let journal: Journal
    private let lastJournal: Journal
    private let path: String
    private let scriptPath: String
    private let exitCode: @Sendable (RunEnd) -> Int32
    private let logger: Logger
    private let state = Mutex(State())
    private let requests: @Sendable () -> (total: Int, failed: Int)
    /// SQLite and files block: they do so here.
    private let lane = DispatchQueue(label: "baton.metrics")

    /// How long the end of a run waits for a journal that another process keeps locked.
    private static let lastWait = Duration.seconds(10)

    /// How often the file is written at most.
    private static let interval = Duration.seconds(1)
    /// Where writing takes long, as in a journal of very many runs, this many times as long passes between two writings.
    private static let rest = 20
    /// Of how many names of steps a process tells durations.
    package static let mostTitles = 1000

    /// - Parameters:
    ///   - path: of the file.
    ///   - scriptPath: the script's, which tells scripts of one name apart.
    ///   - requests: how many there have been to all servers.
    ///   - exitCode: of a run that ended so.
    package init(
        _ journal: Journal, path: String, scriptPath: String, logger: Logger,
        requests: @escaping @Sendable () -> (total: Int, failed: Int),
        exitCode: @escaping @Sendable (RunEnd) -> Int32
    ) {
        self.journal = journal.with(.none)
        lastJournal = journal.with(BusyPatience(Self.lastWait))
        self.path = path
        self.scriptPath = scriptPath
        self.logger = logger
        self.requests = requests
        self.exitCode = exitCode
    }

    /// Takes an event into account.
    package func receive(_ event: RunEvent) {
        let isDue = state.withLock { state -> Bool in
            switch event {
            case .step(let step):
                guard case .ended(let end) = step.change, step.step.kind == .start else { break }
                state.added[Key(name: "baton_steps_total", label: Self.word(end)), default: 0] += 1
                let title = step.step.title
                if case .succeeded(let result) = end, !result.isByHand, Self.isTold(title, &state) {
                    state.set[Key(name: "baton_step_duration_seconds", label: title)] = result.duration.seconds
                }
            case .began: break
            case .suspicion: state.added[Key(name: "baton_possible_duplicates_total"), default: 0] += 1
            case .ended(let end):
                if !end.status.isInterruption {
                    state.added[Key(name: "baton_runs_total", label: end.status.rawValue), default: 0] += 1
                }
            case .phase, .line, .lineEnded, .taskEnded, .print, .log, .warning: return false
            }
            guard !state.isDue else { return false }
            state.isDue = true
            return true
        }
        if isDue {
            lane.asyncAfter(deadline: .now() + state.withLock { $0.pause.seconds }) { self.write(to: self.journal) }
        }
    }

    /// True for the first names only: a script that gives each step a name of its own would make the file as long as its run.
    private static func isTold(_ title: String, _ state: inout State) -> Bool {
        if state.titles.contains(title) { return true }
        guard state.titles.count < mostTitles else { return false }
        state.titles.insert(title)
        return true
    }

    /// Writes what there is, once the run's end is in the journal.
    package func finish() async {
        await withCheckedContinuation { continuation in
            lane.async {
                self.write(to: self.lastJournal)
                continuation.resume()
            }
        }
    }

    private func write(to journal: Journal) {
        let began = ContinuousClock.now
        defer { state.withLock { $0.pause = max(Self.interval, (ContinuousClock.now - began) * Self.rest) } }
        let (added, set) = takeNews()
        var isKept = false
        do {
            try journal.keep(adding: measures(added), setting: measures(set))
            isKept = true
            try MetricsFile.write(MetricsFile.text(try journal.measures(exitCode: exitCode)), to: path)
        } catch {
            let isFirst = state.withLock { state in
                if !isKept {
                    // Nothing is lost: it comes with the next.
                    state.added.merge(added, uniquingKeysWith: +)
                    state.set.merge(set) { newer, _ in newer }
                }
                // Who waits for the journal is told of that once, by the run.
                guard (error as? JournalError)?.code != .busy else { return false }
                defer { state.isBroken = true }
                return !state.isBroken
            }
            if isFirst { logger.warning("\(error)") }
        }
    }

    /// Takes what has come since the last writing.
    private func takeNews() -> (added: [Key: Double], set: [Key: Double]) {
        state.withLock { state in
            let (total, failed) = requests()
            state.added[Key(name: "baton_requests_total"), default: 0] += Double(total - state.requests)
            state.added[Key(name: "baton_request_failures_total"), default: 0] += Double(failed - state.failures)
            (state.requests, state.failures) = (total, failed)
            defer {
                state.added = [:]
                state.set = [:]
                state.isDue = false
            }
            return (state.added, state.set)
        }
    }

    private func measures(_ values: [Key: Double]) -> [Measure] {
        values.map { key, value in Measure(key.name, path: scriptPath, label: key.label, value) }
    }

    private static func word(_ end: StepEnd) -> String {
        switch end {
        case .succeeded, .approved, .locked: "completed"
        case .failed(let kind, _, _): kind.rawValue
        case .notStarted: "not_started"
        case .leftRunning: "left_running"
        case .doubtful: "ambiguous"
        }
    }
}
