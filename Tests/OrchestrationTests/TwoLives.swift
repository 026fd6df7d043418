import DataStudio
import JSON
import Orchestration
import Rehearsal
import SimulatedStudio

/// A run in virtual time whose process may be killed and started again: a simulated server, one process at a time, and what a
/// journal keeps of the run. Nothing sleeps, and nothing is on a socket.
final class TwoLives {
    private enum Event {
        /// Of the process of a life; a process that has ended takes none.
        case process(ConductorEvent, life: Int)
        /// A request arrives at the server, whatever has become of the process that sent it.
        case arrival(Request)
        /// Something happens that has nothing to do with the run.
        case world((TwoLives) -> Void)
    }

    private struct Request {
        let id: ExchangeID
        let request: StudioRequest
        let authorization: String
        let life: Int
        /// The step's key, of a start.
        var step: String?
    }

    /// A job that a start of the run has made.
    struct Made {
        let step: String
        let label: String
        let job: JobID
        /// The true time.
        let created: Timestamp?
    }

    static let beginning = Timestamp(milliseconds: 1_772_337_906_000)
    /// How long a request takes to be answered.
    private static let latency = Duration.milliseconds(1)

    private(set) var studio: SimulatedStudio
    private(set) var now = TwoLives.beginning
    private let api: StudioAPI
    private let configuration: RunConfiguration
    private let rules: StartRules
    private let patience: Duration
    /// The API key that requests carry.
    var key: String
    /// How long a start is on its way to the server.
    var flight = Duration.zero
    /// Which boot of the machine it is.
    var boot = "boot 1"

    private var queue = EventQueue<Event>()
    private var conductor: Conductor?
    private var life = 0
    private var lifeBegan = TwoLives.beginning
    private var opened: [ExchangeID: StudioRequest] = [:]
    private var dropped: Set<ExchangeID> = []
    private var holders: [String: NodeID] = [:]
    private var waiting: [(step: NodeID, gate: Gate)] = []

    // What the journal keeps.
    private(set) var records: [Record] = []
    private(set) var rows: [AttemptRow] = []
    private(set) var sights: [Sighting] = []
    private(set) var suspicions: [String] = []
    var profile = ServerProfile()
    /// True if the journal was set back.
    var isRestored = false

    /// How many starts have left the process.
    private(set) var sent = 0
    private(set) var made: [Made] = []
    /// Why workflows may have been started twice, as people are told at once.
    private(set) var told: [String] = []
    private(set) var end: RunEnd?

    /// - Parameter settle: what a person has configured.
    init(
        _ script: String, scenario: String = "others: { duration: 20s }", settle: Duration? = nil,
        isExclusive: Bool = false, mostPages: Int = 50, patience: Duration = .seconds(300)
    ) throws {
        let scenario = try Scenario(yaml: scenario)
        let description = try SimulatedStudio.description(for: scenario)
        studio = SimulatedStudio(scenario: scenario, description: description, seed: 1, began: Self.beginning)
        api = StudioAPI(description)
        key = scenario.key
        configuration = RunConfiguration(RunBeginning(script: "test.lua", text: script, seed: 42))
        rules = StartRules(settle: settle, isExclusive: isExclusive, mostPages: mostPages)
        self.patience = patience
    }

    // MARK: The world

    /// There is a job that somebody started before the run began. Older jobs have to be added first.
    func addEarlierJob(_ label: String, by user: String = SimulatedStudio.user, ago: Duration) {
        _ = studio.startElsewhere(label, by: user, at: Self.beginning + (.zero - ago))
    }

    /// Somebody else starts a workflow so long after the run began.
    func addStart(of label: String, key: String, after delay: Duration) {
        queue.add(
            .world { night in
                guard let request = try? night.api.startRequest(WorkflowStart(label: label)) else { return }
                let authorization = night.api.authorization(environment: "default", key: key)
                _ = night.studio.handle(SimulatedRequest(request, authorization: authorization), at: night.now)
            }, at: Self.beginning + delay)
    }

    /// Time passes.
    func pass(_ duration: Duration) {
        var hasPassed = false
        queue.add(.world { _ in hasPassed = true }, at: now + duration)
        turn { hasPassed }
    }

    // MARK: Lives

    /// A process begins the run, or resumes it: until it is over, nothing is left to happen, or something has happened.
    @discardableResult
    func live(until stop: (TwoLives) -> Bool = { _ in false }) throws -> TwoLives {
        try begin()
        turn { end != nil || stop(self) }
        return self
    }

    /// What the process has not done is not done; what it has sent arrives.
    func kill() {
        conductor = nil
        life += 1
    }

    /// Kills the process as soon as its next start has left, and resumes the run some time later: until it is over, and no
    /// more often than given.
    func liveAndDieAtStarts(_ most: Int, resumesAfter pause: Duration = .seconds(5)) throws {
        for _ in 0..<most {
            let before = sent
            try live { $0.sent > before }
            if end != nil { return }
            kill()
            pass(pause)
        }
        try live()
    }

    private func begin() throws {
        kill()
        end = nil
        lifeBegan = now
        (opened, dropped, holders, waiting) = ([:], [], [:], [])
        // As it is shown of a key.
        let shown: String = key.count >= 12 ? "…" + key.suffix(4) : "…"
        let server = ServerMachine(
            api, identity: ServerIdentity(url: "http://studio", environment: "default", key: shown),
            patience: patience, rules: rules, profile: profile,
            boot: BootInstant(boot: boot, elapsed: now - Self.beginning), seed: 7)
        let machine = try RunMachine(configuration, at: records.first?.at ?? now)
        let conductor = Conductor(machine, servers: ["": server], defaultServer: "")
        self.conductor = conductor
        if records.isEmpty {
            perform(conductor.begin(at: instant))
        } else {
            perform(try conductor.resume(records, sights: sights, suspicions: suspicions, at: instant))
        }
    }

