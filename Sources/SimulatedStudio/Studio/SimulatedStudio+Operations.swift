package import DataStudio
import JSON

extension SimulatedStudio {
    /// What a page holds if the request does not say.
    private static var defaultPageSize: Int { 200 }

    mutating func perform(
        _ operation: Operation, _ values: [Placeholder: String], _ body: [UInt8], by owner: KeyOwner,
        at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        switch operation {
        case .executeWorkflow:
            return try start(body, label: values[.label], by: owner.user, at: now, &entry)
        case .getJob:
            let index = try index(values, at: now, &entry)
            return .json(status: 200, writer.object(.getJob, json(jobs[index], at: now, isAlone: true)))
        case .cancelJob:
            return try cancel(try index(values, at: now, &entry), at: now)
        case .listJobs:
            return try listJobs(values, at: now)
        case .listWorkflows:
            return try list(.listWorkflows, scenario.workflows, values, write: writer.workflow)
        case .listSpaces:
            let spaces = Set(scenario.workflows.compactMap(\.workflow.space)).sorted()
            return try list(.listSpaces, spaces, values, write: writer.space)
        case .keyInformation:
            let key = writer.key(of: owner.told, expires: began + scenario.keyExpires)
            return .json(status: 200, writer.object(operation, key))
        case .getDataset:
            return .json(status: 200, writer.object(operation, try dataset(values, body, at: now)))
        case .refreshDataset:
            let (label, _) = try dataset(values, body, of: .refreshDataset)
            refreshed[label] = now
            return .json(status: 202, .object([]))
        case .executeSchedule:
            return try executeSchedule(values, body, by: owner.user, at: now)
        }
    }

    // MARK: Jobs

    private mutating func start(
        _ body: [UInt8], label: String?, by user: String, at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        guard let names = description.operations[.executeWorkflow]?.body else {
            throw Refusal(501, "The API description does not name what is sent to execute a workflow.")
        }
        let start = try SimulatedStart(body, names: names, label: label)
        entry.label = start.label
        let workflow = try workflow(for: start)
        if case .error(let status) = workflow.reply {
            throw Refusal(status, "Workflow \"\(start.label)\" is told to answer \(status).")
        }
        let given = Set(start.parameters.map(\.name))
        if let missing = workflow.requires.first(where: { !given.contains($0) }) {
            throw Refusal(400, "Parameter \"\(missing)\" is required by workflow \"\(start.label)\".")
        }
        let job = create(start, workflow, by: user, at: now)
        entry.job = job.id
        return workflow.reply == .lost ? .dropped : .json(status: 200, writer.start(job.wireID))
    }

    private mutating func create(
        _ start: SimulatedStart, _ workflow: SimulatedWorkflow, by user: String, at now: Timestamp
    ) -> SimulatedJob {
        let earlier = workflow.failures > 0 ? jobs.count { $0.label == start.label } : 0
        let job = SimulatedJob(
            id: ids.next(), start: start, workflow: workflow, user: user, created: now, earlier: earlier,
            clock: nextClock)
        createdCount += 1
        jobIndex[job.id.text] = jobs.count
        jobs.append(job)
        return job
    }

    /// The clock that stamps the next job: several machines take turns.
    private var nextClock: JobClock {
        let style = scenario.stamps
        let machine: Duration = style.clocks.isEmpty ? .zero : style.clocks[createdCount % style.clocks.count]
        return JobClock(
            offset: scenario.clock + style.ahead + machine, steps: scenario.clockSteps, began: began)
    }

    /// Somebody else starts a workflow.
    ///
    /// - Returns: `nil` if there is no such workflow.
    package mutating func startElsewhere(
        _ label: String, by user: String, parameters: [WorkflowParameter] = [], at now: Timestamp
    ) -> JobID? {
        guard let workflow = workflows[label] ?? scenario.others else { return nil }
        let start = SimulatedStart(
            label: label, parameters: parameters.map { JSONMember(name: $0.name, value: .string($0.value)) })
        return create(start, workflow, by: user, at: now).id
    }

