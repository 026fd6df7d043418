import DataStudio
import DequeModule
package import Logging
package import Orchestration

/// Drives a ``RunMachine`` and a ``ServerMachine`` for each server, with real servers and the real clock.
///
/// One task group with a child for each effect under way; the machines themselves are used by the parent only.
package struct LiveRun {
    private let clients: [String: StudioClient]
    private let defaultServer: String
    /// Configured servers without a client, and why.
    private let unusable: [String: String]
    private let report: @Sendable (RunEvent) -> Void
    private let logger: Logger
    private let inbox: AsyncStream<LiveEvent>.Continuation
    private let events: AsyncStream<LiveEvent>
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant

    private var servers: [String: ServerMachine] = [:]
    /// The run's log.
    package private(set) var records: [Record] = []
    private var end: RunEnd?
    /// What is to be handed to the run: one after the other, each when all that the one before asked for is under way.
    private var deliveries: Deque<MachineEvent> = []

    /// - Parameters:
    ///   - clients: the servers by name, `server` among them.
    ///   - unusable: servers that are configured and cannot be used, and why.
    ///   - report: told of everything people should see, in order.
    package init(
        clients: [String: StudioClient], unusable: [String: String] = [:], server: String, patience: Duration,
        logger: Logger = StudioClient.silent, report: @escaping @Sendable (RunEvent) -> Void
    ) {
        (events, inbox) = AsyncStream<LiveEvent>.makeStream()
        self.report = report
        self.logger = logger
        self.clients = clients
        self.unusable = unusable
        defaultServer = server
        began = clock.now
        servers = clients.mapValues { client in
            ServerMachine(
                client.api, identity: client.identity, patience: patience,
                maxParallel: client.configuration.maxParallel, seed: .random(in: .min ... .max))
        }
    }

    /// Something that stops the run from outside: the script is left where it is, jobs go on.
    package var detacher: @Sendable (_ signal: Int32) -> Void {
        { [inbox] in inbox.yield(.detach($0)) }
    }

    /// Runs the machine to its end.
    package mutating func run(_ machine: RunMachine) async -> RunEnd {
        let events = events
        await withDiscardingTaskGroup { group in
            perform(machine.begin(), &group)
            deliver(to: machine, &group)
            if end == nil {
                for await event in events {
                    take(event, machine, &group)
                    deliver(to: machine, &group)
                    if end != nil { break }
                }
            }
            group.cancelAll()
        }
        return end ?? RunEnd(status: .detached)
    }

    private mutating func take(_ event: LiveEvent, _ machine: RunMachine, _ group: inout DiscardingTaskGroup) {
        switch event {
        case .machine(let event): deliveries.append(event)
        case .server(let name, let event): tell(name, event, &group)
        case .detach(let signal): detach(machine, signal, &group)
        }
    }

    private mutating func deliver(to machine: RunMachine, _ group: inout DiscardingTaskGroup) {
        repeat {
            while end == nil, let event = deliveries.popFirst() { perform(machine.handle(event, at: .now), &group) }
            // Only now: what the run made of the events may have withdrawn some, and watches the jobs that hold slots.
            for name in servers.keys.sorted() where end == nil {
                let now = elapsed
                perform(servers[name]?.sendStarts(at: now) ?? [], of: name, &group)
            }
        } while end == nil && !deliveries.isEmpty
    }

    /// Starts on their way get a moment to be answered, so that their jobs can be named.
    private mutating func detach(_ machine: RunMachine, _ signal: Int32, _ group: inout DiscardingTaskGroup) {
        perform(machine.detach(signal: signal), &group)
        guard end == nil else { return }
        addChild(&group) { inbox in
            try await Task.sleep(for: .seconds(3))
            inbox.yield(.detach(signal))
        }
    }

    private var elapsed: Duration { clock.now - began }

    // MARK: What the run wants

    private mutating func perform(_ actions: [MachineAction], _ group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .append(let record): records.append(record)
            case .report(let event): report(event)
            case .finish(let end): self.end = end
            case .start(let step, let server, let start):
                let name = server ?? defaultServer
                guard servers[name] != nil else {
                    deliveries.append(.startEnded(step, .failed(unusable(name))))
                    continue
                }
                tell(name, .start(step, start), &group)
            case .withdraw(let step):
                for name in servers.keys.sorted() { tell(name, .withdraw(step), &group) }
            case .watch(let step, let server, let job):
                tell(server ?? defaultServer, .watch(step, job), &group)
            case .unwatch(let step):
                for name in servers.keys.sorted() { tell(name, .unwatch(step), &group) }
            case .setTimer(let timer, let duration):
                addChild(&group) { inbox in
                    try await Task.sleep(for: duration)
                    inbox.yield(.machine(.timerFired(timer)))
                }
            case .cancelTimer: break  // the machine ignores a timer that it has cancelled
            case .ask(let query, let server, let question):
                let name = server ?? defaultServer
                guard servers[name] != nil else {
                    deliveries.append(.answered(query, .failed(unusable(name))))
                    continue
                }
                tell(name, .ask(query, question), &group)
            }
        }
    }

    private func unusable(_ server: String) -> StepFailure {
        StepFailure(
            kind: .rejected, message: unusable[server] ?? "the server \"\(server)\" is not configured")
    }

    // MARK: What the servers want

    private mutating func tell(
        _ name: String, _ event: ServerEvent, _ group: inout DiscardingTaskGroup
    ) {
        let now = elapsed
        let actions = servers[name]?.handle(event, at: now, wallClock: .now) ?? []
        perform(actions, of: name, &group)
    }

    private mutating func perform(
        _ actions: [ServerAction], of name: String, _ group: inout DiscardingTaskGroup
    ) {
        guard let client = clients[name] else { return }
        for action in actions {
            switch action {
            case .send(let id, let request):
                addChild(&group) { inbox in
                    inbox.yield(.server(name, .ended(id, await client.send(request))))
                }
            case .setTimer(let timer, let duration):
                addChild(&group) { inbox in
                    try await Task.sleep(for: duration)
                    inbox.yield(.server(name, .fired(timer)))
                }
            case .readKey(let id):
                addChild(&group) { inbox in
                    inbox.yield(.server(name, .keyRead(id, key: await client.readKeyAgain())))
                }
            case .deliver(let event): deliveries.append(event)
            case .tell(let text): report(.log(level: .warn, text))
            case .note(let text): logger.debug("\(text)")
            }
        }
    }

    /// Adds a child that ends quietly when the run is over.
    private func addChild(
        _ group: inout DiscardingTaskGroup,
        _ body: @escaping @Sendable (AsyncStream<LiveEvent>.Continuation) async throws -> Void
    ) {
        let inbox = inbox
        group.addTask { try? await body(inbox) }
    }
}
