package import DataStudio
import LuaVM

/// A run of one script: events come in, actions come out. No I/O, no clock.
///
/// Lua runs inside, in turns: a record is delivered, all tasks run until each waits, and what they ask for becomes
/// records and actions. One caller at a time.
package final class RunMachine {
    let vm: LuaVM
    let configuration: RunConfiguration
    let context: ScriptContext

    var nodes: [NodeID: Node] = [:]
    var steps: [NodeID: Step] = [:]
    var tasks: [LuaTaskID: NodeID] = [:]
    var groups: [GroupID: Group] = [:]
    var timers: [TimerID: TimerUse] = [:]
    var queries: [QueryID: QueryUse] = [:]
    /// Starts that have left and have not been answered.
    var startsInFlight: Set<NodeID> = []
    /// The steps that jobs belong to.
    var owners: [JobKey: NodeID] = [:]
    /// Steps whose jobs are watched.
    var watched: Set<NodeID> = []

    /// Steps that were given up while their jobs went on.
    var leftRunning: [NodeID] = []
    var notStarted: [String] = []
    var warnings: [String] = []
    /// `finish` or `fail` was called.
    var requestedEnd: RunEnd?
    /// The run is interrupted, and ends once no start is in flight.
    var interruption: StepFailure?
    /// The script is over; the run is when no start is in flight.
    var outcome: Outcome?
    /// A signal came: the run ends when no start is in flight.
    var isDetaching = false
    var signal: Int32?
    var isOver = false

    private let script: LuaReference
    private var actions: [MachineAction] = []
    private var lastRecord = 0
    private var lastNumber = 0

    /// The script's own node.
    let root = NodeID(number: 0)

    /// Parses the script.
    ///
    /// - Throws: `LuaError` with file and line when it does not parse. Nothing has happened then.
    package init(_ configuration: RunConfiguration, at now: Timestamp) throws {
        self.configuration = configuration
        context = ScriptContext(now: now)
        vm = try LuaVM(limits: configuration.limits, seed: Int64(bitPattern: configuration.seed))
        script = try vm.load(configuration.scriptText, name: configuration.scriptName)
        try installLibrary()
    }

    /// Runs the script up to its first waits.
    package func begin() -> [MachineAction] {
        record(
            "",
            .began(
                script: configuration.scriptName, text: configuration.scriptText, arguments: configuration.arguments,
                seed: configuration.seed))
        report(.began(script: configuration.scriptName))
        let arguments = configuration.arguments.map { LuaValue.string($0) }
        let task = vm.spawn(script, arguments: arguments)
        nodes[root] = Node(id: root, owner: nil, content: .task(task), key: "", location: nil)
        tasks[task] = root
        runTurn()
        return takeActions()
    }

    /// Takes one event.
    ///
    /// - Parameter now: the instant it happened, no earlier than that of the event before.
    package func handle(_ event: MachineEvent, at now: Timestamp) -> [MachineAction] {
        guard !isOver else { return [] }
        if now > context.now { vm.timeHasMoved() }
        context.now = max(now, context.now)
        receive(event)
        runTurn()
        return takeActions()
    }

    /// Leaves the run where it is: the script is not told, jobs go on. Starts on their way may still be answered; the
    /// second call does not wait for them.
    ///
    /// - Parameter signal: what asked for it.
    package func detach(signal: Int32? = nil) -> [MachineAction] {
        guard !isOver else { return [] }
        self.signal = self.signal ?? signal
        if isDetaching || startsInFlight.isEmpty {
            endDetached()
        } else {
            isDetaching = true
            withdrawStarts()
        }
        return takeActions()
    }

    /// Runs every task until each waits, then looks whether anything is left to wait for.
    private func runTurn() {
        while !isOver, interruption == nil, !isDetaching, let event = vm.next() {
            flushOutput()
            switch event {
            case .request(let request): take(request)
            case .ended(let task, let outcome): taskEnded(task, outcome)
            case .interrupted: break
            }
        }
        flushOutput()
        guard !isOver else { return }
        if let interruption {
            if startsInFlight.isEmpty { endInterrupted(interruption) }
        } else if isDetaching {
            if startsInFlight.isEmpty { endDetached() }
        } else if let outcome {
            if startsInFlight.isEmpty { endRun(outcome) }
        } else if startsInFlight.isEmpty, watched.isEmpty, timers.isEmpty, queries.isEmpty {
            endStuck()
        }
    }

    private func flushOutput() {
        for event in context.output { report(event) }
        context.output.removeAll()
    }

    // MARK: What the parts of the machine share

    /// The next number of a node, group, timer or query.
    func number() -> Int {
        lastNumber += 1
        return lastNumber
    }

    func act(_ action: MachineAction) {
        actions.append(action)
    }

    func report(_ event: RunEvent) {
        act(.report(event))
    }

    func record(_ key: String, _ body: RecordBody) {
        lastRecord += 1
        act(.append(Record(sequence: lastRecord, key: key, attempt: 1, at: context.now, body: body)))
    }

    func warn(_ text: String) {
        warnings.append(text)
        report(.warning(text))
    }

    /// The key of a node's next call of a function.
    func nextKey(_ function: String, in node: NodeID) -> String {
        let occurrence = (nodes[node]?.occurrences[function] ?? 0) + 1
        nodes[node]?.occurrences[function] = occurrence
        let prefix = nodes[node].map { $0.key.isEmpty ? "" : $0.key + "/" } ?? ""
        return "\(prefix)\(function)#\(occurrence)"
    }

    private func takeActions() -> [MachineAction] {
        defer { actions.removeAll() }
        return actions
    }
}
