import DataStudio
import JSON
import LuaVM
import Orchestration
import Rehearsal
import SimulatedStudio

/// Drives a `RunMachine` and its `ServerMachine` against a simulated server in virtual time: nothing sleeps, nothing is on
/// a socket.
final class VirtualRun {
    private(set) var studio: SimulatedStudio
    private let api: StudioAPI
    private let conductor: Conductor
    /// Ends its turns, as another thread may.
    var interrupter: RunInterrupter { conductor.look { $0.interrupter } }
    private(set) var now = VirtualRun.beginning
    private var queue: [(at: Timestamp, order: Int, event: ConductorEvent)] = []
    private var opened: [String: StudioRequest] = [:]
    private var order = 0
    /// What each record counts for, in bytes.
    private let recordSize: Int

    /// How long a request takes to be answered.
    private static let latency = Duration.milliseconds(1)
    private static let beginning = Timestamp(milliseconds: 1_772_337_906_000)

    /// What the run began with.
    let configuration: RunConfiguration
    /// What was done without a Data Studio server, and the answers to come; `nil`: none comes, and otherwise it is done.
    private(set) var effects: [Query] = []
    var answers: [Answer?] = []
    /// The names of locks that other runs hold, which are never free.
    var heldByOthers: Set<String> = []
    private var locks = RehearsedLocks(of: "")
    /// How long steps usually take, by title.
    var usual: [String: Duration] = [:]
    /// How long the completed jobs of every step took, and what was asked of them.
    var completed: [Duration] = []
    private(set) var recalled: [String] = []
    private(set) var recalledBefore: [Timestamp] = []
    private(set) var records: [Record] = []
    /// Told of each commit.
    var onCommit: (Commit) -> Void = { _ in }
    /// The ids of requests whose effects are durable.
    private(set) var requests: [Int64] = []
    private(set) var events: [RunEvent] = []
    /// Actions in order, by a short name.
    private(set) var trace: [String] = []
    private(set) var end: RunEnd?
    /// What people are told of the server.
    private(set) var told: [String] = []
    /// How long it takes until a commit is durable.
    var commitDelay: (Commit) -> Duration = { _ in .zero }
    /// The key as requests carry it, and what is found when it is read anew.
    var key = "simulated-key"
    var keyInFile: String?

    init(
        _ script: String, scenario: String = "others: { duration: 1s }", name: String = "test.lua",
        arguments: [String] = [], limits: LuaLimits = RunConfiguration.usualLimits,
        description: APIDescription? = nil, tellsWhose: Bool = true, patience: Duration = .seconds(300),
        maxParallel: Int? = nil, logLimit: LogLimit = LogLimit(), recordSize: Int = 0,
        spaces: [String: String?] = [:], zone: ZoneRules? = nil, begin: (inout RunBeginning) -> Void = { _ in }
    ) throws {
        let scenario = try Scenario(yaml: scenario)
        var description = try description ?? SimulatedStudio.description(for: scenario)
        if !tellsWhose {
            description.job.user = nil
            description.job.parameters = nil
        }
        studio = SimulatedStudio(scenario: scenario, description: description, seed: 1, began: now)
        api = StudioAPI(description)
        var beginning = RunBeginning(script: name, text: script, seed: 42)
        beginning.arguments = arguments
        beginning.spaces = spaces
        beginning.zone = zone?.name
        begin(&beginning)
        configuration = RunConfiguration(beginning, limits: limits, logLimit: logLimit, zone: zone ?? .utc)
        self.recordSize = recordSize
        let machine = try RunMachine(configuration, at: now)
        // All servers a script may name are this one.
        var servers: [String: ServerMachine] = [:]
        for name in [""] + spaces.keys {
            servers[name] = ServerMachine(
                api, identity: ServerIdentity(url: "http://studio", environment: "default", key: "…-key"),
                patience: patience, maxParallel: maxParallel, seed: 7)
        }
        conductor = Conductor(machine, servers: servers, defaultServer: "")
    }

