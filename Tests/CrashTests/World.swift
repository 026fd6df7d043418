import DataStudio
import JSON
import LuaVM
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
    private var queue = EventQueue<Event>()
    var processes: [Int: Process] = [:]
    private var lastProcess = 0
    private(set) var locks: [String: Int] = [:]

    var truth = Truth()
    var seen: Set<String> = []
    var violations: [String] = []
    /// Everything that happened, if somebody wants to read it.
    private(set) var trace: [String]?
    /// What scripts printed, as people saw it, by run.
    private(set) var output: [String: [String]] = [:]
    private var life = 0
    /// Runs that somebody cancelled.
    private(set) var cancelled: Set<String> = []
    private var isCalm = false
    /// When processes died.
    private var died: [Int: Timestamp] = [:]
    /// The attempts that counted no more with a mended script.
    var left: Set<Truth.Attempt> = []
    /// How often its script was mended.
    var revised = 0

    private indirect enum Event {
        case process(Int, ConductorEvent)
        /// A start is delivered, if its connection has lasted until then.
        case delivery(Request)
        /// Nothing of a start was acknowledged for so long that its connection has ended.
        case cut(Request)
        case death(Int)
        /// A request arrives at the server.
        case arrival(Request)
        case durable(Int, Commit)
        case settled(Int, String, NodeID, Gate, GateState.Doubt, DoubtVerdict, Timestamp?)
        case gate(Int, String, NodeID, Gate, needsSlot: Bool)
        case stranger(String)
    }

    private struct Request {
        let process: Int
        let server: String
        let exchange: ExchangeID
        let request: StudioRequest
        let attempt: Truth.Attempt?
        let authorization: String
        let isDelivered = Delivered()
    }

    /// Whether a request has arrived.
    private final class Delivered { var value = false }

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
        for (label, user) in plan.old {
            let old = Self.beginning + .seconds(-3600)
            if let job = studio.startElsewhere(label, by: user, at: old) { truth.strangers.insert(job) }
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
            let (kept, log, sights) = try journal.takeUp(run)
            beginning = kept ?? beginning
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
            processes[id]?.found = log.count
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
    private func pass(_ duration: Duration) {
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

    private var wallClock: Timestamp { now + clockOffset }

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
            if plan.restores != nil, chance(3) { try? journal.backUp() }
        case .settled(let id, let name, let step, let gate, let doubt, let verdict, let serverTime):
            guard let run = processes[id]?.run else { return }
            let body = verdict.body(serverTime: serverTime)
            seen.insert("abandoned intent")
            note("run \(doubt.run): \(doubt.key) settled by another: \(body.kind)")
            do {
                try journal.append(body, key: doubt.key, attempt: doubt.attempt, to: doubt.run, at: wallClock)
                if let record = journal.runs[doubt.run]?.log.last { judgeTruth(of: [record], doubt.run) }
                let state = try state(of: gate, for: run)
                queue.add(.process(id, .server(name, .doubtSettled(step, state))), at: now + delay(1))
            } catch {
                queue.add(.process(id, .commitFailed("\(error)")), at: now)
            }
        case .gate(let id, let name, let step, let gate, let needsSlot):
            takeGate(id, name, step, gate, needsSlot: needsSlot)
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
    private func countStep(of id: Int) -> Bool {
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
            queue.add(.process(id, .machine(.cancelRun(by: "somebody"))), at: now)
        case .expiry:
            seen.insert("expiry")
            queue.add(.process(id, .machine(.outOfTime(after: .seconds(60)))), at: now)
        }
        return true
    }

    // MARK: What a process does

    private func perform(_ actions: [ConductorAction], _ id: Int) {
        for action in actions {
            guard countStep(of: id) else { return }
            perform(action, id)
        }
    }

    private func perform(_ action: ConductorAction, _ id: Int) {
        guard let run = processes[id]?.run else { return }
        switch action {
        case .commit(let commit): queue.add(.durable(id, commit), at: now + delay(8))
        case .setFlush(let delay): queue.add(.process(id, .flush), at: now + delay)
        case .setTimer(let timer, let delay): queue.add(.process(id, .machine(.timerFired(timer))), at: now + delay)
        case .report(.print(let text)):
            output[run, default: []].append(text)
            note("run \(run) prints \(text)")
        case .report(.step(let event)):
            if case .retrying = event.change { seen.insert("retries") }
            note("run \(run): \(event.step.key) \(event.step.label): \(event.change)")
        case .recall(let query, _, _): queue.add(.process(id, .machine(.answered(query, .history([])))), at: now)
        case .recallCompleted(let query, _, _, _, _):
            // The same for all lives, and short for some of the jobs.
            let past = (0..<5).map {
                PastStep(started: Timestamp(milliseconds: $0), duration: .seconds(2), state: .completed)
            }
            queue.add(.process(id, .machine(.answered(query, .history(past)))), at: now + delay(3))
        case .carryOut(let query, let effect): carryOut(query, effect, id)
        case .report(.lineEnded): typeNext(id)
        case .report, .recallUsual: break
        case .finish(let end):
            note("run \(run) ends: \(end.status) \(end.error?.message ?? "")")
            if end.status.isInterruption { journal.note(end.status, of: run) }
            if !end.suspicions.isEmpty { seen.insert("suspicion") }
            processes[id]?.steps = 0
            kill(id)
        case .server(let name, let action): perform(action, of: name, id)
        }
    }

    /// Somebody types the next line of a session, or closes it after the last.
    private func typeNext(_ id: Int) {
        guard let process = processes[id] else { return }
        let line = process.lines.isEmpty ? nil : process.lines.removeFirst()
        queue.add(
            .process(id, .machine(line.map { .enter($0) } ?? .closeSession(raises: false))), at: now + delay(2000))
    }

    func answer(_ query: QueryID, _ answer: Answer, to id: Int) {
        queue.add(.process(id, .machine(.answered(query, answer))), at: now + delay(300))
    }

    private func perform(_ action: ServerAction, of name: String, _ id: Int) {
        switch action {
        case .takeGate(let step, let gate, let needsSlot):
            queue.add(.gate(id, name, step, gate, needsSlot: needsSlot), at: now + delay(2))
        case .takeSlot(let step): takeSlot(id, step)
        case .leaveSlot(let step):
            processes[id]?.slots.removeValue(forKey: step).map { if locks[$0] == id { locks[$0] = nil } }
        case .leaveGate(let step):
            processes[id]?.gates.removeValue(forKey: step).map { names in
                for name in names where locks[name] == id { locks[name] = nil }
            }
        case .open(let exchange, let request):
            processes[id]?.opened["\(name) \(exchange.number)"] = request
            processes[id]?.dropped.remove("\(name) \(exchange.number)")
            let event: ServerEvent =
                studio.isDown(at: now) ? .ended(exchange, .unsent("refused")) : .opened(exchange, isBounded: true)
            queue.add(.process(id, .server(name, event)), at: now + delay(20))
        case .proceed(let exchange):
            guard let request = processes[id]?.opened.removeValue(forKey: "\(name) \(exchange.number)") else { return }
            let attempt = judgeDeparture(of: request, id)
            send(exchange, request, to: name, id, attempt: attempt)
        case .drop(let exchange):
            processes[id]?.opened["\(name) \(exchange.number)"] = nil
            processes[id]?.dropped.insert("\(name) \(exchange.number)")
        case .send(let exchange, let request):
            if request.operation == .executeSchedule { judgeSchedule(id) }
            send(exchange, request, to: name, id, attempt: nil)
        case .setTimer(let timer, let delay):
            queue.add(.process(id, .server(name, .fired(timer))), at: now + delay)
        case .readKey(let exchange): queue.add(.process(id, .server(name, .keyRead(exchange, key: nil))), at: now)
        case .settled(let step, let gate, let doubt, let verdict, let serverTime):
            queue.add(.settled(id, name, step, gate, doubt, verdict, serverTime), at: now + delay(8))
        case .predecessorOver(let other): journal.note(over: other)
        case .note(let text), .tell(let text), .suspect(let text): note(text)
        case .sighted, .deliver: break
        }
    }

    private func state(of gate: Gate, for run: String) throws -> GateState {
        try journal.state(of: gate, for: run) { locks["run \($0)"] != nil }
    }

    /// Of all runs, so many jobs are in flight on the server at a time.
    @discardableResult
    private func takeSlot(_ id: Int, _ step: NodeID) -> Bool {
        guard let most = plan.maxParallel, processes[id]?.slots[step] == nil else { return true }
        guard let free = (1...most).first(where: { locks["slot \($0)"] == nil }) else { return false }
        locks["slot \(free)"] = id
        processes[id]?.slots[step] = "slot \(free)"
        return true
    }

    private func takeGate(_ id: Int, _ name: String, _ step: NodeID, _ gate: Gate, needsSlot: Bool) {
        guard let process = processes[id] else { return }
        let again = now + .milliseconds(Int64.random(in: 20...400, using: &random))
        let lock = "gate \(gate.name)"
        let waits = Event.gate(id, name, step, gate, needsSlot: needsSlot)
        guard !needsSlot || takeSlot(id, step) else {
            seen.insert("slots")
            return queue.add(waits, at: again)
        }
        if locks[lock] != nil { seen.insert("waiting gate") }
        guard locks[lock] == nil, let state = try? state(of: gate, for: process.run) else {
            return queue.add(waits, at: again)
        }
        let runs = Set(state.doubts.map { "run \($0.run)" })
        guard runs.allSatisfy({ locks[$0] == nil }) else {
            seen.insert("two processes")
            return queue.add(waits, at: again)
        }
        for name in runs.union([lock]) { locks[name] = id }
        processes[id]?.gates[step] = runs.union([lock])
        let left = journal.runs.filter { $0.value.fate == .open && locks["run \($0.key)"] == nil }
        processes[id]?.left[gate.label] = Set(left.map(\.key))
        if !state.predecessors.isEmpty { seen.insert("job in the way") }
        if state.restoredTo != nil { seen.insert("restored") }
        queue.add(.process(id, .server(name, .gateTaken(step, state))), at: now + delay(1))
    }

    // MARK: The network

    private func delay(_ most: Int64) -> Duration { .milliseconds(Int64.random(in: 0...most, using: &random)) }

    private func chance(_ percent: Int) -> Bool { percent > 0 && Int.random(in: 0..<100, using: &random) < percent }

    private func send(
        _ exchange: ExchangeID, _ request: StudioRequest, to server: String, _ id: Int, attempt: Truth.Attempt?
    ) {
        let slow = Int.random(in: 0..<10, using: &random) == 0
        let travel = slow ? delay(plan.slowest.milliseconds) : delay(5)
        let sent = Request(
            process: id, server: server, exchange: exchange, request: request, attempt: attempt,
            authorization: processes[id]?.authorization ?? "")
        guard attempt != nil, chance(plan.cuts) else { return queue.add(.arrival(sent), at: now + travel) }
        // The network is cut: the kernel sends what was not acknowledged again and again, for 5 s and as long as the
        // process lives; what is on its way then takes 3 s at most.
        seen.insert("late request")
        for again in [200, 600, 1400, 3000, 4900] { queue.add(.delivery(sent), at: now + .milliseconds(again)) }
        queue.add(.cut(sent), at: now + .milliseconds(5650))
        if !isCalm, chance(40) { queue.add(.death(id), at: now + delay(4000)) }
    }

    /// One of the kernel's tries to deliver a start over a network that was cut.
    private func deliver(_ request: Request) {
        guard !request.isDelivered.value, died[request.process] == nil, chance(30) else { return }
        request.isDelivered.value = true
        queue.add(.arrival(request), at: now + delay(2900))
    }

    /// Also of a process that has died in the meantime.
    private func arrive(_ request: Request) {
        let reply = studio.handle(
            SimulatedRequest(request.request, authorization: request.authorization), at: now)
        if request.request.operation == .executeWorkflow, let attempt = request.attempt,
            let id = studio.log.last?.job, reply.delivery != .refused,
            let job = studio.jobs(at: now).last(where: { $0.id == id })
        {
            note(
                "the server makes job \(job.id) of \(job.label ?? "") for \(attempt.run) \(attempt.key)~\(attempt.number)"
            )
            made(job, for: attempt)
        }
        if request.request.operation == .listJobs {
            note("list: \(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
        }
        let outcome: ExchangeOutcome =
            switch reply.delivery {
            case .complete: .reply(reply.received(at: now + studio.scenario.clock))
            case .refused: request.attempt == nil ? .broken("refused") : .broken("the connection was lost")
            case .nothing, .head, .half, .trickle: .broken("the connection was closed")
            }
        if case .reply(let reply) = outcome, reply.status == 200,
            [.listJobs, .getJob].contains(request.request.operation)
        {
            processes[request.process]?.hasHeard = true
        }
        end(request, outcome)
    }

    private func end(_ request: Request, _ outcome: ExchangeOutcome) {
        // What it tells is as old as its way back.
        let isSlow = request.request.operation == .listJobs && chance(plan.slowLists)
        if isSlow { seen.insert("slow list") }
        queue.add(
            .process(request.process, .server(request.server, .ended(request.exchange, outcome))),
            at: now + delay(isSlow ? 12_000 : 5))
    }

    // MARK: Backups

    /// The journal is set back to an earlier state while nobody runs.
    func restore() {
        guard let isSeen = plan.restores, !isCalm, processes.isEmpty, chance(60) else { return }
        // A disk takes longer to be set back than anything is on its way, or missing from a list.
        pass(isSeen ? delay(2000) : .seconds(20))
        guard (try? journal.restore(isSeen: isSeen, at: wallClock)) == true else { return }
        seen.insert(isSeen ? "restored backup" : "disk set back")
        note("the journal is restored\(isSeen ? "" : ", and nobody sees it")")
    }
}
