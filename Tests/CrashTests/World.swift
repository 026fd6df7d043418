import DataStudio
import JSON
import Orchestration
import Rehearsal
import SimulatedStudio

/// One scenario in virtual time: a server, a network, a journal, and processes that die.
///
/// It drives the same conductor as the live driver does, and knows the truth: which request made which job.
final class World {
    let plan: WorldPlan
    private let api: StudioAPI
    var studio: SimulatedStudio
    let journal: WorldJournal
    var random: SplitMix
    private(set) var now = World.beginning
    private var clockOffset = Duration.zero
    var queue = EventQueue<Event>()
    var processes: [Int: Process] = [:]
    private var lastProcess = 0
    var locks: [String: Int] = [:]

    var truth = Truth()
    var seen: Set<String> = []
    var violations: [String] = []
    /// Everything that happened, if somebody wants to read it.
    private(set) var trace: [String]?
    /// What scripts printed, as people saw it, by run.
    var output: [String: [String]] = [:]
    private var life = 0
    /// Runs that somebody cancelled.
    private(set) var cancelled: Set<String> = []
    var isCalm = false
    /// Somebody is at it: time passes meanwhile.
    var isHelping = false
    /// When runs were resumed last because others waited for what they hold.
    var helped: [String: Timestamp] = [:]
    /// When processes died.
    var died: [Int: Timestamp] = [:]
    /// The attempts that counted no more with a mended script.
    var left: Set<Truth.Attempt> = []
    /// When runs were retried last.
    var retried: [String: Timestamp] = [:]
    /// What people have decided, by their names.
    var decisions: [String: Bool] = [:]
    /// How many functions of `finally` each run has named as not run at its end.
    var notRun: [String: Int] = [:]
    /// How often its script was mended.
    var revised = 0

    indirect enum Event {
        case process(Int, ConductorEvent)
        /// A start is delivered, if its connection has lasted until then.
        case delivery(Request)
        /// Nothing of a start was acknowledged for so long that its connection has ended.
        case cut(Request)
        case death(Int)
        case decision(run: String, text: String, Decision)
        /// A request arrives at the server.
        case arrival(Request)
        case durable(Int, Commit)
        case settled(Int, String, NodeID, Gate, GateState.Doubt, DoubtVerdict, Timestamp?)
        case gate(Int, String, NodeID, Gate, needsSlot: Bool, since: Int64?)
        case stranger(String)
        /// A block may get its lock by now.
        case lock(Int, QueryID, LockRequest)
    }

    struct Request {
        let process: Int
        let server: String
        let exchange: ExchangeID
        let request: StudioRequest
        let attempt: Truth.Attempt?
        let authorization: String
        let isDelivered = Delivered()
    }

    /// Whether a request has arrived.
    final class Delivered { var value = false }

    static let beginning = Timestamp(milliseconds: 1_772_337_906_000)

    init(_ plan: WorldPlan, _ journal: WorldJournal, traces: Bool) throws {
        self.plan = plan
        api = StudioAPI(plan.description)
        studio = SimulatedStudio(
            scenario: plan.scenario, description: plan.description, seed: plan.seed, began: Self.beginning)
        random = SplitMix(seed: plan.seed ^ 0x5EED)
        self.journal = journal
        try journal.reset()
        if traces { trace = [] }
        // What was there before, by the same user: an hour ago, and so nobody's start in doubt.
        let ancient = plan.ancient.map { ($0, SimulatedStudio.user, Duration.seconds(-3 * 86_400)) }
        for (label, user, ago) in [ancient].compactMap({ $0 }) + plan.old.map({ ($0, $1, .seconds(-3600)) }) {
            let job = studio.startElsewhere(label, by: user, at: Self.beginning + ago)
            if let job { truth.strangers.insert(job) }
        }
        if plan.hasRunBefore { try journal.begin(with: earlierProfile()) }
        seen.formUnion(plan.oddities)
        for stranger in plan.strangers { queue.add(.stranger(stranger.label), at: now + stranger.after) }
    }

    /// What runs of earlier nights have learned of the server.
    private func earlierProfile() -> ServerProfile {
        let keyName = plan.scenario.tellsKey ? "…abcd \(plan.scenario.keyUser ?? SimulatedStudio.user)" : "…abcd"
        var profile = ServerProfile(
            payload: .record([
                "users": .record([keyName: .string(SimulatedStudio.user)]), "labels": true, "lagSamples": 20,
                "lag": .integer(plan.scenario.listLag.milliseconds),
            ]))
        if let job = studio.jobs(at: now).last, let stamp = studio.stamp(of: job.id, at: now) {
            profile.newest = JobIdentity(job.id, created: stamp...stamp + .seconds(1))
        }
        return profile
    }

