package import DataStudio
package import Orchestration

/// Lets a run go on in virtual time as a retry would: each job succeeds, nothing leaves, and nothing is written.
///
/// It drives the run machine alone. Slots, gates and doubt change when a start leaves, and not whether it does.
package final class RetryForecaster {
    private let machine: RunMachine
    private let usual: (_ title: String) -> Duration?
    private var queue = EventQueue<MachineEvent>()
    private var now: Timestamp
    private var forecast: RetryForecast
    private var steps: [NodeID: StepDescription] = [:]
    private var requests: [NodeID: WorkflowStart] = [:]
    private var kept: [NodeID: StepDescription] = [:]
    /// The jobs that are watched, and when they end.
    private var watched: [NodeID: WatchedJob] = [:]
    private var isOver = false

    /// The ids of the jobs that a forecast makes up begin so.
    package static let assumedJob = "forecast-"
    /// How long a job takes that has no history.
    package static let assumed = Duration.seconds(60)
    /// What a script that never ends would go on to.
    private static let mostEvents = 100_000
    private static let longest = Duration.seconds(7 * 86_400)

    private init(_ machine: RunMachine, at now: Timestamp, _ usual: @escaping (_ title: String) -> Duration?) {
        self.machine = machine
        self.now = now
        self.usual = usual
        forecast = RetryForecast(ended: now)
    }

    /// What would come of a retry.
    ///
    /// - Parameters:
    ///   - log: of the run as it is.
    ///   - configuration: with which the run would resume.
    ///   - usual: how long the jobs of a step usually take.
    /// - Throws: ``ReplayError``, and `LuaError` for a script that does not parse.
    package static func forecast(
        _ retrial: Retrial, of log: [Record], _ configuration: RunConfiguration, at now: Timestamp,
        usual: @escaping (_ title: String) -> Duration?
    ) throws -> RetryForecast {
        guard let first = log.first, let last = log.last else { return RetryForecast(ended: now) }
        let retried = Record(sequence: last.sequence + 1, key: "", attempt: 1, at: now, body: .retried(retrial))
        let forecaster = RetryForecaster(try RunMachine(configuration, at: first.at), at: now, usual)
        forecaster.perform(
            try forecaster.machine.resume(log + [retried], at: now) { event, _ in forecaster.note(event) })
        forecaster.goOn()
        return forecaster.result
    }

    private func goOn() {
        let began = now
        for _ in 0..<Self.mostEvents {
            guard !isOver, let (at, event) = queue.next(), at - began <= Self.longest else { break }
            now = max(now, at)
            perform(machine.handle(event, at: now))
        }
    }

    private var result: RetryForecast {
        forecast.ended = now
        forecast.kept = kept.values.sorted { $0.number < $1.number }
        if !isOver { forecast.places = machine.waitingPlaces }
        return forecast
    }

    /// What people were told of the steps that have ended.
    private func note(_ event: RunEvent) {
        guard case .step(let event) = event else { return }
        steps[event.step.id] = event.step
        switch event.change {
        case .ended(.succeeded), .ended(.approved), .ended(.locked): kept[event.step.id] = event.step
        case .starting, .retrying: kept[event.step.id] = nil
        case .waiting, .accepted, .state, .late, .warning, .ended: break
        }
    }

    private func perform(_ actions: [MachineAction]) {
        for action in actions where !isOver { perform(action) }
    }

    private func perform(_ action: MachineAction) {
        switch action {
        case .start(let id, _, let request):
            requests[id] = request
            post(.startReady(id, StartReadiness(gate: "")))
        case .proceed(let id, _): send(id)
        case .settle(let id, _, _): accept(id)
        case .withdraw(let id, _): post(.startEnded(id, .withdrawn))
        case .watch(let id, _, let job): watch(id, job)
        case .unwatch(let id, _): watched[id] = nil
        case .setTimer(let timer, let delay): post(.timerFired(timer), after: delay)
        case .ask(let id, _, let query): answer(id, query)
        case .report(let event): if case .step(let event) = event { steps[event.step.id] = event.step }
        case .finish(let end):
            forecast.end = end
            isOver = true
        case .restart:
            forecast.unknown.insert("restart_with")
            isOver = true
        // A timer that is cancelled is one that the machine does not know any more.
        case .append, .drop, .expect, .cancelTimer, .lock, .dropLock: break
        }
    }

    private func post(_ event: MachineEvent, after delay: Duration = .zero) { queue.add(event, at: now + delay) }

    private func send(_ id: NodeID) {
        guard let step = steps[id], let request = requests[id] else { return }
        forecast.starts.append(RetryForecast.Start(step: step, request: request, at: now))
        accept(id)
    }

    private func accept(_ id: NodeID) {
        post(
            .startEnded(
                id, .accepted(Acceptance(job: JobID("\(Self.assumedJob)\(id.number)-\(forecast.starts.count)")))))
    }

    private func watch(_ id: NodeID, _ job: WatchedJob) {
        watched[id] = job
        if !forecast.starts.contains(where: { $0.step.id == id }) {
            if let step = steps[id] { forecast.waits.append(step) }
            // Timers go on once every job has been seen.
            post(.jobSeen(id, Job(id: job.identity.id, label: job.identity.label, state: .running)))
        }
        let title = steps[id]?.title ?? ""
        let known = usual(title)
        if known == nil, !forecast.assumed.contains(title) { forecast.assumed.append(title) }
        // Of one without a history nothing is known but that it may run still.
        let began = known == nil ? now : machine.acceptance(of: id) ?? now
        see(id, job, .completed, from: began, to: max(now, began + (known ?? Self.assumed)))
    }

    private func see(_ id: NodeID, _ job: WatchedJob, _ state: JobState, from: Timestamp, to end: Timestamp) {
        let label = job.identity.label ?? steps[id]?.label
        queue.add(
            .jobSeen(
                id, Job(id: job.identity.id, label: label, state: state, created: from, started: from, finished: end)),
            at: end)
    }

    private func answer(_ id: QueryID, _ query: Query) {
        switch query {
        case .notify, .late: post(.answered(id, .done))
        // Who holds it then nobody knows.
        case .lock: post(.answered(id, .done))
        case .approval(let approval):
            forecast.approvals.append(approval.text)
            post(.answered(id, .decision(Decision(isApproved: true, by: "somebody"))))
        // Too little is known to judge by, as on a new machine.
        case .usual: post(.answered(id, .history([])))
        // Nobody else runs it.
        case .runningJob: post(.answered(id, .job(nil)))
        case .cancel(let job):
            post(.answered(id, .cancelled(true, reason: "")))
            for (step, watched) in watched where watched.identity.id == job {
                see(step, watched, .cancelled, from: now, to: now)
            }
        case .job, .latestJob: forecast.unknown.insert("state")
        case .jobs: forecast.unknown.insert("studio.jobs")
        case .workflows: forecast.unknown.insert("studio.workflows")
        case .spaces: forecast.unknown.insert("studio.spaces")
        case .dataset: forecast.unknown.insert("studio.dataset")
        case .refreshDataset: forecast.unknown.insert("studio.refresh_dataset")
        case .executeSchedule: forecast.unknown.insert("studio.execute_schedule")
        case .history: forecast.unknown.insert("history")
        case .runs: forecast.unknown.insert("runs")
        case .http(let call): forecast.unknown.insert("http (\(call.method) \(call.url))")
        case .file: forecast.unknown.insert("file.stat")
        case .files: forecast.unknown.insert("file.list")
        }
    }
}
