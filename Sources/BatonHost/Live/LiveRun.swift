package import DataStudio
import Journal
package import Logging
import LuaVM
package import Orchestration

/// Drives a ``Conductor`` with real servers, the real clock and the journal.
///
/// One task group with a child for each effect under way; the conductor itself is used by the parent only.
package struct LiveRun {
    private let clients: [String: StudioClient]
    private let keeper: RunKeeper
    private let outside: OutsideWorld
    private let runTimeout: Duration?
    private let report: @Sendable (RunEvent) -> Void
    private let logger: Logger
    private let inbox = LiveInbox()
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant

    private let conductor: Conductor
    private var end: RunEnd?
    private var isDetaching = false
    private var timers = TimerQueue()
    /// Wakes the run when the next timer is due.
    private let wakeTimer: WakeTimer
    /// Starts that have a connection or are about to.
    private var words: [StartKey: StartWord] = [:]
    private var gates: [StepKey: HeldGate] = [:]
    /// Starts that wait for their gates.
    private var gateWaits: [StepKey: (number: Int, task: Task<Void, Never>)] = [:]
    private var lastWait = 0
    private var slots: [StepKey: FileLock] = [:]
    private let locks: LockTaker

    private struct StartKey: Hashable {
        let server: String
        let exchange: ExchangeID
    }

    private struct StepKey: Hashable {
        let server: String
        let step: NodeID
    }

    /// How long a run that is to be left waits for a journal that another process keeps locked.
    private static let longestLastWait = Duration.seconds(10)

    /// How often other processes' requests are looked for.
    private static let requestInterval = Duration.milliseconds(500)

    /// - Parameters:
    ///   - machine: the run; nothing of it has happened in this life.
    ///   - clients: the servers by name, `server` among them.
    ///   - unusable: servers that are configured and cannot be used, and why.
    ///   - outside: what scripts reach besides Data Studio.
    ///   - runTimeout: how long this process may hold the run; `nil`: for ever.
    ///   - report: told of everything people should see, in order.
    package init(
        _ machine: RunMachine, clients: [String: StudioClient], unusable: [String: String] = [:], server: String,
        patience: Duration, keeper: RunKeeper, outside: OutsideWorld, runTimeout: Duration? = nil,
        logger: Logger = StudioClient.silent,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.report = report
        self.logger = logger
        self.clients = clients
        self.keeper = keeper
        self.outside = outside
        self.runTimeout = runTimeout
        began = clock.now
        wakeTimer = WakeTimer { [inbox] in inbox.yield(.timersDue) }
        locks = LockTaker(keeper, clients)
        keeper.onLongWait { logger.warning("\($0)") }
        let servers = clients.mapValues { client in
            var profile = ServerProfile()
            do {
                profile = try keeper.journal.profile(of: client.identity.name)
            } catch {
                logger.warning("what is known of \(client.identity.url) cannot be read: \(error)")
            }
            return ServerMachine(
                client.api, identity: client.identity, patience: patience,
                maxParallel: client.configuration.maxParallel, rules: client.configuration.startRules, profile: profile,
                boot: BootClock.now, seed: .random(in: .min ... .max))
        }
        conductor = Conductor(machine, servers: servers, defaultServer: server, unusable: unusable)
    }

    /// Something that stops the run from outside: the script is left where it is, jobs go on.
    package var detacher: @Sendable (_ signal: Int32) -> Void {
        let interrupter = conductor.look { $0.interrupter }
        return { [inbox] signal in
            inbox.yield(.conductor(.detach(signal: signal)))
            // A turn may take as long as the limits let it.
            interrupter.close()
        }
    }

    /// For whoever sits at the prompt of a session.
    package var session: LiveSession {
        let interrupter = conductor.look { $0.interrupter }
        return LiveSession(inbox) { interrupter.interrupt() }
    }

    /// Runs the run to its end, or until it has to be left.
    ///
    /// - Parameters:
    ///   - log: of a run that goes on; `nil` for one that begins.
    ///   - observe: told of what people were told in earlier lives.
    package mutating func run(
        _ log: [Record]?, observe: ((RunEvent, Timestamp) -> Void)? = nil
    ) async -> RunEnd {
        let suspicions =
            log == nil
            ? [] : await list("whether the run has started something twice") { try await keeper.suspicions() }
        let sights = log == nil ? [] : (try? await keeper.sights()) ?? []
        let bytes = log == nil ? 0 : (try? await keeper.logSize()) ?? 0
        do throws(ReplayError) {
            let first =
                try log.map { log throws(ReplayError) in
                    try conductor.resume(
                        log, bytes: bytes, sights: sights, suspicions: suspicions, at: now, observe: observe)
                } ?? conductor.begin(at: now)
            // What was left for the run while nobody held it.
            let requests = log == nil ? [] : await list("what others want of the run") { try await keeper.requests() }
            await drive(first, requests)
        } catch {
            end = RunEnd(nondeterministic: error)
        }
        inbox.close()
        let end = end ?? RunEnd(status: .detached)
        do {
            try await keeper.note(end)
        } catch {
            logger.error("\(error)")
        }
        return end
    }

    /// What the journal has; nothing if it cannot be read, which the log says: nothing else of the run depends on it.
    private func list<Value>(_ what: String, _ read: () async throws -> [Value]) async -> [Value] {
        do {
            return try await read()
        } catch {
            logger.warning("\(what) cannot be read: \(error)")
            return []
        }
    }

    /// - Parameter requests: they come before anything that the run asks for is answered: one that is to be cancelled starts
    ///   nothing.
    private mutating func drive(_ first: [ConductorAction], _ requests: [RunRequest]) async {
        let inbox = inbox
        await withDiscardingTaskGroup { group in
            for request in requests { inbox.yield(.request(request)) }
            perform(first, &group)
            watchRequests(&group, passed: requests)
            if let runTimeout { addTimer(.machine(.outOfTime(after: runTimeout)), after: runTimeout) }
            wakeTimer.set(timers.next, at: clock.now)
            if end == nil {
                for await _ in inbox.arrivals {
                    // Whoever else is about to report gets the chance to: one commit serves them all.
                    await Task.yield()
                    take(inbox.takeAll(), &group)
                    if end != nil { break }
                }
            }
            group.cancelAll()
        }
        gates = [:]
        slots = [:]
    }

    private var now: Instant { Instant(wallClock: .now, elapsed: clock.now - began) }

    private mutating func take(_ events: [LiveEvent], _ group: inout DiscardingTaskGroup) {
        let wanted = events.flatMap { self.events(of: $0) }
        for case .detach(let signal) in wanted { detach(signal) }
        perform(conductor.handle(wanted, at: now), &group)
        wakeTimer.set(timers.next, at: clock.now)
        for case .look(let body) in events { conductor.look(body) }
    }

    private mutating func events(of event: LiveEvent) -> [ConductorEvent] {
        switch event {
        case .conductor(let event): return [event]
        case .timersDue:
            wakeTimer.woke()
            return timers.takeDue(at: clock.now)
        case .look: return []
        case .request(let request): return [self.event(of: request)]
        case .gate(let server, let step, let held, let slot, let wait):
            let key = StepKey(server: server, step: step)
            guard gateWaits[key]?.number == wait else { return [] }
            gateWaits[key] = nil
            gates[key] = held
            slots[key] = slot
            return [.server(server, .gateTaken(step, held.gate, held.state))]
        }
    }

    /// Starts on their way get a moment to be answered, so that their jobs can be named.
    private mutating func detach(_ signal: Int32?) {
        guard !isDetaching else { return }
        isDetaching = true
        keeper.limitWaits(to: Self.longestLastWait)
        addTimer(.detach(signal: signal), after: .seconds(3))
    }

    /// Another process wants something of this run.
    private func event(of request: RunRequest) -> ConductorEvent {
        if let event = request.event { return event }
        logger.warning("a request to the run cannot be understood: \(request.verb) \(request.argument)")
        return .request(id: request.id, nil)
    }

    private func watchRequests(_ group: inout DiscardingTaskGroup, passed: [RunRequest]) {
        let (keeper, logger) = (keeper, logger)
        addChild(&group) { inbox in
            try await RequestWatch(every: Self.requestInterval, passed: passed, logger).run {
                try await keeper.requests()
            } pass: {
                inbox.yield(.request($0))
            }
        }
    }

    // MARK: What the run wants

    private mutating func perform(_ actions: [ConductorAction], _ group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .commit(let commit):
                let keeper = keeper
                addChild(&group) { inbox in
                    do {
                        let bytes = try await keeper.commit(commit)
                        inbox.yield(.conductor(.committed(commit.last, bytes: bytes)))
                    } catch {
                        inbox.yield(.conductor(.commitFailed("\(error)")))
                    }
                }
            case .setFlush(let delay): addTimer(.flush, after: delay)
            case .setTimer(let timer, let delay): addTimer(.machine(.timerFired(timer)), after: delay, id: timer)
            case .cancelTimer(let timer): timers.cancel(timer)
            case .recall(let query, let name, let limit):
                let keeper = keeper
                addChild(&group) { inbox in
                    let steps = (try? await keeper.history(name, limit)) ?? []
                    inbox.yield(.conductor(.machine(.answered(query, .history(steps)))))
                }
            case .recallRuns(let query, let wanted):
                let keeper = keeper
                addChild(&group) { inbox in
                    do {
                        inbox.yield(.conductor(.machine(.answered(query, .runs(try await keeper.runs(wanted))))))
                    } catch {
                        let failure = StepFailure(kind: .failed, message: "the journal cannot be read: \(error)")
                        inbox.yield(.conductor(.machine(.answered(query, .failed(failure)))))
                    }
                }
            case .recallCompleted(let query, let name, let server, let space, let before):
                let (keeper, place, logger) = (keeper, clients[server]?.identity.name, logger)
                addChild(&group) { inbox in
                    var steps: [PastStep] = []
                    do {
                        steps = try await keeper.completed(name, server: place ?? server, space: space, before: before)
                    } catch {
                        logger.warning("how long \(name) usually takes cannot be read, and is not checked: \(error)")
                    }
                    inbox.yield(.conductor(.machine(.answered(query, .history(steps)))))
                }
            case .carryOut(let query, let effect):
                let outside = outside
                addChild(&group) { inbox in
                    guard let answer = await outside.carryOut(effect) else { return }
                    inbox.yield(.conductor(.machine(.answered(query, answer))))
                }
            case .recallUsual(let title, let step, let server, let since):
                let keeper = keeper
                addChild(&group) { inbox in
                    guard let usual = PastStep.usual(of: (try? await keeper.history(title)) ?? []) else { return }
                    inbox.yield(.conductor(.server(server, .expected(step, at: since + usual))))
                }
            case .takeLock(let query, let request):
                let locks = locks
                locks.want(query)
                addChild(&group) { inbox in try await locks.take(query, request, inbox) }
            case .dropLock(let query): locks.drop(query)
            case .report(let event): report(event)
            case .finish(let end): self.end = end
            case .server(let name, let action): perform(action, of: name, &group)
            }
        }
    }

    private mutating func perform(_ action: ServerAction, of name: String, _ group: inout DiscardingTaskGroup) {
        guard let client = clients[name] else { return }
        let keeper = keeper
        switch action {
        case .takeGate(let step, let gate, let needsSlot, let earlier):
            let most = needsSlot ? client.configuration.maxParallel : nil
            takeGate(gate, for: StepKey(server: name, step: step), slots: most, since: earlier, &group)
        case .leaveGate(let step):
            // A step may wait for it again before the one that it had is left. One that has none is withdrawn.
            let key = StepKey(server: name, step: step)
            if gates.removeValue(forKey: key) == nil { gateWaits.removeValue(forKey: key)?.task.cancel() }
        case .takeSlot(let step):
            if let limit = client.configuration.maxParallel {
                slots[StepKey(server: name, step: step)] = keeper.slot(client.identity.name, of: limit)
            }
        case .leaveSlot(let step): slots[StepKey(server: name, step: step)] = nil
        case .open(let id, let request):
            let word = StartWord()
            words[StartKey(server: name, exchange: id)] = word
            addChild(&group) { inbox in
                let outcome = await client.start(request, word) { isBounded in
                    inbox.yield(.conductor(.server(name, .opened(id, isBounded: isBounded))))
                }
                // One that was dropped by the run has been accounted for.
                if word.hasGone || !word.wasDroppedByRun {
                    inbox.yield(.conductor(.server(name, .ended(id, outcome))))
                }
            }
        case .proceed(let id): words.removeValue(forKey: StartKey(server: name, exchange: id))?.go()
        case .drop(let id): words.removeValue(forKey: StartKey(server: name, exchange: id))?.dropByRun()
        case .send(let id, let request):
            addChild(&group) { inbox in
                inbox.yield(.conductor(.server(name, .ended(id, await client.send(request)))))
            }
        case .setTimer(let timer, let delay): addTimer(.server(name, .fired(timer)), after: delay)
        case .readKey(let id):
            addChild(&group) { inbox in
                inbox.yield(.conductor(.server(name, .keyRead(id, key: await client.readKeyAgain()))))
            }
        case .settled(let step, let gate, let doubt, let verdict, let serverTime):
            addChild(&group) { inbox in
                do {
                    let state = try await keeper.settle(doubt, verdict, serverTime: serverTime, at: gate)
                    inbox.yield(.conductor(.server(name, .doubtSettled(step, state))))
                } catch {
                    inbox.yield(.conductor(.commitFailed("\(error)")))
                }
            }
        case .predecessorOver(let other): addChild(&group) { _ in try? await keeper.note(over: other) }
        case .note(let text): logger.debug("\(text)")
        case .tell, .suspect, .sighted, .deliver: break  // the conductor keeps them
        }
    }

    /// Waits for a slot and the gate, unless the start is withdrawn before.
    private mutating func takeGate(
        _ gate: Gate, for key: StepKey, slots: Int?, since earlier: Int64?, _ group: inout DiscardingTaskGroup
    ) {
        lastWait += 1
        let (number, keeper, inbox) = (lastWait, keeper, inbox)
        let wait = Task {
            do {
                var slot: FileLock?
                if let slots {
                    slot = try await keeper.takeSlot(gate.server, of: slots) { runs in
                        let holders = runs.isEmpty ? "other runs" : runs.map { "run \($0)" }.joined(separator: ", ")
                        let reason = "waits for a slot: max_parallel is \(slots), taken by \(holders)"
                        inbox.yield(.conductor(.machine(.startWaits(key.step, reason))))
                    }
                }
                let held = try await keeper.take(gate, since: earlier) { run in
                    let reason = "waits: \(run.map { "run \($0)" } ?? "another run") starts \"\(gate.label)\" as well"
                    inbox.yield(.conductor(.machine(.startWaits(key.step, reason))))
                }
                inbox.yield(.gate(key.server, key.step, held, slot: slot, wait: number))
            } catch is CancellationError {
            } catch {
                inbox.yield(.conductor(.commitFailed("\(error)")))
            }
        }
        gateWaits[key] = (number, wait)
        addChild(&group) { _ in
            await withTaskCancellationHandler {
                await wait.value
            } onCancel: {
                wait.cancel()
            }
        }
    }

    private mutating func addTimer(_ event: ConductorEvent, after delay: Duration, id: TimerID? = nil) {
        timers.set(event, at: clock.now + delay, id: id)
    }

    /// Adds a child that ends quietly when the run is over.
    private func addChild(
        _ group: inout DiscardingTaskGroup,
        _ body: @escaping @Sendable (LiveInbox) async throws -> Void
    ) {
        let inbox = inbox
        group.addTask { try? await body(inbox) }
    }
}
