package import DataStudio

/// All of a run's dealings with one server: starts and their slots, watching, questions, and the error policy. No I/O, no
/// clock, no sockets: instants are those of a monotonic clock, as durations since some beginning.
package struct ServerMachine: Sendable {
    let api: StudioAPI
    var identity: ServerIdentity
    /// How long a row of failures may last before the run is interrupted.
    let patience: Duration
    /// How many jobs of the run may be in flight at a time; `nil`: any number.
    let maxParallel: Int?
    let rules: StartRules

    /// How many starts may be on their way at the same time.
    static let concurrentStarts = 128

    var exchanges: [ExchangeID: Exchange] = [:]
    var watch: JobWatch
    var queries: [QueryID: Inquiry] = [:]
    /// When the state of a job or a workflow was asked for last, or will be.
    var stateAsked: [Query: Duration] = [:]
    /// Starts that have no slot yet, or whose gate another start of this run has.
    var waitingStarts = StartQueue()
    /// Starts that have a slot.
    var starts: [NodeID: PendingStart] = [:]
    /// Starts that were taken for not having happened: what is listed later may show that they did.
    var voided: [VoidedStart] = []
    /// Steps whose jobs have a slot.
    var slots: Set<NodeID> = []
    /// Starts that go on when the server has been asked whose the key is.
    var greeted: [NodeID] = []
    var greeting: ExchangeID?
    /// The server has been asked that, and has answered.
    var isGreeted = false
    /// Whose key it is, as the server names the user, if it does.
    var keyUser: String?
    /// Starts that go on when the list has been read.
    var surveyed: [NodeID] = []
    /// The list that is being read. A full one shows which jobs are newer than `known`; all are if that is `nil`.
    var survey: (reading: JobListReading, began: Duration, isFull: Bool, known: JobIdentity?)?
    /// The server has refused to list jobs.
    var isListRefused = false
    /// What lists have shown.
    var known: KnownJobs
    /// Jobs that the first list of this life showed and that are newer than any that was known before.
    var unexpected: [Job] = []
    /// Gates that this life has taken first after the journal was restored.
    var restored: Set<Gate> = []
    /// Gates for which the list has been read since the journal was restored, for jobs that it does not know.
    var examined: Set<Gate> = []
    /// The gates that were taken, with the last attempt that the journal had then: which jobs belonged to steps is known.
    var gates: [Gate: Int64] = [:]
    /// Starts that the server has just taken, until their jobs are seen.
    var fresh: [NodeID: FreshStart] = [:]
    /// The jobs of starts that the server has taken in this life.
    var own: Set<JobID> = []
    /// What has been learned of the server.
    private(set) var profile: ServerProfile
    /// It has learned something that is not kept yet.
    private var hasLearned = false
    /// The server's clock, and when it showed that.
    var clock: (time: Timestamp, at: Duration)?
    /// When this life began, by the boot's clock.
    private let boot: BootInstant?
    /// The newest job that the journal knew; of a run that goes on, when it began.
    var baseline: JobIdentity?
    /// The run goes on: the journal may be older than what it did.
    var isResumed = false
    var random: SplitMix
    var now = Duration.zero
    var wallClock = Timestamp(milliseconds: 0)
    var actions: [ServerAction] = []
    private var lastExchange = 0
    /// How many requests are in a row of failures now. People are told of the first row that lasts, and not again before
    /// all have ended.
    private var failing = 0
    private var isTold = false

    /// Dealings with a server that have not begun.
    ///
    /// - Parameters:
    ///   - identity: what messages call it.
    ///   - profile: what earlier runs have learned of it.
    ///   - boot: when the life began, by the clock of the machine's boot.
    ///   - seed: of the jitter between tries.
    package init(
        _ api: StudioAPI, identity: ServerIdentity, patience: Duration, maxParallel: Int? = nil,
        rules: StartRules = StartRules(), profile: ServerProfile = ServerProfile(), boot: BootInstant? = nil,
        seed: UInt64
    ) {
        self.profile = profile
        self.boot = boot
        baseline = profile.newest
        known = KnownJobs(newest: profile.newest)
        self.rules = rules
        self.api = api
        self.identity = identity
        self.patience = patience
        self.maxParallel = maxParallel
        random = SplitMix(seed: seed)
        watch = JobWatch(
            canList: api.supports(.listJobs), canAsk: api.supports(.getJob), patience: patience)
    }

    /// The run goes on, and this was the newest job that was known when it began: newer ones of its own are in its log.
    package mutating func resume(after newest: JobIdentity?) {
        isResumed = true
        baseline = newest
    }

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - now: of the monotonic clock.
    ///   - wallClock: only compared with times of the server.
    package mutating func handle(_ event: ServerEvent, at now: Duration, wallClock: Timestamp) -> [ServerAction] {
        self.now = now
        self.wallClock = wallClock
        switch event {
        case .start(let step, let start): waitingStarts.append(start, for: step)
        case .proceed(let step): proceed(step)
        case .drop(let step): drop(step)
        case .withdraw(let step): withdraw(step)
        case .settle(let step, let open): settle(step, open)
        case .gateTaken(let step, let gate, let state): gateTaken(step, gate, state)
        case .opened(let id, let isBounded): opened(id, isBounded: isBounded)
        case .doubtSettled(let step, let state):
            starts[step]?.state = state
            goOn(step)
        case .watch(let step, let job):
            if maxParallel != nil, slots.insert(step).inserted { act(.takeSlot(step)) }
            perform(watch.watch(step, recognisable(job), at: now, since: earliestStamp))
        case .expected(let step, let time): perform(watch.expect(step, at: now + (time - wallClock), now: now))
        case .unwatch(let step):
            watch.unwatch(step)
            fresh[step] = nil
            leaveSlot(step)
        case .ask(let id, let query): ask(id, query)
        case .ended(let id, let outcome): ended(id, outcome)
        case .late(let id, let time): late(id, after: time)
        case .keyRead(let id, let key): keyRead(id, key)
        case .fired(let timer): fired(timer)
        }
        return takeActions()
    }

    /// Sends the starts that wait and have a slot. To be called when the run has acted on what was delivered to it: that
    /// may have withdrawn some, and watches the jobs that hold slots.
    package mutating func sendStarts(at now: Duration) -> [ServerAction] {
        guard !waitingStarts.isEmpty else { return [] }
        self.now = now
        let inFlight = starts.count + watch.steps.count
        let slots = maxParallel.map { max(0, $0 - inFlight) } ?? .max
        var free = min(Self.concurrentStarts - starts.count, slots)
        while free > 0, let (step, start) = waitingStarts.next() {
            free -= 1
            take(PendingStart(start: start, gate: gate(of: start)), for: step)
        }
        if let maxParallel, free <= 0, slots <= waitingStarts.count {
            for step in waitingStarts.takeUntold() {
                act(.deliver(.startWaits(step, "waits for a slot: max_parallel is \(maxParallel)")))
            }
        }
        return takeActions()
    }

    /// How many starts have a slot and are not yet accounted for.
    package var startsUnderWay: Int { starts.count }

    private mutating func takeActions() -> [ServerAction] {
        defer { actions.removeAll() }
        return actions
    }

    mutating func act(_ action: ServerAction) {
        actions.append(action)
    }

    // MARK: Requests

    @discardableResult
    mutating func send(_ request: StudioRequest, for use: Exchange.Use) -> ExchangeID {
        let id = addExchange(request, for: use)
        act(.send(id, request))
        return id
    }

    mutating func addExchange(_ request: StudioRequest, for use: Exchange.Use) -> ExchangeID {
        lastExchange += 1
        let id = ExchangeID(number: lastExchange)
        exchanges[id] = Exchange(use: use, request: request)
        return id
    }

    private mutating func ended(_ id: ExchangeID, _ outcome: ExchangeOutcome) {
        guard let exchange = exchanges[id] else { return }
        if case .reply(let reply) = outcome, let date = reply.date { clock = (date, now) }
        var verdict = ErrorPolicy.verdict(outcome, exchange.purpose, api)
        if case .read(let reply) = verdict {
            do throws(StudioFault) {
                try read(reply, id, exchange)
                return
            } catch {
                verdict = ErrorPolicy.verdict(error, exchange.purpose)
            }
        }
        var isAnswered = false
        if case .reply = outcome { isAnswered = true }
        follow(verdict, id, exchange, isAnswered: isAnswered)
    }

    /// The server is not why the start was not sent: the time that has passed does not count to its patience.
    private mutating func late(_ id: ExchangeID, after time: Duration) {
        guard let exchange = exchanges[id] else { return }
        let reason = "it could not be written down in time"
        exchanges[id]?.backoff?.postpone(by: time)
        notSent(exchange.use, reason)
        tryAgain(id, reason, nil)
    }

    /// What is to be done that is not reading an answer.
    private mutating func follow(
        _ verdict: ErrorPolicy.Verdict, _ id: ExchangeID, _ exchange: Exchange, isAnswered: Bool
    ) {
        switch verdict {
        case .read: break
        // A server that does not know its keys may execute workflows all the same.
        case .again where exchange.isGreeting && isAnswered: unprepared(id, exchange.use)
        case .again(let reason, let retryAfter):
            notSent(exchange.use, reason)
            tryAgain(id, reason, retryAfter)
        // Whether the key is right the start finds out.
        case .readKey where exchange.isPreparation: unprepared(id, exchange.use)
        case .readKey(let status, let message):
            notSent(exchange.use, "the server refused the key (\(status))")
            exchanges[id]?.keyRefusal = "(\(status)): \(message)"
            if exchange.keyRefusal == nil { act(.readKey(id)) } else { refuseKey(id) }
        case .refused(404, let message) where isNew(exchange):
            tryAgain(
                id, "the server does not know the job yet (404): \(message)", nil, limit: JobWatch.shortestAbsence)
        case .refused(let status, let message): refused(id, exchange.use, status, message)
        case .doubtful(let reason): doubtful(id, exchange.use, reason)
        case .nonsense(let text):
            tryAgain(id, "an answer that cannot be understood: \(text)", nil, limit: Self.nonsenseLimit)
        }
    }

    /// What is over in less time is nobody's trouble.
    private static let hiccup = Duration.seconds(5)
    /// How long a question is asked again whose answers cannot be understood.
    private static let nonsenseLimit = Duration.seconds(30)

    /// A job may be asked for before the server knows it.
    private func isNew(_ exchange: Exchange) -> Bool {
        guard case .query(let id) = exchange.use, case .job(let job)? = queries[id]?.query else { return false }
        return watch.age(of: job, at: now).map { $0 < JobWatch.shortestAbsence } ?? false
    }

    /// - Parameter limit: shorter than the patience, for what no patience mends.
    private mutating func tryAgain(
        _ id: ExchangeID, _ reason: String, _ retryAfter: Duration?, limit: Duration? = nil
    ) {
        guard let exchange = exchanges[id] else { return }
        guard !isWithdrawn(exchange.use) else {
            end(id)
            return gaveUp(exchange.use, nil)
        }
        var backoff = exchange.backoff ?? Backoff(patience: patience, at: now)
        guard let delay = backoff.delay(at: now, atLeast: retryAfter, limit: limit, &random) else {
            end(id)
            return gaveUp(exchange.use, failure(after: reason, isUnderstood: limit == nil))
        }
        if exchange.backoff == nil { failing += 1 }
        if !isTold, max(delay, backoff.elapsed(at: now)) >= min(Self.hiccup, patience / 10) {
            isTold = true
            act(.tell("\(identity.url): \(reason); trying again for up to \(patience.short)"))
        }
        act(.note("\(identity.url): \(exchange.request.operation.rawValue): \(reason); again in \(delay.short)"))
        exchanges[id]?.backoff = backoff
        exchanges[id]?.isWaiting = true
        act(.setTimer(.retry(id), after: delay))
    }

    private func failure(after reason: String, isUnderstood: Bool) -> StepFailure {
        isUnderstood
            ? StepFailure(
                kind: .unreachable, message: "\(identity.url) could not be reached for \(patience.short): \(reason)")
            : StepFailure(kind: .protocol, message: "\(identity.url): \(reason)")
    }

    /// It is over, whatever came of it.
    mutating func end(_ id: ExchangeID) {
        guard let exchange = exchanges.removeValue(forKey: id) else { return }
        if case .start(let step) = exchange.use { starts[step]?.exchange = nil }
        if exchange.backoff != nil {
            failing -= 1
            if failing == 0 {
                isTold = false
                act(.note("\(identity.url): it answers again"))
            }
        }
    }

    private mutating func keyRead(_ id: ExchangeID, _ key: String?) {
        guard let exchange = exchanges[id] else { return }
        if let key {
            identity.key = key
            guard !isWithdrawn(exchange.use) else {
                end(id)
                return gaveUp(exchange.use, nil)
            }
            sendAgain(id, exchange)
        } else {
            refuseKey(id)
        }
    }

    private mutating func refuseKey(_ id: ExchangeID) {
        guard let exchange = exchanges[id] else { return }
        end(id)
        gaveUp(
            exchange.use,
            StepFailure(
                kind: .auth,
                message: "\(identity.url), environment \"\(identity.environment)\", key \(identity.key)"
                    + (identity.keySetting.map { " (\($0))" } ?? "")
                    + ": the server refused the key \(exchange.keyRefusal ?? "")"))
    }

    private mutating func fired(_ timer: ServerTimer) {
        switch timer {
        case .tick(let number): perform(watch.ticked(number, at: now))
        case .retry(let id):
            guard let exchange = exchanges[id], exchange.isWaiting else { return }
            exchanges[id]?.isWaiting = false
            sendAgain(id, exchange)
        case .ask(let id): askAgain(id)
        case .look(let step): lookAgain(step)
        case .open(let step): goOn(step)
        case .predecessor(let step): askPredecessor(step)
        }
    }

    /// A start gets a connection of its own for each try, and waits there for the word to go.
    private mutating func sendAgain(_ id: ExchangeID, _ exchange: Exchange) {
        // What is known before it leaves may be old by now. Another id: a word that was given for the connection that ended
        // must not let this one go.
        if case .start(let step) = exchange.use {
            lastExchange += 1
            let next = ExchangeID(number: lastExchange)
            exchanges[next] = exchanges.removeValue(forKey: id)
            starts[step]?.exchange = next
            return goOn(step)
        }
        act(.send(id, exchange.request))
    }

    /// The server's clock now, as far as it is known.
    var serverTime: Timestamp? { clock.map { $0.time + (now - $0.at) } }

    /// Now, by the clock of the machine's boot.
    var bootTime: BootInstant? {
        boot.map { BootInstant(boot: $0.boot, elapsed: $0.elapsed + now) }
    }

    // MARK: What is learned

    /// Changes the profile.
    mutating func learn(_ change: (inout ServerProfile) -> Void) {
        let before = profile
        change(&profile)
        if profile != before { hasLearned = true }
    }

    /// What has been learned since this was asked last; `nil`: nothing.
    package mutating func takeProfile() -> ServerProfile? {
        guard hasLearned else { return nil }
        hasLearned = false
        return profile
    }
}
