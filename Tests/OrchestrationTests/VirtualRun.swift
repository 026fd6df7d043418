import DataStudio
import HTTPTypes
import JSON
import LuaVM
import Orchestration
import SimulatedStudio

/// Drives a `RunMachine` and its `ServerMachine` against a simulated server in virtual time: nothing sleeps, nothing is on
/// a socket.
final class VirtualRun {
    private enum Event {
        case machine(MachineEvent)
        case server(ServerEvent)
    }

    private(set) var studio: SimulatedStudio
    private let api: StudioAPI
    private let machine: RunMachine
    private var server: ServerMachine
    private(set) var now = VirtualRun.beginning
    private var queue: [(at: Timestamp, order: Int, event: Event)] = []
    private var deliveries: [MachineEvent] = []
    private var order = 0

    /// How long a request takes to be answered.
    private static let latency = Duration.milliseconds(1)
    private static let beginning = Timestamp(milliseconds: 1_772_337_906_000)

    private(set) var records: [Record] = []
    private(set) var events: [RunEvent] = []
    /// Actions in order, by a short name.
    private(set) var trace: [String] = []
    private(set) var end: RunEnd?
    /// Starts that the machine does not want any more.
    private(set) var withdrawn: [NodeID] = []
    /// What people are told of the server.
    private(set) var told: [String] = []
    /// The key as requests carry it, and what is found when it is read anew.
    var key = "simulated-key"
    var keyInFile: String?

    init(
        _ script: String, scenario: String = "others: { duration: 1s }", name: String = "test.lua",
        arguments: [String] = [], limits: LuaLimits = RunConfiguration.usualLimits,
        description: APIDescription? = nil, patience: Duration = .seconds(300), maxParallel: Int? = nil,
        spaces: [String: String?] = [:]
    ) throws {
        let scenario = try Scenario(yaml: scenario)
        let description = try description ?? SimulatedStudio.description(for: scenario)
        studio = SimulatedStudio(scenario: scenario, description: description, seed: 1, began: now)
        api = StudioAPI(description)
        machine = try RunMachine(
            RunConfiguration(
                scriptName: name, scriptText: script, arguments: arguments, seed: 42, spaces: spaces, limits: limits),
            at: now)
        server = ServerMachine(
            api, identity: ServerIdentity(url: "http://studio", environment: "default", key: "…-key"),
            patience: patience, maxParallel: maxParallel, seed: 7)
    }

    /// Runs to the end, or to a fault of the harness after some millions of events.
    @discardableResult
    func run(until stop: (VirtualRun) -> Bool = { _ in false }) throws -> VirtualRun {
        perform(machine.begin())
        settle()
        for _ in 0..<3_000_000 where end == nil && !stop(self) {
            guard
                let index = queue.indices.min(by: { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) })
            else { break }
            let next = queue.remove(at: index)
            now = max(now, next.at)
            switch next.event {
            case .machine(let event): deliveries.append(event)
            case .server(let event): tell(event)
            }
            settle()
        }
        return self
    }

    /// Hands the machine an event from outside.
    func deliver(_ event: MachineEvent) {
        deliveries.append(event)
        settle()
    }

    func detach() {
        perform(machine.detach())
        settle()
    }

    /// Hands over what is to be delivered, and sends what has a slot then, until nothing is left to do.
    private func settle() {
        repeat {
            while !deliveries.isEmpty { perform(machine.handle(deliveries.removeFirst(), at: now)) }
            perform(server.sendStarts(at: elapsed))
        } while !deliveries.isEmpty
    }

    private var elapsed: Duration { now - Self.beginning }

    private func post(_ event: Event, after delay: Duration) {
        order += 1
        queue.append((now + delay, order, event))
    }

    private func tell(_ event: ServerEvent) {
        perform(server.handle(event, at: elapsed, wallClock: now))
    }

    private func perform(_ actions: [MachineAction]) {
        for action in actions {
            switch action {
            case .append(let record):
                records.append(record)
                trace.append("\(record.body.kind) \(record.key)")
            case .report(let event): events.append(event)
            case .finish(let end): self.end = end
            case .start(let step, _, let start):
                trace.append("send \(start.label)")
                tell(.start(step, start))
            case .withdraw(let step):
                withdrawn.append(step)
                tell(.withdraw(step))
            case .watch(let step, _, let job): tell(.watch(step, job))
            case .unwatch(let step): tell(.unwatch(step))
            case .setTimer(let timer, let delay): post(.machine(.timerFired(timer)), after: delay)
            case .cancelTimer: break
            case .ask(let id, _, let query): tell(.ask(id, query))
            }
        }
    }

    private func perform(_ actions: [ServerAction]) {
        for action in actions {
            switch action {
            case .send(let id, let request): send(id, request)
            case .setTimer(let timer, let delay): post(.server(.fired(timer)), after: delay)
            case .readKey(let id):
                let found = keyInFile.flatMap { $0 == key ? nil : $0 }
                if let found { key = found }
                post(.server(.keyRead(id, key: found.map { "…" + $0.suffix(4) })), after: .zero)
            case .deliver(let event): deliveries.append(event)
            case .tell(let text): told.append(text)
            case .note: break
            }
        }
    }

    private func send(_ id: ExchangeID, _ request: StudioRequest) {
        let reply = studio.handle(
            SimulatedRequest(
                method: request.method.rawValue, path: request.path,
                authorization: api.authorization(environment: "default", key: key),
                body: request.body.map { Array($0.jsonText.utf8) } ?? []),
            at: now)
        let outcome: ExchangeOutcome =
            switch reply.delivery {
            case .complete:
                .reply(
                    StudioReply(
                        status: reply.status, retryAfter: reply.retryAfter.map { .seconds($0) }, body: reply.body))
            case .refused: .unsent("the connection is refused")
            case .nothing, .head, .half, .trickle: .broken("the server closed the connection without an answer")
            }
        post(.server(.ended(id, outcome)), after: Self.latency + reply.delay)
    }

    // MARK: What tests ask

    /// What the script printed, a line each.
    var output: [String] {
        events.compactMap { if case .print(let text) = $0 { text } else { nil } }
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