    func note(_ text: @autoclosure () -> String) {
        guard trace != nil else { return }
        trace?.append("\((now - Self.beginning).seconds)  \(text())")
    }

    // MARK: Lives

    /// Begins a process that begins a run, or goes on with one.
    func begin(_ run: String, line: Int) {
        lastProcess += 1
        let id = lastProcess
        var beginning = RunBeginning(script: "night\(line).lua", text: plan.scripts[line], seed: plan.seed)
        beginning.run = run
        if run == "r1", plan.lines != nil { (beginning.isSession, beginning.text) = (true, "") }
        beginning.newest = journal.profile.newest.map { ["": $0] } ?? [:]
        do {
            if journal.runs[run] == nil { try journal.add(run, line: line, beginning, at: wallClock) }
            let (kept, log, sights) = try journal.takeUp(run, at: now)
            beginning = kept ?? beginning
            if case .began(let part)? = log.first?.body { beginning.part = part.part }
            let machine = try RunMachine(RunConfiguration(beginning), at: log.first?.at ?? wallClock)
            let key = plan.keyChanges && lastProcess > 1 ? WorldPlan.otherKey : plan.scenario.key
            if key == WorldPlan.otherKey { seen.insert("other key") }
            var identity = WorldJournal.server
            identity.key = key == WorldPlan.otherKey ? "…othr" : identity.key
            let server = ServerMachine(
                api, identity: identity, patience: plan.patience, maxParallel: plan.maxParallel,
                rules: StartRules(settle: plan.settle, isExclusive: plan.isExclusive, mostPages: plan.mostPages),
                profile: journal.profile, boot: BootInstant(boot: "b", elapsed: now - Self.beginning),
                seed: plan.seed)
            locks["run \(run)"] = id
            processes[id] = Process(
                id: id, run: run, conductor: Conductor(machine, servers: ["": server], defaultServer: ""), began: now)
            processes[id]?.found = journal.runs[run]?.log.count ?? 0
            processes[id]?.authorization = api.authorization(environment: plan.scenario.environment, key: key)
            if run == "r1", life < plan.ends.count, !isCalm {
                processes[id]?.end = plan.ends[life]
                life += 1
            }
            note("process \(id) \(log.isEmpty ? "begins" : "goes on with") run \(run)")
            let instant = instant(of: id)
            perform(
                log.isEmpty
                    ? processes[id]?.conductor.begin(at: instant) ?? []
                    : try processes[id]?.conductor.resume(log, sights: sights, at: instant) ?? [], id)
            if beginning.isSession {
                seen.insert("session")
                processes[id]?.lines = log.isEmpty ? plan.lines ?? [] : []
                typeNext(id)
            }
        } catch {
            violations.append("6: run \(run) cannot be gone on with: \(error)")
        }
    }

    /// Kills a process: what it had not done is not done, and its locks are gone.
    func kill(_ id: Int) {
        guard let process = processes.removeValue(forKey: id) else { return }
        note("process \(id) of run \(process.run) dies after \(process.steps) steps")
        died[id] = now
        for (name, owner) in locks where owner == id { locks[name] = nil }
    }

    func setClock() {
        guard !plan.clockSteps.isEmpty else { return }
        clockOffset = plan.clockSteps[Int.random(in: 0..<plan.clockSteps.count, using: &random)]
        if clockOffset != .zero { seen.insert("clock step") }
    }

    /// From now on nobody dies, and the server is well once its faults have passed.
    func calm() {
        isCalm = true
        pass(.seconds(120))
    }

    /// Time passes, and what is on its way arrives.
    func pass(_ duration: Duration) {
        let end = now + duration
        while let (at, event) = queue.next() {
            guard at <= end else {
                queue.add(event, at: at)
                break
            }
            now = max(now, at)
            take(event)
        }
        now = end
    }

    var wallClock: Timestamp { now + clockOffset }

    private func instant(of id: Int) -> Instant {
        Instant(wallClock: wallClock, elapsed: now - (processes[id]?.began ?? now))
    }

