import DataStudio
import JSON
import Orchestration
import SimulatedStudio

/// Plays a night in virtual time: a run with its conductor, a simulated server, a journal in memory, and a process that may
/// die. Nothing sleeps, and nothing leaves.
///
/// It drives what the live driver drives; only the world around is made up.
package final class Rehearsal {
    private enum Event {
        case run(ConductorEvent, life: Int)
        case death
        case resume
        case cancel
        /// A block may get its lock by now.
        case lock(QueryID, LockRequest, life: Int)
    }

    private let plan: RehearsalPlan
    private let api: StudioAPI
    private let authorization: String
    private var studio: SimulatedStudio
    private var conductor: Conductor?
    private var queue = EventQueue<Event>()
    private var now: Timestamp
    private var life = 0
    private var log: [Record] = []
    private var attempts: [AttemptRow] = []
    private var sights: [Sighting] = []
    private var locks: RehearsedLocks
    private var profiles: [String: ServerProfile] = [:]
    private var opened: [String: StudioRequest] = [:]
    /// The steps whose starts have not left, in their order.
    private var unsent: [(label: String, title: String)] = []
    private var dropped: Set<String> = []
    /// When it is next asked how jobs are, by server.
    private var ticks: [String: (timer: ServerTimer, since: Timestamp, delay: Duration)] = [:]
    /// When this process last asked each server something.
    private var looked: [String: Timestamp] = [:]
    private var isDying = false
    private var deathPlaces: Set<String> = []
    private var result: RehearsedRun
    private var isOver = false
    /// Somebody has cancelled the run: the request stays until it is in the log.
    private var isCancelled = false

    /// How long a request takes to be answered.
    private static let latency = Duration.milliseconds(1)
    /// How many events a night may have: a script that asks for ever would have any number.
    private static let mostEvents = 250_000
    private static let mostDeaths = 5000

    private init(_ plan: RehearsalPlan) {
        self.plan = plan
        now = plan.began
        api = StudioAPI(plan.description)
        authorization = api.authorization(environment: plan.scenario.environment, key: plan.scenario.key)
        studio = SimulatedStudio(
            scenario: plan.scenario, description: plan.description, seed: 1, began: plan.began)
        for (label, state) in plan.earlierJobs.sorted(by: { $0.key < $1.key }) {
            let duration = plan.durations[label] ?? plan.scenario.workflow(label)?.duration ?? .seconds(3600)
            studio.addEarlierJob(label, state: state, for: duration, at: plan.began)
        }
        locks = RehearsedLocks(
            of: plan.run.beginning.run, others: plan.locks.mapValues { plan.began + $0 })
        result = RehearsedRun(began: plan.began, ended: plan.began)
    }

    /// Plays a night.
    ///
    /// - Throws: `LuaError` for a script that does not parse.
    package static func play(_ plan: RehearsalPlan) throws -> RehearsedRun {
        let rehearsal = Rehearsal(plan)
        try rehearsal.play()
        return rehearsal.result
    }

    private func play() throws {
        if case .at(let times) = plan.crashes {
            for time in times { queue.add(.death, at: plan.began + time) }
        }
        if let time = plan.cancelledAt { queue.add(.cancel, at: plan.began + time) }
        let earlier = studio.jobs(at: now).count
        try begin()
        for _ in 0..<Self.mostEvents {
            guard !isOver, let (at, event) = queue.next() else { break }
            now = max(now, at)
            guard now - plan.began <= plan.longest else {
                now = plan.began + plan.longest
                break
            }
            switch event {
            case .run(let event, let life): if life == self.life { handle(event) }
            case .death: die()
            case .resume:
                try begin()
                if isCancelled { cancel() }
            case .lock(let query, let request, let life): if life == self.life { takeLock(query, request) }
            case .cancel:
                isCancelled = true
                cancel()
            }
            if isDying { die() }
        }
        result.ended = now
        result.log = log
        if !isOver {
            let places = conductor?.look { $0.waitingPlaces } ?? []
            result.endless = RehearsedRun.Endless(places: places, after: now - plan.began)
        }
        tally(besides: earlier)
    }

    private func cancel() {
        guard conductor != nil, !log.currentPart.contains(where: { $0.body.kind == "stopping" }) else { return }
        handle(.machine(.cancelRun(by: "somebody")))
    }

    // MARK: Lives

    private func begin() throws {
        life += 1
        var run = plan.run
        if case .began(let beginning)? = log.currentPart.first?.body { run.beginning.part = beginning.part }
        let machine = try RunMachine(run, at: log.currentPart.first?.at ?? now)
        var servers: [String: ServerMachine] = [:]
        for name in plan.run.beginning.spaces.keys {
            let identity = ServerIdentity(url: "http://\(name)", environment: plan.scenario.environment, key: "…")
            servers[name] = ServerMachine(
                api, identity: identity, patience: plan.patience, maxParallel: plan.maxParallel,
                rules: StartRules(keepsJobs: !plan.scenario.losesJobs),
                profile: profiles[identity.name] ?? ServerProfile(),
                boot: BootInstant(boot: "virtual", elapsed: now - plan.began), seed: 7)
        }
        let conductor = Conductor(
            machine, servers: servers, defaultServer: plan.run.beginning.server ?? servers.keys.sorted().first ?? "")
        self.conductor = conductor
        if let limit = plan.runTimeout { post(.machine(.outOfTime(after: limit)), after: limit) }
        guard !log.isEmpty else { return perform(conductor.begin(at: instant)) }
        do {
            // What a death kept from being told is told by the replay: each life tells all that came before.
            result.events = []
            perform(
                try conductor.resume(Array(log.currentPart), sights: sights, at: instant) { [unowned self] event, at in
                    result.events.append((at, event))
                }
            )
        } catch {
            finish(RunEnd(nondeterministic: error))
        }
    }

    /// Where a process dies everywhere, it dies once at each place: else it would get nowhere.
    private func dieOnce(_ place: String) {
        if plan.crashes == .everywhere, result.deaths < Self.mostDeaths, deathPlaces.insert(place).inserted {
            isDying = true
        }
    }

    /// What it has not done is not done.
    private func die() {
        isDying = false
        guard !isOver, conductor != nil else { return }
        result.deaths += 1
        conductor = nil
        life += 1
        opened = [:]
        dropped = []
        ticks = [:]
        looked = [:]
        unsent = []
        queue.add(.resume, at: now + plan.resumesAfter)
    }

    private func finish(_ end: RunEnd) {
        result.end = end
        isOver = true
    }

    private var instant: Instant { Instant(wallClock: now, elapsed: now - plan.began) }

    private func handle(_ event: ConductorEvent) {
        if case .server(let name, .ended(let exchange, _)) = event, dropped.contains("\(name) \(exchange.number)") {
            return
        }
        perform(conductor?.handle(event, at: instant) ?? [])
    }

    private func post(_ event: ConductorEvent, after delay: Duration = .zero) {
        queue.add(.run(event, life: life), at: now + delay)
    }

    // MARK: What the run wants

    private func perform(_ actions: [ConductorAction]) {
        for action in actions where !isDying && !isOver { perform(action) }
    }

    private func perform(_ action: ConductorAction) {
        switch action {
        case .commit(let commit):
            keep(commit)
            if plan.endsWithPart, commit.records.contains(where: { $0.body == .restarted }) {
                return finish(RunEnd(status: .succeeded, text: "the next part of the run would begin: restart_with"))
            }
            post(.committed(commit.last))
            for record in commit.records { dieOnce("\(record.key) \(record.body.kind)") }
        case .setFlush(let delay): post(.flush, after: delay)
        case .setTimer(let timer, let delay): post(.machine(.timerFired(timer)), after: delay)
        case .cancelTimer: break  // the run ignores it
        case .report(let event): result.events.append((now, event))
        case .recall(let query, let name, let limit):
            let past = Array((plan.history[name] ?? []).prefix(limit))
            post(.machine(.answered(query, .history(past))))
        case .recallRuns(let query, let wanted): post(.machine(.answered(query, .runs(plan.runs(wanted, at: now)))))
        case .recallCompleted(let query, let name, _, _, _):
            let past = (plan.history[name] ?? []).filter { $0.state == .completed }
            post(.machine(.answered(query, .history(Array(past.prefix(20))))))
        case .recallUsual(let title, let step, let server, let since):
            guard let usual = PastStep.usual(of: plan.history[title] ?? []) else { break }
            post(.server(server, .expected(step, at: since + usual)))
        case .takeLock(let query, let request): takeLock(query, request)
        case .dropLock: break  // it is asked whether the run still waits
        case .carryOut(_, .approval(let approval)) where plan.decisions[approval.text] == .some(nil): break
        case .carryOut(let query, let effect): post(.machine(.answered(query, answer(effect))), after: Self.latency)
        case .finish(let end): finish(end)
        case .server(let name, let action): perform(action, of: name)
        }
    }

    private func takeLock(_ query: QueryID, _ request: LockRequest) {
        guard conductor?.look({ $0.awaits(query) }) == true else { return }
        guard !locks.take(request, at: now, mayRun: mayRun) else { return post(.machine(.answered(query, .done))) }
        let news = [plan.locks[request.name].map { plan.began + $0 }, studio.nextNews(after: now)]
        let next = news.compactMap { $0 }.filter { $0 > now }.min() ?? now + .seconds(1)
        queue.add(.lock(query, request, life: life), at: max(next, now + .milliseconds(100)))
    }

    /// True if a job that was started in a block may still run.
    private func mayRun(_ key: String) -> Bool {
        let jobs = studio.jobs(at: now)
        return attempts.contains { row in
            guard row.key.hasPrefix(key + "/"), ![.over, .void].contains(row.state) else { return false }
            return row.job.map { id in jobs.contains { $0.id == id && !$0.state.isFinal } } ?? true
        }
    }

    private func keep(_ commit: Commit) {
        log += commit.records
        sights += commit.sightings
        profiles.merge(commit.profiles) { $1 }
        let run = plan.run.beginning.run
        for record in commit.records {
            if let row = AttemptRow(run: run, record) {
                attempts.append(row)
                unsent.append((row.label, row.intent.title))
            } else if let place = attempts.lastIndex(where: { $0.key == record.key && $0.attempt == record.attempt }) {
                _ = attempts[place].take(record)
            }
        }
        locks.take(commit.locks, mayRun: mayRun)
        for sight in commit.sightings {
            let place = attempts.lastIndex { $0.key == sight.key && $0.attempt == sight.attempt }
            if let place { attempts[place].see(sight.job) }
        }
    }

    /// The files that are there by now.
    private var files: [String: FileStatus] {
        plan.files.filter { plan.began + (plan.filesAppear[$0.key] ?? .zero) <= now }
    }

    private func answer(_ effect: Query) -> Answer {
        switch effect {
        case .notify(let notice):
            result.notices.append(notice)
            return .done
        case .http(let call):
            result.requests.append(call)
            guard let reply = plan.scenario.http[call.url] else {
                return .failed(
                    StepFailure(
                        kind: .unsupported, message: "the scenario has no answer for \(call.method) \(call.url) (http:)"
                    ))
            }
            return .http(HTTPReply(status: reply.status, headers: reply.headers, body: reply.body))
        case .approval(let approval):
            let isApproved = plan.decisions[approval.text] ?? nil
            return .decision(Decision(isApproved: isApproved ?? true, by: "somebody"))
        case .file(let path): return .file(files[path])
        case .files(let pattern, let limit):
            guard let names = try? PathPattern(pattern) else { return .files([]) }
            return FoundFile.matching(names, limit: limit, among: files).map { .files($0) }
                ?? .tooManyFiles(limit, pattern)
        default: return .done
        }
    }

    // MARK: The server

    private func perform(_ action: ServerAction, of name: String) {
        switch action {
        case .takeGate(let step, let gate, _, _):
            let state = GateState(gate, rows: attempts, run: plan.run.beginning.run) { _ in
                RunStanding(.open, isLive: true)
            }
            post(.server(name, .gateTaken(step, gate, state)))
        case .open(let id, let request):
            let key = "\(name) \(id.number)"
            opened[key] = request
            dropped.remove(key)
            let isDown = studio.isDown(at: now)
            post(
                .server(name, isDown ? .ended(id, .unsent("the connection is refused")) : .opened(id, isBounded: true)),
                after: Self.latency)
        case .proceed(let id):
            guard let request = opened.removeValue(forKey: "\(name) \(id.number)") else { return }
            setDuration(of: request)
            send(id, request, to: name)
            dieOnce("\(name) \(request.path) \(request.body?.jsonText ?? "")")
        case .drop(let id):
            opened["\(name) \(id.number)"] = nil
            dropped.insert("\(name) \(id.number)")
        case .send(let id, let request): send(id, request, to: name)
        case .setTimer(let timer, let delay): setTimer(timer, of: name, after: delay)
        case .readKey(let id): post(.server(name, .keyRead(id, key: nil)))
        case .tell, .suspect, .sighted, .leaveGate, .takeSlot, .leaveSlot, .settled, .predecessorOver, .note, .deliver:
            break
        }
    }

    /// Questions about jobs that would be answered as before are left out: of those, a long night has thousands. What they
    /// would notice is noticed when they would have noticed it.
    private func setTimer(_ timer: ServerTimer, of name: String, after delay: Duration) {
        guard case .tick = timer, delay > .zero else { return post(.server(name, .fired(timer)), after: delay) }
        ticks[name] = (timer, now, delay)
        // What happened while the last answer was on its way is news as well.
        wake(name, at: studio.nextNews(after: looked[name] ?? plan.began) ?? plan.began + plan.longest)
    }

    /// Fires a server's tick at the first of its moments that is not before that.
    private func wake(_ name: String, at news: Timestamp) {
        guard let (timer, since, delay) = ticks[name] else { return }
        // The interval grows with a job's age, to a hundredth of it and 30 s at most: see JobWatch.
        let interval = max(delay, min(.seconds(30), (news - since) / 100))
        let count = max(1, Int(((news - since).seconds / interval.seconds).rounded(.up)))
        queue.add(.run(.server(name, .fired(timer)), life: life), at: since + (count == 1 ? delay : interval * count))
    }

    private func send(_ id: ExchangeID, _ request: StudioRequest, to name: String) {
        let reply = studio.handle(SimulatedRequest(request, authorization: authorization), at: now)
        let outcome = ExchangeOutcome(reply, at: now + studio.scenario.clock)
        post(.server(name, .ended(id, outcome)), after: Self.latency + reply.delay)
        // What was started or cancelled is seen at the next tick.
        if request.operation.isHarmless { looked[name] = now }
        if !request.operation.isHarmless { for name in ticks.keys { wake(name, at: now) } }
    }

    /// The step whose start leaves may take another time than others of its workflow.
    private func setDuration(of request: StudioRequest) {
        // As JSON and paths have it, whatever the API description calls the field.
        let words = Set(request.path.split { "/?&=".contains($0) }.map(String.init)).union(request.body?.texts ?? [])
        guard let place = unsent.firstIndex(where: { words.contains($0.label) }) else { return }
        let (label, title) = unsent.remove(at: place)
        if let duration = plan.durations[title] ?? plan.scenario.workflow(label)?.duration {
            studio.setDuration(duration, of: label)
        }
    }

    /// What the server has seen.
    private func tally(besides earlier: Int) {
        // A server may not tell the parameters of its jobs; this one's own log does.
        result.starts = zip(studio.jobs(at: now), studio.jobLog(at: now)).dropFirst(earlier).map { job, entry in
            let members = entry["parameters"]?.members ?? []
            return RehearsedRun.Start(
                job: job,
                parameters: members.map { WorkflowParameter(name: $0.name, value: $0.value.text ?? $0.value.jsonText) })
        }
        result.changes = studio.log.compactMap { entry in
            entry.operation.flatMap { $0.isHarmless || $0 == .executeWorkflow ? nil : ($0, entry.label) }
        }
    }
}

extension JSON {
    /// All texts in it.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.texts)
        case .object(let members): members.flatMap { $0.value.texts }
        case .null, .boolean, .integer, .number: []
        }
    }
}
