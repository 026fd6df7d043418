import DataStudio
import HTTPTypes
import JSON
import LuaVM
import Orchestration
import SimulatedStudio

/// Drives a `RunMachine` against a simulated server in virtual time: nothing sleeps, nothing is on a socket.
final class VirtualRun {
    private(set) var studio: SimulatedStudio
    private let api: StudioAPI
    private let machine: RunMachine
    private(set) var now = Timestamp(milliseconds: 1_772_337_906_000)
    private var queue: [(at: Timestamp, order: Int, event: MachineEvent)] = []
    private var order = 0
    private var watched: [NodeID: JobID] = [:]
    private var cancelled: Set<TimerID> = []

    private(set) var records: [Record] = []
    private(set) var events: [RunEvent] = []
    /// Actions in order, by a short name.
    private(set) var trace: [String] = []
    private(set) var end: RunEnd?
    /// Starts that the machine does not want any more.
    private(set) var withdrawn: [NodeID] = []

    init(
        _ script: String, scenario: String = "others: { duration: 1s }", name: String = "test.lua",
        arguments: [String] = [], limits: LuaLimits = RunConfiguration.usualLimits
    ) throws {
        let scenario = try Scenario(yaml: scenario)
        let description = try SimulatedStudio.description(for: scenario)
        studio = SimulatedStudio(scenario: scenario, description: description, seed: 1)
        api = StudioAPI(description)
        machine = try RunMachine(
            RunConfiguration(scriptName: name, scriptText: script, arguments: arguments, seed: 42, limits: limits),
            at: now)
    }

    /// Runs to the end, or to a fault of the harness after a million events.
    @discardableResult
    func run(until stop: (VirtualRun) -> Bool = { _ in false }) throws -> VirtualRun {
        perform(machine.begin())
        for _ in 0..<1_000_000 where end == nil && !stop(self) {
            let poll = watched.isEmpty ? nil : now + .milliseconds(10)
            if let index = queue.indices.min(by: { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) }),
                queue[index].at <= poll ?? queue[index].at
            {
                let next = queue.remove(at: index)
                now = max(now, next.at)
                deliver(next.event)
            } else if let poll {
                now = poll
                for (step, id) in watched.sorted(by: { $0.key < $1.key }) {
                    guard let request = try? api.jobRequest(id), let reply = send(request),
                        let job = try? api.readJob(reply)
                    else { continue }
                    deliver(.jobSeen(step, job))
                }
            } else {
                break
            }
        }
        return self
    }

    /// Hands the machine an event from outside.
    func deliver(_ event: MachineEvent) {
        if case .timerFired(let timer) = event, cancelled.contains(timer) { return }
        perform(machine.handle(event, at: now))
    }

    func detach() {
        perform(machine.detach())
    }

    private func post(_ event: MachineEvent, after delay: Duration) {
        order += 1
        queue.append((now + delay, order, event))
    }

    private func send(_ request: StudioRequest) -> StudioReply? {
        let reply = studio.handle(
            SimulatedRequest(
                method: request.method.rawValue, path: request.path,
                authorization: api.authorization(environment: "default", key: "simulated-key"),
                body: request.body.map { Array($0.jsonText.utf8) } ?? []),
            at: now)
        guard let status = reply.status else { return nil }
        return StudioReply(status: status, body: reply.body)
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
                guard let request = try? api.startRequest(start) else { continue }
                let outcome = send(request).map { StartOutcome($0, api) ?? .doubtful("busy") }
                post(.startEnded(step, outcome ?? .doubtful("the connection closed")), after: .milliseconds(1))
            case .withdraw(let step): withdrawn.append(step)  // every start is on its way at once
            case .watch(let step, _, let job): watched[step] = job
            case .unwatch(let step): watched[step] = nil
            case .setTimer(let timer, let delay): post(.timerFired(timer), after: delay)
            case .cancelTimer(let timer): cancelled.insert(timer)
            case .ask(let id, _, let query): post(.answered(id, answer(query)), after: .milliseconds(1))
            }
        }
    }

    private func answer(_ query: Query) -> Answer {
        do throws(StudioFault) {
            switch query {
            case .job(let id):
                guard let reply = send(try api.jobRequest(id)) else { return .job(nil) }
                return .job(try api.readJob(reply))
            case .latestJob(let label):
                let request = try api.jobListRequest(createdAfter: nil, page: 0, pageSize: 10_000)
                guard let reply = send(request) else { return .job(nil) }
                return .job(try api.readJobs(reply).items.first { $0.label == label })
            case .cancel(let id):
                guard let reply = send(try api.cancelRequest(id)) else { return .cancelled(false, reason: "no answer") }
                try api.readDone(reply)
                return .cancelled(true, reason: "")
            }
        } catch {
            if case .cancel = query { return .cancelled(false, reason: StepFailure(error).message) }
            return .failed(StepFailure(error))
        }
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
        let beginning = Timestamp(milliseconds: 1_772_337_906_000)
        return ((from - beginning).seconds, (to - beginning).seconds)
    }

    /// Seconds the run took.
    var duration: Double { (now - Timestamp(milliseconds: 1_772_337_906_000)).seconds }
}