    /// Goes on until no process lives, or nothing more happens.
    func run() {
        var events = 0
        while !processes.isEmpty, let (at, event) = queue.next() {
            now = max(now, at)
            events += 1
            guard events < 200_000 else {
                violations.append("11: the processes of the runs do not come to an end")
                for id in processes.keys { kill(id) }
                return
            }
            take(event)
        }
        for id in Array(processes.keys) {
            violations.append("11: the process of run \(processes[id]?.run ?? "") waits for nothing")
            kill(id)
        }
    }

    private func take(_ event: Event) {
        switch event {
        case .process(let id, let event): tell(id, event)
        case .arrival(let request): arrive(request)
        case .delivery(let request): deliver(request)
        case .decision(let run, let text, let decision): decide(text, decision, of: run)
        case .death(let id): if processes[id] != nil { kill(id) }
        case .cut(let request):
            guard !request.isDelivered.value, processes[request.process] != nil else { return }
            end(request, .broken("the connection timed out"))
        case .durable(let id, let commit):
            guard let run = processes[id]?.run else { return }
            judge(commit.records, of: run, processes[id])
            let fails = chance(plan.failingCommits)
            if fails { journal.failNext() }
            do {
                try journal.commit(commit, of: run)
            } catch {
                seen.insert("failed commit")
                if !fails { violations.append("1: a commit of run \(run) fails: \(error)") }
                return queue.add(.process(id, .commitFailed("\(error)")), at: now)
            }
            judgeTruth(of: commit.records, run)
            for record in commit.records {
                note(
                    "run \(run) writes \(record.key)~\(record.attempt) \(record.body.kind) \(record.body.payload.jsonText)"
                )
            }
            queue.add(.process(id, .committed(commit.last)), at: now + delay(1))
            if plan.restores != nil, chance(10) { try? journal.backUp() }
        case .settled(let id, let name, let step, let gate, let doubt, let verdict, let serverTime):
            guard let process = processes[id] else { return }
            let body = verdict.body(serverTime: serverTime)
            seen.insert("abandoned intent")
            note("run \(doubt.run): \(doubt.key) settled by another: \(body.kind)")
            do {
                try journal.append(body, key: doubt.key, attempt: doubt.attempt, to: doubt.run, at: wallClock)
                if let record = journal.runs[doubt.run]?.log.last { judgeTruth(of: [record], doubt.run) }
                let state = try state(of: gate, for: process.run, since: nil)
                queue.add(.process(id, .server(name, .doubtSettled(step, state))), at: now + delay(1))
            } catch {
                queue.add(.process(id, .commitFailed("\(error)")), at: now)
            }
        case .gate(let id, let name, let step, let gate, let needsSlot, let earlier):
            takeGate(id, name, step, gate, needsSlot: needsSlot, since: earlier)
        case .lock(let id, let query, let request): takeLock(query, request, id)
        case .stranger(let label):
            if !studio.isDown(at: now), let job = studio.startElsewhere(label, by: "stranger", at: now) {
                truth.strangers.insert(job)
                note("a stranger starts \(label) as \(job)")
            }
        }
    }

    private func tell(_ id: Int, _ event: ConductorEvent) {
        guard let process = processes[id] else { return }
        if !countStep(of: id) { return }
        if case .server(let name, .ended(let exchange, _)) = event {
            if process.dropped.contains("\(name) \(exchange.number)") { return }
        }
        let instant = instant(of: id)
        perform(processes[id]?.conductor.handle(event, at: instant) ?? [], id)
    }

    /// Counts what a process does; its end may have come.
    ///
    /// - Returns: false if it is over.
    func countStep(of id: Int) -> Bool {
        guard processes[id] != nil else { return false }
        processes[id]?.steps += 1
        guard let process = processes[id], let end = process.end, process.steps > end.step else { return true }
        processes[id]?.end = nil
        switch end.kind {
        case .death:
            seen.insert("death")
            kill(id)
            return false
        case .detach:
            seen.insert("detach")
            queue.add(.process(id, .detach(signal: 15)), at: now)
            queue.add(.process(id, .detach(signal: 15)), at: now + .seconds(3))
        case .cancel:
            seen.insert("stopping")
            cancelled.insert(processes[id]?.run ?? "")
            let runsFinally = !ScriptGenerator.hasFinally(seed: plan.seed) || plan.seed % 3 > 0
            queue.add(.process(id, .machine(.cancelRun(by: "somebody", runsFinally: runsFinally))), at: now)
        case .expiry:
            seen.insert("expiry")
            queue.add(.process(id, .machine(.outOfTime(after: .seconds(60)))), at: now)
        }
        return true
    }
}
