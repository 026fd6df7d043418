package import DataStudio
import JSON

/// A Data Studio server as a value: requests and the time go in, replies come out.
///
/// It speaks the API description it is given. Nothing happens between two requests: the state of a job follows from the
/// time of the request that asks for it. Times may not lie far apart, and should not go back.
package struct SimulatedStudio: Sendable {
    /// The workflows, how they behave, and what goes wrong.
    package let scenario: Scenario
    /// The language it speaks.
    package let description: APIDescription
    /// The requests so far, oldest first. Of more than ``logLimit`` the older ones are forgotten.
    package private(set) var log: [StudioLogEntry] = []

    /// How many requests the log holds at most.
    package static let logLimit = 100_000
    /// The user whose jobs the scenario's key makes.
    package static let user = "simulated"
    /// How long the body of a request may be: 16 MB. Longer ones are answered with 413.
    package static let bodyLimit = 16 << 20

    /// The document that is published instead of one made from the description.
    let document: PublishedDocument?
    let writer: ReplyWriter
    var workflows: [String: SimulatedWorkflow]
    var ids: IDSource
    /// In the order of their creation.
    var jobs: [SimulatedJob] = []
    var jobIndex: [String: Int] = [:]
    /// How many jobs there have been, with those that the server has lost.
    var createdCount = 0
    /// When datasets were last told to load.
    var refreshed: [String: Timestamp] = [:]
    /// When the server began: the times of faults count from then.
    private(set) var began: Timestamp
    private let routes: [Route]
    /// The users of the API keys, by the header that requests have to carry.
    private let owners: [String: KeyOwner]
    private var chance: FaultChance
    private var restarts: Int = 0

    /// A server that has no jobs yet.
    ///
    /// - Parameters:
    ///   - description: what it offers, and how; see ``description(for:)``.
    ///   - document: what it publishes; `nil`: what follows from the description.
    ///   - seed: UUIDs and chance follow from it, unless the scenario has one.
    ///   - began: from when on the times of faults count.
    package init(
        scenario: Scenario, description: APIDescription, document: PublishedDocument? = nil, seed: UInt64 = 4711,
        began: Timestamp
    ) {
        var description = description
        if !scenario.tellsKey { description.operations[.keyInformation] = nil }
        self.scenario = scenario
        self.description = description
        self.document = document
        self.began = began
        writer = ReplyWriter(description: description, scenario: scenario)
        workflows = Dictionary(scenario.workflows.map { ($0.label, $0.workflow) }) { first, _ in first }
        owners = Self.owners(scenario, StudioAPI(description))
        let seed = scenario.seed ?? seed
        ids = IDSource(scenario.ids, seed: seed)
        chance = FaultChance(scenario.faults, seed: seed)
        // A path that is fixed wins over one with an id in the same place.
        let (operations, base) = (description.operations, description.base)
        routes = Operation.allCases
            .compactMap { name in
                operations[name].map { Route(name, $0, base: base) }
            }
            .sorted { $0.placeholderCount < $1.placeholderCount }
    }

    private static func owners(_ scenario: Scenario, _ api: StudioAPI) -> [String: KeyOwner] {
        var owners: [String: KeyOwner] = [:]
        func add(_ key: String, _ owner: KeyOwner) {
            owners[api.authorization(environment: scenario.environment, key: key)] = owner
        }
        for (key, user) in scenario.keys { add(key, KeyOwner(user: user, told: user)) }
        add(scenario.key, KeyOwner(user: user, told: scenario.keyUser ?? user))
        return owners
    }

    /// The default API description, with the operations that the scenario adds.
    package static func description(for scenario: Scenario) throws -> APIDescription {
        var description = try APIDescription.default()
        func add(_ name: Operation, _ method: String, _ path: String) {
            guard scenario.operations.contains(name) else { return }
            description.operations[name] = OperationDescription(method: method, path: path)
        }
        add(.cancelJob, "POST", "/jobs/{jobId}/cancel")
        add(.getDataset, "GET", "/datasets/{label}")
        add(.refreshDataset, "POST", "/datasets/{label}/refresh")
        add(.executeSchedule, "POST", "/schedules/{label}/execute")
        if !scenario.tellsWhose {
            description.job.user = nil
            description.job.parameters = nil
        }
        if !scenario.tellsKey { description.operations[.keyInformation] = nil }
        description.dataset = .init(
            label: JSONPointer(tokens: ["externalLabel"]), state: description.job.state,
            refreshed: JSONPointer(tokens: ["refreshedTime"]))
        return description
    }

    /// The server begins at that time, and not when it was made.
    package mutating func begin(at now: Timestamp) {
        began = now
    }

    /// Answers a request, and writes it down in the log.
    package mutating func handle(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedReply {
        restartIfDue(at: now)
        var entry = StudioLogEntry(at: now, method: request.method, path: request.path)
        var reply: SimulatedReply
        do throws(Refusal) {
            reply = try answer(request, at: now, &entry)
        } catch {
            reply = .json(status: error.status, writer.error(error))
        }
        reply.hasDate = scenario.sendsDate
        // A request that found nobody was never received.
        if reply.delivery == .refused { return reply }
        entry.status = reply.delivery == .nothing ? nil : reply.status
        // Half at a time, so that a full log does not move all its entries for each new one.
        if log.count == Self.logLimit { log.removeFirst(Self.logLimit / 2) }
        log.append(entry)
        return reply
    }

    /// True while nobody listens.
    package func isDown(at now: Timestamp) -> Bool {
        scenario.faults.contains { fault in
            if case .down = fault.kind { fault.isActive(at: now - began) } else { false }
        }
    }

    /// How long it is from then until the server goes down or comes back next; `nil`: it does not.
    package func nextChange(after now: Timestamp) -> Duration? {
        let age = now - began
        let edges = scenario.faults.flatMap { fault -> [Duration] in
            guard case .down = fault.kind else { return [] }
            return [fault.from] + (fault.length.map { [fault.from + $0] } ?? [])
        }
        return edges.filter { $0 > age }.min().map { $0 - age }
    }

    private mutating func answer(
        _ request: SimulatedRequest, at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        guard !isDown(at: now) else { return .refused }
        guard !request.isTooLong else { throw Refusal(413, "The body is longer than \(Self.bodyLimit) bytes.") }
        let target = RequestTarget(request.path)
        let method = request.method.uppercased()
        if let documentation = documentation(target.path, at: now) {
            guard method == "GET" else { throw Self.wrongMethod(method, target) }
            return documentation
        }
        let candidates = routes.lazy.compactMap { route in route.values(in: target).map { (route, $0) } }
        let (route, values) = candidates.first { $0.0.method == method } ?? (nil, [:])
        entry.operation = route?.operation
        entry.label = values[.label] ?? route.flatMap { label(in: request.body, of: $0.operation) }
        let hits = chance.hits(entry.operation, label: entry.label ?? label(of: values), at: now - began)
        if !hits.isEmpty { entry.fault = hits.map(\.word).joined(separator: ", ") }
        var reply = SimulatedReply.dropped
        let outcome = hits.first { if case .delay = $0.kind { false } else { true } }
        if outcome?.isDone ?? true {
            let owner = try authorise(request.authorization)
            guard route != nil || !candidates.isEmpty else { throw Refusal(404, "There is nothing at \(target.path).") }
            guard let route else { throw Self.wrongMethod(method, target) }
            reply = try perform(route.operation, values, request.body, by: owner, at: now, &entry)
        }
        if let outcome { spoil(&reply, outcome) }
        for case .delay(let delay) in hits.map(\.kind) { reply.delay += delay }
        return reply
    }

    private static func wrongMethod(_ method: String, _ target: RequestTarget) -> Refusal {
        Refusal(405, "\(method) is not allowed at \(target.path).")
    }

    private func authorise(_ header: String?) throws(Refusal) -> KeyOwner {
        guard let header else { throw Refusal(401, "The Authorization header is missing.") }
        if let owner = owners[header] { return owner }
        // With a right key it must be the environment that is wrong.
        for key in [scenario.key] + Array(scenario.keys.keys) {
            guard var template = TextTemplate(description.authentication, .environment) else { break }
            template.prefix.replace("{key}", with: key)
            template.suffix.replace("{key}", with: key)
            if let environment = template.value(in: header) {
                throw Refusal(403, "The API key gives no access to the environment \"\(environment)\".")
            }
        }
        throw Refusal(401, "The API key is not valid.")
    }

    // MARK: Faults

    private func spoil(_ reply: inout SimulatedReply, _ fault: Fault) {
        switch fault.kind {
        case .lost, .reset: reply.delivery = .nothing
        case .noBody: reply.delivery = .head
        case .halfBody: reply.delivery = .half
        case .trickle: reply.delivery = .trickle
        case .redirect(let location): reply = .redirect(to: location)
        case .status(let status, let body, let retryAfter, _):
            switch body {
            case .json: reply = .json(status: status, writer.error(Refusal(status, "The server is told to fail.")))
            case .html:
                let page = "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>\n"
                reply = .content(status: status, type: "text/html", Array(page.utf8))
            case .empty: reply = SimulatedReply(status: status)
            }
            reply.retryAfter = retryAfter.map { ($0.milliseconds + 999) / 1000 }
        case .down, .delay, .vanish, .state: break
        }
    }

    /// What is known of a job that a request names, for faults that are about its workflow.
    private func label(of values: [Placeholder: String]) -> String? {
        values[.jobId].flatMap { jobIndex[$0] }.map { jobs[$0].label }
    }

    private func label(in body: [UInt8], of operation: Operation) -> String? {
        guard operation == .executeWorkflow, let names = description.operations[operation]?.body else { return nil }
        return (try? SimulatedStart(body, names: names, label: nil))?.label
    }

    /// A server that has been down may have forgotten its jobs.
    private mutating func restartIfDue(at now: Timestamp) {
        let due = scenario.faults.filter { fault in
            guard case .down(let restart) = fault.kind, restart != .keep else { return false }
            return now - began >= fault.from
        }
        guard due.count > restarts else { return }
        for case .down(let restart) in due.dropFirst(restarts).map(\.kind) {
            jobs = []
            jobIndex = [:]
            if restart == .reuseIds { ids.restart() }
        }
        restarts = due.count
    }
}