    /// From now on jobs of that workflow run for so long.
    package mutating func setDuration(_ duration: Duration, of label: String) {
        guard var workflow = workflows[label] ?? scenario.others else { return }
        workflow.duration = duration
        workflows[label] = workflow
    }

    /// Adds a job that somebody else has started before: one that is over took a minute, an hour ago; one that is not has
    /// just begun, and completes after the duration.
    package mutating func addEarlierJob(_ label: String, state: JobState, for duration: Duration, at now: Timestamp) {
        let workflow = SimulatedWorkflow(
            queued: state == .queued ? duration : .zero, duration: state.isFinal ? .seconds(60) : duration,
            outcome: state.isFinal ? state : .completed)
        let created = now + .seconds(state.isFinal ? -3600 : 0)
        _ = create(SimulatedStart(label: label, parameters: []), workflow, by: "somebody else", at: created)
    }

    private func workflow(for start: SimulatedStart) throws(Refusal) -> SimulatedWorkflow {
        let missing = "No workflow with the external label \"\(start.label)\" exists in"
        guard let workflow = workflows[start.label] ?? scenario.others else {
            throw Refusal(404, "\(missing) environment \"\(scenario.environment)\".")
        }
        if let space = start.space, let own = workflow.space, space != own {
            throw Refusal(404, "\(missing) space \"\(space)\".")
        }
        return workflow
    }

    private mutating func cancel(_ index: Int, at now: Timestamp) throws(Refusal) -> SimulatedReply {
        let state = jobs[index].state(at: now)
        guard !state.isFinal else { throw Refusal(409, "Job \(jobs[index].id) is already \(writer.stateName(state)).") }
        jobs[index].cancel(at: now)
        return .json(status: 200, writer.object(.cancelJob, json(jobs[index], at: now)))
    }

