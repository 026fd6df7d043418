package import DataStudio
import DequeModule
import LuaVM

/// A run of one script: events come in, actions come out. No I/O, no clock.
///
/// Lua runs inside, in turns: a record is delivered, all tasks run until each waits, and what they ask for becomes
/// records and actions. One caller at a time.
package final class RunMachine {
    let vm: LuaVM
    let configuration: RunConfiguration
    let context: ScriptContext

    var nodes = NodeTable<Node>()
    var steps = NodeTable<Step>()
    var tasks: [LuaTaskID: NodeID] = [:]
    var groups: [GroupID: Group] = [:]
    var timers: [TimerID: ArmedTimer] = [:]
    var queries: [QueryID: OpenQuery] = [:]
    /// Where records find what waits for them.
    var stepsByKey: [String: NodeID] = [:]
    var timersByKey: [ArmedTimer.Key: TimerID] = [:]
    var queriesByKey: [String: QueryID] = [:]
    /// Steps that are to be started and are not yet accounted for.
    var startsInFlight: Set<NodeID> = []
    /// The steps that jobs belong to.
    var owners: [JobKey: NodeID] = [:]
    /// The steps that wait for jobs of others, by the keys of those jobs' ends.
    var waits: [String: NodeID] = [:]
    /// Steps whose jobs are watched.
    var watched: Set<NodeID> = []
    /// What earlier lives saw of the jobs of attempts, by step key and then by attempt number. Records do not hold it.
    var sights: [String: [Int: Sighting]] = [:]
    /// After a replay: watched steps whose jobs have not been seen in this life. Timers wait for them.
    var unseen: Set<NodeID> = []
    /// The last attempt of steps that were begun in a part of the log that is void.
    var usedAttempts: [String: Int] = [:]
    /// The steps that a retry starts again when the innermost list with a limit allows it, by that list.
    var postponed: [GroupID?: [NodeID]] = [:]

    var locks = LockQueues()
    /// How often the run was retried.
    var retrials = 0

    /// The functions of `finally` that run, each with the timer that ends it.
    var runningFinallys: [NodeID: (timer: TimerID, limit: Duration)] = [:]
    /// None of them begins any more.
    var isWithoutFinally = false
    /// What those of them came to that failed after the end of the run was settled.
    var finallyErrors: [ScriptError] = []
    /// The scopes whose work a function of `finally` may have taken back; of a machine that keeps what has ended.
    var undone: Set<NodeID> = []
    /// What failed besides steps; of a machine that keeps what has ended.
    var otherFailures: [OtherFailure] = []

    /// Steps that were given up while their jobs went on.
    var leftRunning: [NodeID] = []
    /// Those of them whose jobs the server has said since to have ended.
    var endedSinceLeft: Set<NodeID> = []
    var notStarted = BoundedList()
    var warnings = BoundedList()
    /// `finish` or `fail` was called, or the run is cancelled.
    var requestedEnd: RunEnd?
    /// Of a run whose script is typed line by line; `nil` for every other.
    var session: Session?
    /// Set once the run is left where it is: nothing is delivered to the script any more, and the run is left for another
    /// life when no start is in flight.
    var leaving: Leaving?
    /// A turn was ended from outside, as the run is about to be left: none of what it led to has happened, and no other
    /// follows.
    private(set) var isTurnCut = false
    /// The script is over; the run is when no start is in flight.
    var outcome: Outcome?
    var isOver = false
    /// While a log is delivered: nothing leaves.
    var isReplaying = false
    /// While records are delivered that a person has added since the run was left: nobody was told of what they lead to.
    var isNews = false

    /// Why the run is left.
    enum Leaving {
        /// A server cannot be used.
        case interruption(StepFailure)
        /// A signal came, or `baton stop`.
        case detachment(signal: Int32?)
    }

    /// Ends the turn that goes on, from another thread, so that an ``MachineEvent/interruptLine`` can be taken. Once it is
    /// closed, ``detach(signal:)`` has to follow.
    package let interrupter: RunInterrupter
    /// What the next part of the run is to be begun with: the script has called `restart_with`.
    var restart: RunPart?

    private let script: LuaReference
    private var actions: [MachineAction] = []
    /// Records that the event at hand makes, in order: each is appended, delivered and acted on before the next.
    private var undelivered: Deque<(key: String, attempt: Int, body: RecordBody)> = []
    /// When the event at hand happened.
    private var eventTime: Timestamp
    var lastRecord = 0
    /// Told of reports during a replay, with the time of the record that led to them.
    var observe: ((RunEvent, Timestamp) -> Void)?
    private var lastNumber = 0
    private(set) var lastStep = 0
    /// False to keep what has ended, for whoever looks through a log.
    package var releasesEnded = true

    /// The script's own node.
    let root = NodeID(number: 0)

    /// Parses the script.
    ///
    /// - Parameter former: the part of the run before this one.
    /// - Throws: `LuaError` with file and line when it does not parse. Nothing has happened then.
    package init(_ configuration: RunConfiguration, at now: Timestamp, after former: RunMachine? = nil) throws {
        // Whoever forgot to look the zone up would have the script branch on wrong hours.
        if let zone = configuration.beginning.zone, zone != configuration.zone.name {
            throw LuaError("the rules of the time zone \"\(zone)\" are missing")
        }
        self.configuration = configuration
        interrupter = former?.interrupter ?? RunInterrupter()
        eventTime = now
        context = ScriptContext(now: now, largestOutput: configuration.limits.memory)
        vm = try LuaVM(
            limits: configuration.limits, seed: Int64(bitPattern: configuration.beginning.seedOfPart))
        let modules = configuration.beginning.modules
        let findModule = configuration.findModule
        vm.modules = { name in modules[name].map { LuaModule(text: $0, name: name) } ?? findModule?(name) }
        session = configuration.beginning.isSession ? Session() : nil
        script = try vm.load(configuration.beginning.text, name: configuration.beginning.script)
        try installLibrary()
        interrupter.attach(vm.interrupter)
        if let former {
            // What one part has asked for never has the number of what another has.
            lastNumber = former.lastNumber
            lastRecord = former.lastRecord
            warnings = former.warnings
            notStarted = former.notStarted
        }
        vm.handleDropped = { [unowned self] in handleDropped($0, $1) }
    }

    /// Runs the script up to its first waits.
    package func begin() -> [MachineAction] {
        let actions = beginLog()
        return actions + beginPart()
    }

    /// Writes down that the run, or a part of it, begins: the script does when ``beginPart()`` is called.
    func beginLog() -> [MachineAction] {
        append("", 1, .began(configuration.beginning))
        return takeActions()
    }

    /// Runs the script up to its first waits.
    func beginPart() -> [MachineAction] {
        guard leaving == nil, !isOver else { return [] }
        beginScript()
        return deliverAll()
    }

    func beginScript() {
        if session != nil { return beginSession() }
        let part = configuration.beginning.part
        report(.began(script: configuration.beginning.script, run: configuration.beginning.run, part: part.number))
        let arguments = configuration.beginning.arguments.map { LuaValue.string($0) }
        let task = vm.spawn(script, arguments: arguments)
        let node = Node(id: root, owner: nil, content: .task(task), key: part.key, location: nil)
        // They were checked when the configuration was read.
        node.defaults = (try? StepOptions(texts: configuration.beginning.defaults, vm)) ?? StepOptions()
        add(node)
        tasks[task] = root
        runTurn()
    }

    /// Takes one event.
    ///
    /// - Parameter now: when it happened.
    package func handle(_ event: MachineEvent, at now: Timestamp) -> [MachineAction] {
        guard !isOver else { return [] }
        begin(event: now)
        receive(event)
        return deliverAll()
    }

    /// What happens from here on happens at that instant.
    func begin(event now: Timestamp) {
        eventTime = max(now, context.now)
    }

    /// Delivers what has been logged, one record after the other.
    func deliverAll() -> [MachineAction] {
        var isQuiet = true
        while !isOver, let (key, attempt, body) = undelivered.popFirst() {
            isQuiet = false
            let record = append(key, attempt, body)
            do throws(ReplayError) {
                try deliver(record)
            } catch {
                assertionFailure("an event led to a record nothing waits for: \(error.message)")
            }
            runTurn()
        }
        if isQuiet {
            endIfDone()
            if !undelivered.isEmpty { return deliverAll() }
        }
        return takeActions()
    }

    /// Leaves the run where it is: the script is not told, jobs go on. Starts on their way may still be answered; the
    /// second call does not wait for them.
    ///
    /// - Parameter signal: what asked for it.
    package func detach(signal: Int32? = nil) -> [MachineAction] {
        guard !isOver else { return [] }
        if leaving == nil { leave(.detachment(signal: signal)) } else { startsInFlight.removeAll() }
        endIfDone()
        return takeActions()
    }

    /// Runs every task until each waits, then looks whether anything is left to wait for.
    func runTurn() {
        let before = (actions: actions.count, records: undelivered.count, last: lastRecord, starts: startsInFlight)
        while !isOver, leaving == nil, !isTurnCut, let event = vm.next() {
            flushOutput()
            switch event {
            case .request(let request): take(request)
            case .ended(let task, let outcome): taskEnded(task, outcome)
            case .interrupted where interrupter.isClosed: isTurnCut = true
            case .interrupted:
                interrupter.taken()
                interruptLine()
            }
        }
        if isTurnCut {
            // As if the process had died before it: a later life has the turn again.
            actions.removeLast(max(0, actions.count - before.actions))
            undelivered.removeLast(max(0, undelivered.count - before.records))
            context.output = []
            lastRecord = before.last
            startsInFlight = before.starts
        }
        flushOutput()
        context.releaseOutput(in: vm)
        endIfDone()
    }

    func endIfDone() {
        guard !isOver, !isReplaying, startsInFlight.isEmpty else { return }
        if let leaving {
            endLeft(leaving)
        } else if isTurnCut {
            return
        } else if let outcome {
            endRun(outcome)
        } else if watched.isEmpty, waitsOnlyForLocks, timers.isEmpty || waitsForPerson {
            if session != nil, nodes[root]?.conclusion == nil {
                if !breakDeadlock() { leaveDeadlock() }
            } else {
                endStuck()
            }
        }
    }

    private func flushOutput() {
        for event in context.output { act(.report(event)) }
        context.output.removeAll()
    }

    // MARK: What the parts of the machine share

    /// The next number of a node, group, timer or query.
    func number() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// The next number of a step.
    func nextStepNumber() -> Int {
        lastStep += 1
        return lastStep
    }

    /// The part of the run that this is.
    package var part: RunPart { configuration.beginning.part }

    /// The instant of the turn, or of the event that began no turn.
    var now: Timestamp { max(eventTime, context.now) }

    func act(_ action: MachineAction) {
        guard isReplaying else { return actions.append(action) }
        guard case .report(let event) = action else { return }
        if isNews { actions.append(action) } else { observe?(event, context.now) }
    }

    func report(_ event: RunEvent) {
        // Within a turn a script may cause any number.
        context.hold(event, in: vm)
        act(.report(event))
    }

    /// Writes down what the event at hand means; it is delivered when what came before has been acted on.
    func log(_ key: String, _ body: RecordBody, attempt: Int = 1) {
        undelivered.append((key, attempt, body))
    }

    /// Adds a record to the log. One that begins a turn is delivered right after.
    @discardableResult
    func append(_ key: String, _ attempt: Int, _ body: RecordBody) -> Record {
        lastRecord += 1
        let record = Record(sequence: lastRecord, key: key, attempt: attempt, at: now, body: body)
        act(.append(record))
        return record
    }

    func warn(_ text: String) {
        warnings.add(text)
        report(.warning(text))
    }

    /// The key of a node's next call of a function.
    func nextKey(_ function: String, in node: NodeID) -> String {
        let occurrence = (nodes[node]?.occurrences[function] ?? 0) + 1
        nodes[node]?.occurrences[function] = occurrence
        let prefix = nodes[node].map { $0.key.isEmpty ? "" : $0.key + "/" } ?? ""
        return "\(prefix)\(function)#\(occurrence)"
    }

    /// What has been gathered for people in a replay is told once: it is written down first that it is.
    func tellOnce() {
        lastRecord += 1
        let record = Record(sequence: lastRecord, key: "", attempt: 1, at: now, body: .resumed)
        actions.insert(.append(record), at: 0)
    }

    private func takeActions() -> [MachineAction] {
        context.releaseOutput(in: vm)
        defer { actions.removeAll() }
        return actions
    }
}
