import DataStudio
package import Orchestration

/// Drives a ``RunMachine`` against real servers and the real clock.
///
/// One task group with a child for each effect under way; the machine itself is used by the parent only.
package struct LiveRun {
    private let clients: [String: RetryingClient]
    private let defaultServer: String
    /// Configured servers without a client, and why.
    private let unusable: [String: String]
    private let report: @Sendable (RunEvent) -> Void
    private let inbox: AsyncStream<LiveEvent>.Continuation
    private let events: AsyncStream<LiveEvent>
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant

    private var watches: [String: JobWatch] = [:]
    /// Starts that have not been sent, and how many are under way, by server.
    private var waitingStarts: [String: [(step: NodeID, start: WorkflowStart)]] = [:]
    private var startsInFlight: [String: Int] = [:]
    private let withdrawn = WithdrawnStarts()
    /// The run's log.
    package private(set) var records: [Record] = []
    private var end: RunEnd?

    /// - Parameters:
    ///   - clients: the servers by name, `server` among them.
    ///   - unusable: servers that are configured and cannot be used, and why.
    ///   - report: told of everything people should see, in order.
    package init(
        clients: [String: StudioClient], unusable: [String: String] = [:], server: String, patience: Duration,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        let (events, inbox) = AsyncStream<LiveEvent>.makeStream()
        self.events = events
        self.inbox = inbox
        self.report = report
        self.clients = clients.mapValues { client in
            RetryingClient(client: client, patience: patience) { inbox.yield(.trouble($0)) }
        }
        defaultServer = server
        self.unusable = unusable
        began = clock.now
        watches = clients.mapValues { client in
            JobWatch(
                canList: client.api.supports(.listJobs), canAsk: client.api.supports(.getJob), patience: patience)
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
            sendStarts(&group)
            if end == nil {
                for await event in events {
                    for event in take(event, &group) {
                        perform(machine.handle(event, at: .now), &group)
                    }
                    if case .detach(let signal) = event { detach(machine, signal, &group) }
                    if end != nil { break }
                    // Only now: what the machine made of the event may have withdrawn some.
                    sendStarts(&group)
                }
            }
            group.cancelAll()
        }
        return end ?? RunEnd(status: .detached)
    }

    /// What an event of ours means to the machine.
    private mutating func take(_ event: LiveEvent, _ group: inout DiscardingTaskGroup) -> [MachineEvent] {
        let now = elapsed
        switch event {
        case .machine(let event): return [event]
        case .started(let server, let step, let outcome):
            startsInFlight[server, default: 1] -= 1
            return [.startEnded(step, outcome)]
        case .tick(let server, let number):
            perform(watches[server]?.ticked(number, at: now) ?? [], server, &group)
        case .listed(let server, let number, let page):
            guard let (seen, actions) = watches[server]?.listed(page, number: number, at: now) else { break }
            perform(actions, server, &group)
            return seen.map { .jobSeen($0, $1) }
        case .job(let server, let id, let job):
            guard let (seen, lost, actions) = watches[server]?.answered(id, job, at: now) else { break }
            perform(actions, server, &group)
            if let (step, job) = seen { return [.jobSeen(step, job)] }
            if let lost { return [.jobLost(lost, reason: "the server does not know job \(id) any more")] }
        case .trouble(let text): report(.log(level: .warn, text))
        case .detach: break
        }
        return []
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

    // MARK: Effects

    private mutating func perform(_ actions: [MachineAction], _ group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .append(let record): records.append(record)
            case .report(let event): report(event)
            case .finish(let end): self.end = end
            case .start(let step, let server, let start):
                waitingStarts[server ?? defaultServer, default: []].append((step, start))
            case .withdraw(let step): withdraw(step)
            case .watch(let step, let server, let job):
                let server = server ?? defaultServer
                let now = elapsed
                perform(watches[server]?.watch(step, job, at: now, wallClock: .now) ?? [], server, &group)
            case .unwatch(let step):
                for server in clients.keys { watches[server]?.unwatch(step) }
            case .setTimer(let timer, let duration):
                addChild(&group) { inbox in
                    try await Task.sleep(for: duration)
                    inbox.yield(.machine(.timerFired(timer)))
                }
            case .cancelTimer: break  // the machine ignores a timer that it has cancelled
            case .ask(let query, let server, let question):
                guard let client = clients[server ?? defaultServer] else { break }
                addChild(&group) { inbox in
                    inbox.yield(.machine(.answered(query, await client.answer(question))))
                }
            }
        }
    }

    /// A start that waits is dropped; one under way is not tried again.
    private mutating func withdraw(_ step: NodeID) {
        for (server, waiting) in waitingStarts {
            guard let index = waiting.firstIndex(where: { $0.step == step }) else { continue }
            waitingStarts[server]?.remove(at: index)
            inbox.yield(.machine(.startEnded(step, .withdrawn)))
            return
        }
        withdrawn.insert(step)
    }

    /// Sends the starts that wait, as many at a time as each server is given.
    private mutating func sendStarts(_ group: inout DiscardingTaskGroup) {
        for server in waitingStarts.keys.sorted() { sendStarts(server, &group) }
    }

    private mutating func sendStarts(_ server: String, _ group: inout DiscardingTaskGroup) {
        let free = StudioClient.concurrentStarts - startsInFlight[server, default: 0]
        guard free > 0, let waiting = waitingStarts[server], !waiting.isEmpty else { return }
        waitingStarts[server] = Array(waiting.dropFirst(free))
        let withdrawn = withdrawn
        for (step, start) in waiting.prefix(free) {
            startsInFlight[server, default: 0] += 1
            guard let client = clients[server] else {
                let reason = unusable[server] ?? "the server \"\(server)\" is not configured"
                let failure = StepFailure(kind: .rejected, message: reason)
                inbox.yield(.started(server: server, step, .failed(failure)))
                continue
            }
            addChild(&group) { inbox in
                let outcome = await client.start(start) { !withdrawn.contains(step) }
                inbox.yield(.started(server: server, step, outcome))
            }
        }
    }

    private func perform(_ actions: [JobWatch.Action], _ server: String, _ group: inout DiscardingTaskGroup) {
        guard let client = clients[server] else { return }
        for action in actions {
            addChild(&group) { inbox in
                switch action {
                case .tick(let number, let delay):
                    try await Task.sleep(for: delay)
                    inbox.yield(.tick(server: server, number))
                case .list(let createdAfter, let page, let pageSize):
                    do throws(StudioFailure) {
                        let list = try await client.jobs(createdAfter: createdAfter, page: page, pageSize: pageSize)
                        inbox.yield(.listed(server: server, page: page, list))
                    } catch {
                        inbox.yield(.machine(.serverFailed(error.interruption)))
                    }
                case .ask(let id):
                    do throws(StudioFailure) {
                        inbox.yield(.job(server: server, id, try await client.job(id)))
                    } catch .rejected(404, _) {
                        inbox.yield(.job(server: server, id, nil))
                    } catch {
                        inbox.yield(.machine(.serverFailed(error.interruption)))
                    }
                }
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