    private func turn(until isOver: () -> Bool) {
        for _ in 0..<1_000_000 {
            guard !isOver(), let (at, event) = queue.next() else { return }
            now = max(now, at)
            switch event {
            case .process(let event, let life): if life == self.life { handle(event) }
            case .arrival(let request): arrive(request)
            case .world(let body): body(self)
            }
        }
    }

    private var instant: Instant { Instant(wallClock: now, elapsed: now - lifeBegan) }

    private func handle(_ event: ConductorEvent) {
        if case .server(_, .ended(let id, _)) = event, dropped.contains(id) { return }
        perform(conductor?.handle(event, at: instant) ?? [])
    }

    private func post(_ event: ConductorEvent, after delay: Duration = .zero) {
        queue.add(.process(event, life: life), at: now + delay)
    }

    // MARK: What a process does

    private func perform(_ actions: [ConductorAction]) {
        for action in actions {
            switch action {
            case .commit(let commit):
                keep(commit)
                post(.committed(commit.last))
            case .setFlush(let delay): post(.flush, after: delay)
            case .setTimer(let timer, let delay): post(.machine(.timerFired(timer)), after: delay)
            case .cancelTimer: break  // the run ignores it
            case .report(.suspicion(let text)): told.append(text)
            case .takeLock(let query, _): post(.machine(.answered(query, .done)))
            case .dropLock: break
            case .recallRuns(let query, _): post(.machine(.answered(query, .runs([]))))
            case .recall(let query, _, _): post(.machine(.answered(query, .history([]))))
            case .recallCompleted(let query, _, _, _, _): post(.machine(.answered(query, .history([]))))
            case .carryOut(let query, _): post(.machine(.answered(query, .done)))
            case .finish(let end):
                self.end = end
                kill()
            case .server(_, let action): perform(action)
            default: break
            }
        }
    }

    private func perform(_ action: ServerAction) {
        switch action {
        case .takeGate(let step, let gate, _, _): takeGate(step, gate)
        case .leaveGate(let step): leaveGate(step)
        case .open(let id, let request):
            opened[id] = request
            dropped.remove(id)
            let isDown = studio.isDown(at: now)
            let event: ServerEvent =
                isDown ? .ended(id, .unsent("the connection is refused")) : .opened(id, isBounded: true)
            post(.server("", event), after: Self.latency)
        case .proceed(let id):
            guard let request = opened.removeValue(forKey: id) else { return }
            sent += 1
            let label = request.body?["externalLabel"]?.text ?? ""
            send(id, request, step: rows.last { $0.state == .open && $0.label == label }?.key ?? "")
        case .drop(let id):
            opened[id] = nil
            dropped.insert(id)
        case .send(let id, let request): send(id, request, step: nil)
        case .setTimer(let timer, let delay): post(.server("", .fired(timer)), after: delay)
        case .readKey(let id): post(.server("", .keyRead(id, key: nil)))
        default: break
        }
    }

    private func takeGate(_ step: NodeID, _ gate: Gate) {
        guard holders[gate.name] == nil else { return waiting.append((step, gate)) }
        holders[gate.name] = step
        var state = GateState(gate, rows: rows.filter { $0.state != .void }, run: "") { _ in
            RunStanding(.open, isLive: true)
        }
        state.isRestored = isRestored
        post(.server("", .gateTaken(step, gate, state)))
    }

    private func leaveGate(_ step: NodeID) {
        guard let name = holders.first(where: { $0.value == step })?.key else { return }
        holders[name] = nil
        guard let next = waiting.firstIndex(where: { $0.gate.name == name }) else { return }
        let waiter = waiting.remove(at: next)
        takeGate(waiter.step, waiter.gate)
    }

    private func send(_ id: ExchangeID, _ request: StudioRequest, step: String?) {
        let authorization = api.authorization(environment: "default", key: key)
        queue.add(
            .arrival(Request(id: id, request: request, authorization: authorization, life: life, step: step)),
            at: now + (step == nil ? .zero : flight))
    }

    private func arrive(_ request: Request) {
        let reply = studio.handle(
            SimulatedRequest(request.request, authorization: request.authorization), at: now)
        var outcome = ExchangeOutcome(reply, at: now + studio.scenario.clock)
        if let step = request.step {
            if reply.delivery == .refused {
                outcome = .broken("the connection was lost")
            } else if let entry = studio.log.last, let job = entry.job {
                made.append(Made(step: step, label: entry.label ?? "", job: job, created: now))
            }
        }
        queue.add(
            .process(.server("", .ended(request.id, outcome)), life: request.life),
            at: now + Self.latency + reply.delay)
    }

    // MARK: The journal

    private func keep(_ commit: Commit) {
        records += commit.records
        sights += commit.sightings
        suspicions += commit.suspicions
        for learned in commit.profiles.values { profile.merge(learned) }
        for record in commit.records {
            if let row = AttemptRow(run: "", record) {
                rows.append(row)
            } else if let place = rows.lastIndex(where: { $0.key == record.key && $0.attempt == record.attempt }) {
                _ = rows[place].take(record)
            }
        }
        for sight in commit.sightings {
            let place = rows.lastIndex { $0.key == sight.key && $0.attempt == sight.attempt }
            if let place { rows[place].see(sight.job) }
        }
    }
}
