import DataStudio
import JSON

extension SimulatedStudio {
    /// What a page holds if the request does not say.
    private static var defaultPageSize: Int { 200 }
    /// What a page holds at most, whatever the request says.
    private static var maximumPageSize: Int { 10_000 }

    mutating func perform(
        _ operation: Operation, _ values: [Placeholder: String], _ body: [UInt8], at now: Timestamp,
        _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        switch operation {
        case .executeWorkflow:
            return try start(body, at: now, &entry)
        case .getJob:
            let index = try index(values, &entry)
            return .json(status: 200, writer.job(jobs[index], at: now))
        case .cancelJob:
            return try cancel(try index(values, &entry), at: now)
        case .listJobs:
            return try listJobs(values, at: now)
        case .listWorkflows:
            return try list(.listWorkflows, scenario.workflows, values, write: writer.workflow)
        }
    }

    private mutating func start(
        _ body: [UInt8], at now: Timestamp, _ entry: inout StudioLogEntry
    ) throws(Refusal) -> SimulatedReply {
        guard let names = description.operations[.executeWorkflow]?.body else {
            throw Refusal(501, "The API description does not name what is sent to execute a workflow.")
        }
        let start = try SimulatedStart(body, names: names)
        entry.label = start.label
        let workflow = try workflow(for: start)
        if case .error(let status) = workflow.reply {
            throw Refusal(status, "Workflow \"\(start.label)\" is told to answer \(status).")
        }
        let given = Set(start.parameters.map(\.name))
        if let missing = workflow.requires.first(where: { !given.contains($0) }) {
            throw Refusal(400, "Parameter \"\(missing)\" is required by workflow \"\(start.label)\".")
        }
        let job = SimulatedJob(id: ids.next(), start: start, workflow: workflow, created: now)
        jobIndex[job.id.text] = jobs.count
        jobs.append(job)
        entry.job = job.id
        return workflow.reply == .lost ? .dropped : .json(status: 200, writer.start(job.wireID))
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
        return .json(status: 200, writer.job(jobs[index], at: now))
    }

    private func index(_ values: [Placeholder: String], _ entry: inout StudioLogEntry) throws(Refusal) -> Int {
        guard let id = values[.jobId] else { throw Refusal(400, "The id of the job is missing.") }
        guard let index = jobIndex[id] else { throw Refusal(404, "No job with the id \"\(id)\" exists.") }
        entry.job = jobs[index].id
        return index
    }

    // MARK: Lists

    private func listJobs(_ values: [Placeholder: String], at now: Timestamp) throws(Refusal) -> SimulatedReply {
        var selected = jobs[...]
        if let text = values[.createdAfter] {
            guard let time = Timestamp(.string(text)) ?? Timestamp(Int64(text).map { .integer($0) }) else {
                throw Refusal(400, "\"\(text)\" is not a time.")
            }
            selected = selected.filter { $0.created >= time }[...]
        }
        return try list(.listJobs, selected.reversed(), values) { writer.job($0, at: now) }
    }

    /// One page of a list. Where the description has no place for the number of pages, there is one with everything.
    private func list<Item>(
        _ operation: Operation, _ items: [Item], _ values: [Placeholder: String], write: (Item) -> JSON
    ) throws(Refusal) -> SimulatedReply {
        let page = try number(values[.page], from: 0) ?? 0
        var size = min(try number(values[.pageSize], from: 1) ?? Self.defaultPageSize, Self.maximumPageSize)
        if description.operations[operation]?.reply?.pages == nil { size = max(1, items.count) }
        let pages = max(1, (items.count + size - 1) / size)
        let part = page < pages ? items.dropFirst(page * size).prefix(size) : []
        return .json(status: 200, writer.list(operation, part.map(write), page: page, pages: pages))
    }

    private func number(_ text: String?, from least: Int) throws(Refusal) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), number >= least else {
            throw Refusal(400, "\"\(text)\" is not a whole number from \(least) on.")
        }
        return number
    }
}
