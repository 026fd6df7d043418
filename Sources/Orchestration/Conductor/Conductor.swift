package import DataStudio
import DequeModule

/// Holds a run together: its ``RunMachine``, a ``ServerMachine`` for each server, and the rule what has to be durable
/// before what leaves. No I/O, no clock: every driver drives this.
///
/// The prefix rule: the log on the disk is at every moment a prefix of the run's log, and whatever leaves the process does
/// so after everything that came before it is on the disk.
package final class Conductor {
    private var machine: RunMachine
    /// In an array, where they are changed in place: they are large, and asked at every event.
    private var servers: [ConductorServer]
    private let places: [String: Int]
    private let defaultServer: String
    /// Configured servers that cannot be used, and why.
    private let unusable: [String: String]

    /// What is handed to the run or done for a server, one after the other, each when all that the one before asked for
    /// is under way.
    private var deliveries: Deque<ConductorDelivery> = []
    /// What the next commit makes durable.
    private var pending = Commit()
    private var lastRecord: Int
    private var durable: Int
    /// There is one commit at a time, with or without records.
    private var isCommitting = false
    /// Jobs that may have been started twice, in this life and in earlier ones.
    private var suspicions: [String] = []
    private var size = LogSize()
    private let limit: LogLimit
    private var hasUrgent = false
    private var isFlushSet = false
    /// Many starts are under way, and what they lead to is gathered for a moment.
    private var isGathering = false
    private var isGathered = false
    /// What leaves the process, in order, each with the record that has to be durable first.
    private var outbox: Deque<Departure> = []
    private var outboxSize = 0
    /// The record with which the next part of the run begins: its script does when that is durable, and nothing is delivered
    /// before.
    private var beginningPart: Int?
    private var actions: [ConductorAction] = []
    private var now = Instant(wallClock: Timestamp(milliseconds: 0), elapsed: .zero)
    private var clock = RunClock()
    /// The journal cannot be written any more.
    private var failure: String?
    /// True once the run is over or left.
    package private(set) var isOver = false

    /// How many bytes may wait to leave before the run is handed nothing more: what a script prints faster than the disk
    /// takes its records must not fill the memory.
    private static let largestOutbox = 16 << 20

    /// From so many starts under way on, one commit waits for what the others lead to, so long.
    private static let manyStarts = 16, gatherDelay = Duration.milliseconds(3)

    /// How long what nothing waits for may stay in memory only.
    private static let flushDelay = Duration.milliseconds(200)

    /// - Parameters:
    ///   - servers: by name, `defaultServer` among them.
    ///   - unusable: servers that are configured and cannot be used, and why.
    package init(
        _ machine: RunMachine, servers: [String: ServerMachine], defaultServer: String, unusable: [String: String] = [:]
    ) {
        self.machine = machine
        self.servers = servers.sorted { $0.key < $1.key }.map { ConductorServer(name: $0.key, machine: $0.value) }
        places = Dictionary(uniqueKeysWithValues: self.servers.enumerated().map { ($1.name, $0) })
        self.defaultServer = defaultServer
        self.unusable = unusable
        lastRecord = 0
        durable = 0
        limit = machine.configuration.logLimit
    }

    /// Looks at the run between two events. Nothing of it may be changed.
    package func look<Value>(_ body: (RunMachine) -> Value) -> Value { body(machine) }

    /// Begins the run.
    package func begin(at now: Instant) -> [ConductorAction] {
        self.now = clock.read(now)
        perform(machine.begin())
        return settle()
    }

    /// Goes on with a run.
    ///
    /// - Parameters:
    ///   - log: all of its records, which are durable.
    ///   - bytes: what they take in the journal.
    ///   - sights: what earlier lives saw of its jobs.
    ///   - suspicions: jobs that may have been started twice, of earlier lives: the end of the run tells them again.
    ///   - observe: told of what people were told before.
    /// - Throws: when the script does something else than its log has; nothing has left then.
    package func resume(
        _ log: [Record], bytes: Int = 0, sights: [Sighting] = [], suspicions: [String] = [], at now: Instant,
        observe: ((RunEvent, Timestamp) -> Void)? = nil
    ) throws(ReplayError) -> [ConductorAction] {
        clock = RunClock(notBefore: log.last?.at ?? Timestamp(milliseconds: 0))
        self.now = clock.read(now)
        machine.recall(sights)
        self.suspicions = suspicions
        lastRecord = log.last?.sequence ?? 0
        durable = lastRecord
        size = LogSize(since: (log.first?.sequence ?? 1) - 1)
        size.bytes = bytes
        // What the run knew later may have been learned from a journal that was set back by then.
        if case .began(let beginning)? = log.first?.body {
            for place in servers.indices { servers[place].machine.resume(after: beginning.newest[servers[place].name]) }
        }
        perform(try machine.resume(log, at: clock.time, observe: observe))
        return settle()
    }

    /// Takes an event.
    package func handle(_ event: ConductorEvent, at now: Instant) -> [ConductorAction] {
        handle(CollectionOfOne(event), at: now)
    }

    /// Takes events that have come by now, in their order: what they lead to becomes durable together.
    package func handle(_ events: some Sequence<ConductorEvent>, at now: Instant) -> [ConductorAction] {
        guard !isOver else { return [] }
        self.now = clock.read(now)
        for event in events { take(event) }
        return settle()
    }

    private func take(_ event: ConductorEvent) {
        switch event {
        case .machine(let event): deliveries.append(.event(event))
        case .request(let id, let event): deliveries.append(.request(id, event))
        case .server(let name, let event): tell(name, event)
        case .committed(let last, let bytes):
            durable = max(durable, last)
            isCommitting = false
            size.records = durable - size.before
            size.bytes += bytes
            if let event = size.event(limit) { deliveries.append(.event(event)) }
            if let part = beginningPart, part <= durable {
                beginningPart = nil
                perform(machine.beginPart())
            }
        case .commitFailed(let reason):
            failure = reason
            isCommitting = false
            perform(machine.detach())
            perform(machine.detach())
        case .flush:
            isFlushSet = false
            isGathered = isGathering
            isGathering = false
            hasUrgent = hasUrgent || !pending.isEmpty
        case .detach(let signal): perform(machine.detach(signal: signal))
        }
    }

    private func settle() -> [ConductorAction] {
        repeat {
            while isReady, let delivery = deliveries.popFirst() {
                switch delivery {
                case .event(let event): perform(machine.handle(event, at: clock.time))
                // Nobody wants it any more, and nobody is left to say so.
                case .ready(let name, let step, _) where !machine.knows(step): tell(name, .drop(step))
                case .ready(_, let step, let readiness):
                    perform(machine.handle(.startReady(step, readiness), at: clock.time))
                case .request(let id, let event): take(request: id, event)
                case .action(_, .sighted(let step, let job)): sighted(step, job)
                case .action(let name, let action): leave(.server(name, action))
                }
            }
            // Only now: what the run made of the events may have withdrawn some, and watches the jobs that hold slots.
            for place in servers.indices {
                perform(servers[place].machine.sendStarts(at: now.elapsed), of: servers[place].name)
            }
            depart()
            // Where too much waits to be durable, the run waits for that.
        } while !deliveries.isEmpty && isReady && !isOver
        defer { actions.removeAll() }
        return actions
    }

    /// True if the run can be handed something.
    private var isReady: Bool { outboxSize <= Self.largestOutbox && beginningPart == nil }

    /// A run that is being left takes no requests: they stay in the journal, for whoever resumes it.
    private func take(request id: Int64, _ event: MachineEvent?) {
        guard machine.leaving == nil, !machine.isOver else { return }
        if let event { perform(machine.handle(event, at: clock.time)) }
        // What it led to is pending as well, and so in the same commit.
        pending.requests.append(id)
    }

    // MARK: What has to be durable first

    /// Leaves once every record so far is durable.
    private func leave(_ action: ConductorAction) {
        queue(action, needs: lastRecord)
    }

    private func queue(_ action: ConductorAction, needs record: Int) {
        let departure = Departure(action: action, needs: record, since: now.elapsed)
        outbox.append(departure)
        outboxSize += departure.size
    }

    private func depart() {
        while let next = outbox.first, next.needs <= durable || failure != nil {
            outbox.removeFirst()
            outboxSize -= next.size
            send(next)
            if isOver { return }
        }
        guard !isCommitting, !pending.isEmpty, failure == nil else { return }
        if hasUrgent || !outbox.isEmpty || !pending.locks.isEmpty {
            guard isGathered || servers.allSatisfy({ $0.machine.startsUnderWay < Self.manyStarts }) else {
                if !isGathering {
                    isGathering = true
                    actions.append(.setFlush(after: Self.gatherDelay))
                }
                return
            }
            isGathered = false
            hasUrgent = false
            isCommitting = true
            actions.append(.commit(pending))
            pending = Commit()
        } else if !isFlushSet {
            isFlushSet = true
            actions.append(.setFlush(after: Self.flushDelay))
        }
    }

    private func send(_ departure: Departure) {
        switch departure.action {
        case .server(let name, .proceed(let id)):
            guard failure == nil else { return actions.append(.server(name, .drop(id))) }
            // A connection that was opened long ago may be half dead: nothing is sent that could arrive much later.
            let time = now.elapsed - departure.since
            guard time <= DoubtInquiry.longestDeparture else {
                actions.append(.server(name, .drop(id)))
                return tell(name, .late(id, after: time))
            }
            actions.append(departure.action)
        case .finish(let end):
            isOver = true
            actions.append(.finish(marked(end)))
        case .report(.ended(let end)): actions.append(.report(.ended(marked(end))))
        case .takeLock(let query, _) where failure != nil || !machine.awaits(query): break
        case .server(_, .send) where failure != nil, .report(.print) where failure != nil,
            .carryOut where failure != nil:
            break
        default: actions.append(departure.action)
        }
    }

    /// What was not written down has not happened; what may have been started twice, a person has to look at.
    private func marked(_ end: RunEnd) -> RunEnd {
        var end = end
        end.suspicions = suspicions
        return failure.map(end.withoutJournal) ?? end
    }

    // MARK: What the run wants

    private func perform(_ wanted: [MachineAction]) {
        for action in wanted {
            switch action {
            case .append(let record):
                lastRecord = record.sequence
                pending.records.append(record)
                if record.body.isUrgent { hasUrgent = true }
            case .report(let event): leave(event)
            case .restart(let part): restart(part)
            case .finish(let end): leave(.finish(end))
            case .start(let step, let server, let start):
                let name = server ?? defaultServer
                guard places[name] != nil else {
                    deliveries.append(.event(.startEnded(step, .failed(unusable(name)))))
                    continue
                }
                tell(name, .start(step, start))
            case .settle(let step, let server, let open):
                let name = server ?? defaultServer
                guard places[name] != nil else {
                    var failure = unusable(name)
                    failure.kind = .unreachable
                    deliveries.append(.event(.serverFailed(failure, server: server)))
                    continue
                }
                tell(name, .settle(step, open))
            case .proceed(let step, let server): tell(server ?? defaultServer, .proceed(step))
            case .drop(let step, let server): tell(server ?? defaultServer, .drop(step))
            case .withdraw(let step, let server): tell(server ?? defaultServer, .withdraw(step))
            case .watch(let step, let server, let job): tell(server ?? defaultServer, .watch(step, job))
            case .unwatch(let step, let server): tell(server ?? defaultServer, .unwatch(step))
            case .expect(let step, let server, let title, let since):
                actions.append(.recallUsual(title: title, step, server: server ?? defaultServer, since: since))
            case .setTimer(let timer, let duration): actions.append(.setTimer(timer, after: duration))
            case .cancelTimer(let timer): actions.append(.cancelTimer(timer))
            case .ask(let query, _, .history(let name, let limit)):
                actions.append(.recall(query, name: name, limit: limit))
            case .ask(let query, _, .lock(let request)): leave(.takeLock(query, request))
            case .dropLock(let query): actions.append(.dropLock(query))
            case .lock(let change): pending.locks.append(change)
            case .ask(let query, _, .runs(let wanted)): actions.append(.recallRuns(query, wanted))
            case .ask(let query, let server, .usual(let name, let space, let before)):
                actions.append(
                    .recallCompleted(
                        query, name: name, server: server ?? defaultServer, space: space, before: before))
            case .ask(let query, _, let effect) where effect.isOutside: leave(.carryOut(query, effect))
            case .ask(let query, let server, let question):
                let name = server ?? defaultServer
                guard places[name] != nil else {
                    deliveries.append(.event(.answered(query, .failed(unusable(name)))))
                    continue
                }
                tell(name, .ask(query, question))
            }
        }
    }

    /// The next part of the run: it begins in the commit that ends the one before. Without the memory for it the run is left.
    private func restart(_ part: RunPart) {
        var configuration = machine.configuration
        configuration.beginning.part = part
        do {
            machine = try RunMachine(configuration, at: clock.time, after: machine)
            size = LogSize(since: lastRecord)
            perform(machine.beginLog())
            // Not before that is durable: a script that hands over again and again spins no faster than the disk.
            beginningPart = lastRecord
        } catch {
            var end = RunEnd(status: .detached)
            end.error = ScriptError(.limit, "the next part of the run cannot begin: \(error)")
            pending.records.removeAll { $0.body == .restarted }
            leave(.finish(end))
        }
    }

    /// What people are told waits its turn; only what scripts print has to be durable first.
    private func leave(_ event: RunEvent) {
        switch event {
        case .print, .ended: leave(.report(event))
        case _ where outbox.isEmpty: actions.append(.report(event))
        default: queue(.report(event), needs: 0)
        }
    }

    private func unusable(_ server: String) -> StepFailure {
        StepFailure(
            kind: .rejected, message: unusable[server] ?? "the server \"\(server)\" is not configured")
    }

    // MARK: What the servers want

    private func tell(_ name: String, _ event: ServerEvent) {
        guard let place = places[name] else { return }
        perform(servers[place].machine.handle(event, at: now.elapsed, wallClock: now.wallClock), of: name)
        if let profile = servers[place].machine.takeProfile() {
            pending.profiles[servers[place].machine.identity.name] = profile
        }
    }

    private func perform(_ wanted: [ServerAction], of name: String) {
        for action in wanted {
            switch action {
            // A server does not know what it is called here.
            case .deliver(.serverFailed(let failure, _)):
                let server = name == defaultServer ? nil : name
                deliveries.append(.event(.serverFailed(failure, server: server)))
            case .deliver(.startReady(let step, let readiness)): deliveries.append(.ready(name, step, readiness))
            case .deliver(let event): deliveries.append(.event(event))
            // After what has been delivered so far has been written down.
            case .leaveGate, .settled, .sighted: deliveries.append(.action(name, action))
            case .tell(let text): leave(.log(level: .warn, text))
            case .suspect(let text): suspect(text)
            case .proceed: leave(.server(name, action))
            case .send(_, let request) where !request.operation.isHarmless: leave(.server(name, action))
            case .takeGate, .takeSlot, .leaveSlot, .open, .drop, .send, .setTimer, .readKey, .predecessorOver, .note:
                actions.append(.server(name, action))
            }
        }
    }

    /// A later life recognises the job by what is kept of it.
    private func sighted(_ step: NodeID, _ job: JobIdentity) {
        guard let (key, attempt) = machine.sighted(step, job) else { return }
        pending.sightings.append(Sighting(key: key, attempt: attempt, job: job))
    }

    /// Whoever resumes the run has to know of it, too: it is kept as soon as it is known.
    private func suspect(_ text: String) {
        guard !suspicions.contains(text) else { return }
        leave(.suspicion(text))
        suspicions.append(text)
        pending.suspicions.append(text)
        hasUrgent = true
    }
}
