import DataStudio
import JSON

/// Writes replies with the names and in the places of an API description.
struct ReplyWriter: Hashable {
    let description: APIDescription
    /// Whether a job tells who started it and with which parameters.
    let tellsWhose: Bool
    /// How a job repeats the values of parameters.
    let echo: Scenario.Echo
    /// How far the server's clock is ahead.
    let clock: Duration
    /// How times are written that are not those of jobs.
    private let plainTimes: StampForm
    /// How the times of jobs are written: in lists, and in the answer of `getJob`.
    private let listStamps, jobStamps: StampForm
    private let stateNames: [JobState: String]

    init(description: APIDescription, scenario: Scenario = Scenario()) {
        self.description = description
        tellsWhose = scenario.tellsWhose
        echo = scenario.echo
        clock = scenario.clock
        let style = scenario.stamps
        plainTimes = StampForm(times: scenario.times)
        listStamps = StampForm(times: scenario.times, resolution: style.resolution, zone: style.zone)
        jobStamps = StampForm(
            times: scenario.times, resolution: style.jobResolution ?? style.resolution, zone: style.zone)
        var names = Dictionary(grouping: description.states.keys) { description.states[$0] ?? .unknown }
            .compactMapValues { $0.min() }
        for state in JobState.allCases where description.states[state.rawValue] == state {
            names[state] = state.rawValue
        }
        stateNames = names
    }

    /// The reply to `executeWorkflow`.
    func start(_ id: JSON) -> JSON {
        var reply = JSON.object([])
        reply.set(id, at: description.operations[.executeWorkflow]?.reply.id ?? description.job.id)
        return reply
    }

    /// A job as a list has it.
    ///
    /// - Parameters:
    ///   - state: the server's name of a state that takes the place of the job's own.
    ///   - isAlone: true for the answer of `getJob`, which may have other stamps.
    func job(_ job: SimulatedJob, at now: Timestamp, state: String? = nil, isAlone: Bool = false) -> JSON {
        let fields = description.job
        let form = isAlone ? jobStamps : listStamps
        var reply = JSON.object([])
        func set(_ value: JSON?, _ pointer: JSONPointer?) {
            if let pointer { reply.set(value ?? .null, at: pointer) }
        }
        // What the description does not place keeps its default name, unless the description uses it otherwise.
        func add(_ value: JSON?, _ name: String, _ pointer: JSONPointer?) {
            if let pointer { return set(value, pointer) }
            if reply[name] == nil { reply.set(value ?? .null, at: [name]) }
        }
        func stamp(_ instant: Timestamp) -> JSON { form.json(job.clock.reading(at: instant)) }
        set(job.wireID, fields.id)
        set(.string(job.label), fields.label)
        add(.string(job.label), "workflowName", nil)
        add(job.space.map { .string($0) }, "spaceExternalLabel", fields.space)
        if tellsWhose { add(.string(job.user), "user", fields.user) }
        set(.string(state ?? stateName(job.state(at: now))), fields.state)
        set(stamp(job.created), fields.created)
        set(job.started(at: now).map(stamp), fields.started)
        set(job.finished(at: now).map(stamp), fields.finished)
        set(job.message(at: now).map { .string($0) }, fields.message)
        if tellsWhose { add(.object(job.parameters.map(echoed)), "parameters", fields.parameters) }
        return reply
    }

    /// When a job was created, as a list has it.
    func listStamp(of job: SimulatedJob) -> JSON { listStamps.json(job.clock.reading(at: job.created)) }

    /// When a job was created, as filters of lists compare it.
    func filterStamp(of job: SimulatedJob) -> Timestamp { listStamps.instant(job.clock.reading(at: job.created)) }

    private func echoed(_ parameter: JSONMember) -> JSONMember {
        guard echo == .upper, let value = parameter.value.text else { return parameter }
        return JSONMember(name: parameter.name, value: .string(value.uppercased()))
    }

    /// An instant of the real clock that is not one of a job, as the server tells it.
    private func time(_ instant: Timestamp) -> JSON {
        plainTimes.json(clock == .zero ? instant : instant + clock)
    }

    func workflow(_ entry: Scenario.Entry) -> JSON {
        var reply = JSON.object([])
        let fields = description.workflow
        reply.set(.string(entry.label), at: fields.label)
        if let name = fields.name { reply.set(.string(entry.label), at: name) }
        if let space = fields.space { reply.set(entry.workflow.space.map { .string($0) } ?? .null, at: space) }
        return reply
    }

    func space(_ label: String) -> JSON {
        var reply = JSON.object([])
        reply.set(.string(label), at: description.space.label)
        if let name = description.space.name { reply.set(.string(label), at: name) }
        return reply
    }

    /// A dataset that was last told to load at some time; `nil`: never, so it is as it was made.
    func dataset(_ label: String, refreshed: Timestamp?, duration: Duration, at now: Timestamp) -> JSON {
        var reply = JSON.object([])
        let fields = description.dataset
        let isLoading = refreshed.map { now < $0 + duration } ?? false
        if let pointer = fields.label { reply.set(.string(label), at: pointer) }
        if let pointer = fields.state { reply.set(.string(stateName(isLoading ? .running : .completed)), at: pointer) }
        if let pointer = fields.refreshed {
            reply.set(isLoading ? .null : refreshed.map { time($0 + duration) } ?? .null, at: pointer)
        }
        return reply
    }

    func key(of user: String, expires: Timestamp) -> JSON {
        var reply = JSON.object([])
        if let pointer = description.key.user { reply.set(.string(user), at: pointer) }
        if let pointer = description.key.expires { reply.set(time(expires), at: pointer) }
        return reply
    }

    /// An object as the operation wraps it.
    func object(_ operation: Operation, _ object: JSON) -> JSON {
        guard let pointer = description.operations[operation]?.reply.object, !pointer.tokens.isEmpty else {
            return object
        }
        var reply = JSON.object([])
        reply.set(object, at: pointer)
        return reply
    }

    /// A part of a list, wrapped as the description says.
    func list(_ operation: Operation, _ items: [JSON], page: Int, pages: Int, total: Int) -> JSON {
        let described = description.operations[operation]
        let fields = described?.reply
        guard let list = fields?.list, !list.tokens.isEmpty else { return .array(items) }
        var reply = JSON.object([])
        reply.set(.array(items), at: list)
        if let pointer = fields?.pages {
            if reply["page"] == nil { reply.set(.integer(Int64(page + (described?.firstPage ?? 0))), at: ["page"]) }
            reply.set(.integer(Int64(pages)), at: pointer)
        }
        if let pointer = fields?.total { reply.set(.integer(Int64(total)), at: pointer) }
        if let pointer = fields?.more { reply.set(.boolean(page + 1 < pages), at: pointer) }
        if let pointer = fields?.last { reply.set(.boolean(page + 1 >= pages), at: pointer) }
        return reply
    }

    func error(_ refusal: Refusal) -> JSON {
        var reply = JSON.object([JSONMember(name: "status", value: .integer(Int64(refusal.status)))])
        reply.set(.string(refusal.message), at: description.error.message)
        return reply
    }

    /// The server's name of a state; of several the one that is also ours, else the first of the alphabet.
    func stateName(_ state: JobState) -> String { stateNames[state] ?? state.rawValue }
}
