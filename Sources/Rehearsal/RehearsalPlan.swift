package import DataStudio
package import Orchestration
package import SimulatedStudio

/// What a rehearsal is begun with.
package struct RehearsalPlan: Sendable {
    /// What the run is begun with.
    package var run: RunConfiguration
    /// What the server has, and what goes wrong with it.
    package var scenario: Scenario
    /// The language it speaks.
    package var description: APIDescription
    /// When the night begins.
    package var began = Self.usualBeginning
    /// When the process dies.
    package var crashes = Crashes.never
    /// How long after a death the run goes on.
    package var resumesAfter = Duration.seconds(60)
    /// When somebody cancels the run, after its beginning; `nil`: nobody does.
    package var cancelledAt: Duration?
    /// How long the run may take, from the beginning of each process; `nil`: any time.
    package var runTimeout: Duration?
    /// The runs of before, newest first, that scripts ask for; `nil`: none, and what a script waits for has succeeded.
    package var runs: [PastRun]?
    /// What people decide, by what is to be approved; `nil` for nobody does. Everything else is approved.
    package var decisions: [String: Bool?] = [:]
    /// How long other runs hold locks and pools, after the beginning, by name; all others are free.
    package var locks: [String: Duration] = [:]
    /// How long a server may be out of reach.
    package var patience = Duration.seconds(300)
    /// How many jobs are in flight at a time; `nil`: any number.
    package var maxParallel: Int?
    /// The steps of earlier nights by their names, newest first.
    package var history: [String: [PastStep]] = [:]
    /// How long the jobs of steps take, by the steps' names; for others the scenario says it.
    package var durations: [String: Duration] = [:]
    /// Jobs of before the night: how the most recent one of each workflow stands.
    package var earlierJobs: [String: JobState] = [:]
    /// The files that scripts may look at, by path.
    package var files: [String: FileStatus] = [:]
    /// How long after the beginning files appear, by path; others are there from the beginning.
    package var filesAppear: [String: Duration] = [:]
    /// True to end where the script hands over to the next part of its run: that plays the same once more.
    package var endsWithPart = false
    /// How long the night may become.
    package var longest = Duration.seconds(7 * 86_400)

    /// A Sunday evening in March 2026, at 20:05 UTC: the same for all, so that what is rehearsed today is so tomorrow.
    package static let usualBeginning = Timestamp(milliseconds: 1_772_395_500_000)

    /// When the process dies.
    package enum Crashes: Hashable, Sendable {
        case never
        /// At these times after the beginning, of which those behind the end have no meaning.
        case at([Duration])
        /// Whenever something was written down, and whenever a start has left.
        case everywhere
    }

    /// A night in which nothing dies.
    package init(_ run: RunConfiguration, _ scenario: Scenario, _ description: APIDescription) {
        self.run = run
        self.scenario = scenario
        self.description = description
    }
}

extension RehearsalPlan {
    /// The runs that a script asks for.
    func runs(_ query: RunQuery, at now: Timestamp) -> [PastRun] {
        func name(_ script: String) -> Substring {
            let last = script.split(separator: "/").last ?? ""
            return last.hasSuffix(".lua") ? last.dropLast(4) : last
        }
        guard let runs else {
            guard query.isAwaited else { return [] }
            let script = query.script ?? ""
            var run = PastRun(
                id: "rehearsed", path: script, script: script, date: query.date ?? "", began: now, state: "succeeded")
            (run.key, run.ended) = (query.key, now)
            return [run]
        }
        return Array(
            runs.filter { run in
                query.script.map { name($0) == name(run.script) } ?? true && query.key.map { $0 == run.key } ?? true
                    && query.date.map { $0 == run.date } ?? true && query.state.map { $0 == run.state } ?? true
                    && query.since.map { $0 <= run.began } ?? true
            }.prefix(query.limit))
    }
}