    /// The process that resumes a run after a retry, some time later.
    init(retrying former: VirtualRun, _ retrial: Retrial, after pause: Duration) throws {
        studio = former.studio
        api = former.api
        configuration = former.configuration
        recordSize = former.recordSize
        order = former.order
        now = former.now + pause
        let server = ServerMachine(
            api, identity: ServerIdentity(url: "http://studio", environment: "default", key: "…-key"),
            patience: .seconds(300), seed: 7)
        conductor = Conductor(
            try RunMachine(configuration, at: former.records[0].at), servers: ["": server], defaultServer: "")
        let retried = Record(sequence: former.records.count + 1, key: "", attempt: 1, at: now, body: .retried(retrial))
        records = former.records + [retried]
        perform(try conductor.resume(records, at: instant))
    }

    /// Runs to the end, or to a fault of the harness after some millions of events.
    @discardableResult
    func run(until stop: (VirtualRun) -> Bool = { _ in false }) throws -> VirtualRun {
        perform(conductor.begin(at: instant))
        return goOn(until: stop)
    }

    /// Goes on to the end, or until nothing is left to happen.
    @discardableResult
    func goOn(until stop: (VirtualRun) -> Bool = { _ in false }) -> VirtualRun {
        for _ in 0..<3_000_000 {
            guard end == nil, !stop(self), let next = queue.popLast() else { break }
            now = max(now, next.at)
            perform(conductor.handle(next.event, at: instant))
        }
        return self
    }

    /// What waits for a person's decision.
    var approvals: [(step: StepDescription, key: String, approval: Approval)] { conductor.look { $0.approvals } }

    /// How many tasks, steps and chains the run holds.
    var keptNodes: Int { conductor.look { $0.keptNodes } }

    /// Hands the machine an event from outside.
    func deliver(_ event: MachineEvent) {
        perform(conductor.handle(.machine(event), at: instant))
    }

    /// Hands it the request of another process.
    func request(_ id: Int64, _ event: MachineEvent?) {
        perform(conductor.handle(.request(id: id, event), at: instant))
    }

    func detach() {
        perform(conductor.handle(.detach(signal: nil), at: instant))
    }

    private var elapsed: Duration { now - Self.beginning }
    private var instant: Instant { Instant(wallClock: now + clockShift, elapsed: elapsed) }
    /// By how much somebody has set the wall clock forwards.
    var clockShift = Duration.zero

    private func post(_ event: ConductorEvent, after delay: Duration) {
        order += 1
        let at = now + delay
        // The earliest is the last; of two at the same time the first comes first.
        var (low, high) = (0, queue.count)
        while low < high {
            let middle = (low + high) / 2
            if queue[middle].at > at { low = middle + 1 } else { high = middle }
        }
        queue.insert((at, order, event), at: low)
    }

    private func perform(_ actions: [ConductorAction]) {
        for action in actions {
            switch action {
            case .commit(let commit):
                onCommit(commit)
                records += commit.records
                requests += commit.requests
                locks.take(commit.locks) { _ in false }
                for record in commit.records { trace.append("\(record.body.kind) \(record.key)") }
                let delay = commitDelay(commit)
                let event = ConductorEvent.committed(commit.last, bytes: commit.records.count * recordSize)
                if delay > .zero { post(event, after: delay) } else { perform(conductor.handle(event, at: instant)) }
            case .setFlush(let delay): post(.flush, after: delay)
            case .report(let event):
                events.append(event)
                if case .log(.warn, let text) = event { told.append(text) }
            case .recallRuns(let query, _): post(.machine(.answered(query, .runs([]))), after: Self.latency)
            case .recall(let query, _, _):
                let past = PastStep(started: now, duration: .seconds(90), state: .completed)
                post(.machine(.answered(query, .history([past]))), after: .zero)
            case .recallCompleted(let query, let name, let server, let space, let before):
                recalledBefore.append(before)
                recalled.append("\(name) on \(server) in \(space ?? "-")")
                let past = completed.map { PastStep(started: now, duration: $0, state: .completed) }
                post(.machine(.answered(query, .history(past))), after: .zero)
            case .carryOut(let query, let effect):
                effects.append(effect)
                // A person decides, if anybody does.
                if case .approval = effect { break }
                if let answer = answers.isEmpty ? .done : answers.removeFirst() {
                    post(.machine(.answered(query, answer)), after: Self.latency)
                }
            case .recallUsual(let title, let step, let server, let since):
                guard let usual = usual[title] else { break }
                post(.server(server, .expected(step, at: since + usual)), after: .zero)
            case .takeLock(let query, let request):
                guard !heldByOthers.contains(request.name) else {
                    post(.machine(.lockWaits(query, "waits: held by run other")), after: Self.latency)
                    break
                }
                // What the run itself holds it does not ask for.
                if locks.take(request, at: now, mayRun: { _ in false }) {
                    post(.machine(.answered(query, .done)), after: Self.latency)
                }
            case .dropLock: trace.append("drop lock")
            case .finish(let end): self.end = end
            case .setTimer(let timer, let delay): post(.machine(.timerFired(timer)), after: delay)
            case .cancelTimer: break  // the run ignores it
            case .server(let name, let action): perform(action, of: name)
            }
        }
    }

