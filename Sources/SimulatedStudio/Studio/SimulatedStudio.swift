package import DataStudio

/// A Data Studio server as a value: requests and the time go in, replies come out.
///
/// It speaks the API description it is given. Nothing happens between two requests: the state of a job follows from the
/// time of the request that asks for it. Times may not lie far apart, and should not go back.
package struct SimulatedStudio: Sendable {
    /// The workflows and how they behave.
    package let scenario: Scenario
    /// The language it speaks.
    package let description: APIDescription
    /// The requests so far, oldest first. Of more than ``logLimit`` the older ones are forgotten.
    package private(set) var log: [StudioLogEntry] = []

    /// How many requests the log holds at most.
    package static let logLimit = 100_000
    /// How long the body of a request may be: 16 MB. Longer ones are answered with 413.
    package static let bodyLimit = 16 << 20

    let writer: ReplyWriter
    let workflows: [String: SimulatedWorkflow]
    var ids: IDSource
    /// In the order of their creation.
    var jobs: [SimulatedJob] = []
    var jobIndex: [String: Int] = [:]
    private let routes: [Route]

    /// A server that has no jobs yet.
    ///
    /// - Parameters:
    ///   - description: what it offers, and how; see ``description(for:)``.
    ///   - seed: UUIDs follow from it.
    package init(scenario: Scenario, description: APIDescription, seed: UInt64 = 4711) {
        self.scenario = scenario
        self.description = description
        writer = ReplyWriter(description: description)
        workflows = Dictionary(scenario.workflows.map { ($0.label, $0.workflow) }) { first, _ in first }
        ids = IDSource(scenario.ids, seed: seed)
        // A path that is fixed wins over one with an id in the same place.
        routes = Operation.allCases
            .compactMap { name in
                description.operations[name].map { Route(name, $0, base: description.base) }
            }
            .sorted { $0.placeholderCount < $1.placeholderCount }
    }

    /// The default API description, with the operations that the scenario adds.
    ///
    /// - Throws: what reading the description throws; see `APIDescription.default()`.
    package static func description(for scenario: Scenario) throws -> APIDescription {
        var description = try APIDescription.default()
        if scenario.operations.contains(.cancelJob), var cancel = description.operations[.getJob] {
            cancel.method = "POST"
            cancel.path += "/cancel"
            description.operations[.cancelJob] = cancel
        }
        return description
    }

    /// Answers a request, and writes it down in the log.
    package mutating func handle(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedReply {
        var entry = StudioLogEntry(at: now, method: request.method, path: request.path)
        let reply: SimulatedReply
        do throws(Refusal) {
            reply = try answer(request, at: now, &entry)
        } catch {
            reply = .json(status: error.status, writer.error(error))
        }
        entry.status = reply.status
        // Half at a time, so that a full log does not move all its entries for each new one.
        if log.count == Self.logLimit { log.removeFirst(Self.logLimit / 2) }
        log.append(entry)
        return reply
    }

    private mutating func answer(
        _ request: SimulatedRequest, at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        guard !request.isTooLong else { throw Refusal(413, "The body is longer than \(Self.bodyLimit) bytes.") }
        let target = RequestTarget(request.path)
        let method = request.method.uppercased()
        if let documentation = documentation(target.path) {
            guard method == "GET" else { throw Self.wrongMethod(method, target) }
            return documentation
        }
        try authorise(request.authorization)
        let candidates = routes.filter { $0.values(in: target) != nil }
        guard !candidates.isEmpty else { throw Refusal(404, "There is nothing at \(target.path).") }
        guard let route = candidates.first(where: { $0.method == method }) else {
            throw Self.wrongMethod(method, target)
        }
        entry.operation = route.operation
        return try perform(route.operation, route.values(in: target) ?? [:], request.body, at: now, &entry)
    }

    private static func wrongMethod(_ method: String, _ target: RequestTarget) -> Refusal {
        Refusal(405, "\(method) is not allowed at \(target.path).")
    }

    private func authorise(_ header: String?) throws(Refusal) {
        guard let header else { throw Refusal(401, "The Authorization header is missing.") }
        let expected = StudioAPI(description).authorization(environment: scenario.environment, key: scenario.key)
        if header == expected { return }
        // With the right key it must be the environment that is wrong.
        if var template = TextTemplate(description.authentication, .environment) {
            template.prefix.replace("{key}", with: scenario.key)
            template.suffix.replace("{key}", with: scenario.key)
            if let environment = template.value(in: header) {
                throw Refusal(403, "The API key gives no access to the environment \"\(environment)\".")
            }
        }
        throw Refusal(401, "The API key is not valid.")
    }
}