    private func index(
        _ values: [Placeholder: String], at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> Int {
        guard let id = values[.jobId] else { throw Refusal(400, "The id of the job is missing.") }
        guard let index = jobIndex[id], !isVanished(jobs[index], at: now) else {
            throw Refusal(404, "No job with the id \"\(id)\" exists.")
        }
        entry.job = jobs[index].id
        return index
    }

    /// A job as the server shows it, which a fault may make something else of.
    ///
    /// - Parameter isAlone: true for the answer of `getJob`.
    func json(_ job: SimulatedJob, at now: Timestamp, isAlone: Bool = false) -> JSON {
        let names = faults(of: job, at: now).lazy.compactMap {
            if case .state(let name) = $0.kind { name } else { nil }
        }
        return writer.job(job, at: now, state: names.first, isAlone: isAlone)
    }

    private func isVanished(_ job: SimulatedJob, at now: Timestamp) -> Bool {
        faults(of: job, at: now).contains { $0.kind == .vanish }
    }

    private func faults(of job: SimulatedJob, at now: Timestamp) -> [Fault] {
        scenario.faults.filter { fault in
            !fault.isOfRequests && fault.isActive(at: now - began) && (fault.label == nil || fault.label == job.label)
        }
    }

    // MARK: Datasets and schedules

    private func dataset(
        _ values: [Placeholder: String], _ body: [UInt8], of operation: Operation = .getDataset
    ) throws(Refusal) -> (label: String, duration: Duration) {
        let label = try label(values, body, of: operation)
        guard let duration = scenario.datasets[label] ?? scenario.others.map({ _ in .seconds(1) }) else {
            throw Refusal(404, "No dataset with the external label \"\(label)\" exists.")
        }
        return (label, duration)
    }

    private func dataset(
        _ values: [Placeholder: String], _ body: [UInt8], at now: Timestamp
    ) throws(Refusal) -> JSON {
        let (label, duration) = try dataset(values, body)
        return writer.dataset(label, refreshed: refreshed[label], duration: duration, at: now)
    }

    private mutating func executeSchedule(
        _ values: [Placeholder: String], _ body: [UInt8], by user: String, at now: Timestamp
    ) throws(Refusal) -> SimulatedReply {
        let label = try label(values, body, of: .executeSchedule)
        guard let labels = scenario.schedules[label] else {
            throw Refusal(404, "No schedule with the external label \"\(label)\" exists.")
        }
        for label in labels {
            let start = SimulatedStart(label: label)
            _ = create(start, try workflow(for: start), by: user, at: now)
        }
        return .json(status: 202, .object([]))
    }

    /// The label that a request has in its path or in its body.
    private func label(
        _ values: [Placeholder: String], _ body: [UInt8], of operation: Operation
    ) throws(Refusal) -> String {
        if let label = values[.label] { return label }
        guard let name = description.operations[operation]?.body.label,
            let label = (try? JSON(parsing: body))?[name]?.text
        else { throw Refusal(400, "The label is missing.") }
        return label
    }

    // MARK: Lists

    private func listJobs(_ values: [Placeholder: String], at now: Timestamp) throws(Refusal) -> SimulatedReply {
        var selected = jobs[...]
        let bounds = [values[.createdAfter], values[.createdAfterSeconds], values[.createdAfterMilliseconds]]
        for text in bounds.compactMap({ $0 }) {
            guard let time = Timestamp(.string(text)) ?? Timestamp(Int64(text).map { .integer($0) }) else {
                throw Refusal(400, "\"\(text)\" is not a time.")
            }
            // Where times are whole seconds, so is the bound. A stamp without a zone is compared as if it were UTC.
            selected = selected.filter { writer.filterStamp(of: $0) >= time }[...]
        }
        if let label = values[.label] { selected = selected.filter { $0.label == label }[...] }
        if !scenario.listsQueued { selected = selected.filter { $0.state(at: now) != .queued }[...] }
        if scenario.listLag > .zero {
            let bound = now + (.zero - scenario.listLag)
            selected = selected.filter { $0.created <= bound }[...]
        }
        if !scenario.faults.isEmpty { selected = selected.filter { !isVanished($0, at: now) }[...] }
        return try list(.listJobs, inListOrder(selected), values) { json($0, at: now) }
    }

    /// - Parameter jobs: in the order of their creation.
    private func inListOrder(_ jobs: ArraySlice<SimulatedJob>) -> [SimulatedJob] {
        switch scenario.listOrder {
        case .newestFirst: jobs.reversed()
        case .oldestFirst: Array(jobs)
        case .shuffled: jobs.map { (Self.rank($0.id), $0) }.sorted { $0.0 < $1.0 }.map { $0.1 }
        }
    }

    /// A place in an order without meaning, the same in every process.
    private static func rank(_ id: JobID) -> UInt64 {
        var random = SplitMix(seed: UInt64(stableHashOf: id.text))
        return random.next()
    }

    /// One page of a list. Where the description has no way to tell of others, there is one with everything.
    private func list<Item>(
        _ operation: Operation, _ items: [Item], _ values: [Placeholder: String], write: (Item) -> JSON
    ) throws(Refusal) -> SimulatedReply {
        let described = description.operations[operation]
        var size = min(try number(values[.pageSize], from: 1) ?? Self.defaultPageSize, scenario.largestPage)
        if let limit = described?.maxPageSize, let asked = try number(values[.pageSize], from: 1), asked > limit {
            throw Refusal(400, "A page has at most \(limit) entries; asked for were \(asked).")
        }
        if described?.isPaged != true { size = max(1, items.count) }
        let first = described?.firstPage ?? 0
        let offset = try number(values[.offset], from: 0)
        let number = try number(values[.page], from: first)
        let page = offset.map { $0 / size } ?? number.map { $0 - first } ?? 0
        let pages = max(1, (items.count + size - 1) / size)
        let (start, overflow) = page.multipliedReportingOverflow(by: size)
        let part = overflow ? [] : items.dropFirst(offset ?? start).prefix(size)
        return .json(
            status: 200, writer.list(operation, part.map(write), page: page, pages: pages, total: items.count))
    }

    private func number(_ text: String?, from least: Int) throws(Refusal) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), number >= least else {
            throw Refusal(400, "\"\(text)\" is not a whole number from \(least) on.")
        }
        return number
    }
}