    private func perform(_ action: ServerAction, of name: String) {
        switch action {
        case .takeGate(let step, let gate, _, _):
            post(.server(name, .gateTaken(step, gate, GateState())), after: .zero)
        case .open(let id, let request):
            opened["\(name) \(id.number)"] = request
            let isDown = studio.isDown(at: now)
            post(
                .server(name, isDown ? .ended(id, .unsent("the connection is refused")) : .opened(id, isBounded: true)),
                after: Self.latency)
        case .proceed(let id):
            guard let request = opened.removeValue(forKey: "\(name) \(id.number)") else { return }
            trace.append("send \(request.body?["externalLabel"]?.text ?? "")")
            send(id, request, to: name)
        case .send(let id, let request): send(id, request, to: name)
        case .setTimer(let timer, let delay): post(.server(name, .fired(timer)), after: delay)
        case .readKey(let id):
            let found = keyInFile.flatMap { $0 == key ? nil : $0 }
            if let found { key = found }
            post(.server(name, .keyRead(id, key: found.map { "…" + $0.suffix(4) })), after: .zero)
        case .tell, .suspect, .sighted, .leaveGate, .takeSlot, .leaveSlot, .drop, .settled, .predecessorOver, .note,
            .deliver:
            break
        }
    }

    private func send(_ id: ExchangeID, _ request: StudioRequest, to name: String) {
        let reply = studio.handle(
            SimulatedRequest(request, authorization: api.authorization(environment: "default", key: key)),
            at: now)
        let outcome = ExchangeOutcome(reply, at: now + studio.scenario.clock)
        post(.server(name, .ended(id, outcome)), after: Self.latency + reply.delay)
    }

    // MARK: What tests ask

    /// Whoever goes on from any record of the log does the same.
    func replayEveryPrefix() throws {
        for length in 1...records.count {
            let machine = try RunMachine(configuration, at: records[0].at)
            try machine.replay(Array(records.prefix(length)))
        }
    }

    /// What the script printed, a line each.
    var output: [String] {
        events.compactMap { if case .print(let text) = $0 { text } else { nil } }
    }

    /// Why workflows may have been started twice, as people are told at once.
    var suspicions: [String] {
        events.compactMap { if case .suspicion(let text) = $0 { text } else { nil } }
    }

    /// Labels in the order the server got them.
    var started: [String] {
        studio.log.filter { $0.operation == .executeWorkflow }.compactMap(\.label)
    }

    /// When the server began and ended the first job of a label, in seconds since the run began.
    func span(_ label: String) -> (from: Double, to: Double)? {
        guard let job = studio.jobs(at: now).first(where: { $0.label == label }), let from = job.created,
            let to = job.finished
        else { return nil }
        return ((from - Self.beginning).seconds, (to - Self.beginning).seconds)
    }

    /// Seconds the run took.
    var duration: Double { elapsed.seconds }
}

extension Intent {
    /// What is to be started.
    var start: WorkflowStart {
        if case .start(let start) = request { start } else { WorkflowStart(label: "") }
    }
}
