import DataStudio
import HTTPTypes
import JSON
import SimulatedStudio

/// A client of a simulated server, with a clock that it moves itself.
struct Client {
    var studio: SimulatedStudio
    var api: StudioAPI
    var now = Client.beginning
    var authorization: String? = "default simulated-key"

    /// 2026-03-01T04:05:06.007Z
    static let beginning = Timestamp(milliseconds: 1_772_337_906_007)

    init(_ scenario: Scenario, description: APIDescription? = nil, seed: UInt64 = 4711) throws {
        let description = try description ?? SimulatedStudio.description(for: scenario)
        studio = SimulatedStudio(scenario: scenario, description: description, seed: seed, began: Client.beginning)
        api = StudioAPI(description)
    }

    init(yaml: String) throws {
        try self.init(Scenario(yaml: yaml))
    }

    // MARK: As Baton does it

    mutating func start(_ label: String, parameters: [WorkflowParameter] = []) throws -> JobID {
        try start(WorkflowStart(label: label, parameters: parameters))
    }

    mutating func start(_ start: WorkflowStart) throws -> JobID {
        try api.readStart(send(api.startRequest(start)))
    }

    mutating func job(_ id: JobID) throws -> Job {
        try api.readJob(send(api.jobRequest(id)))
    }

    mutating func jobs(createdAfter: Timestamp? = nil, page: Int = 0, pageSize: Int = 200) throws -> Page<Job> {
        let cursor = ListCursor(page: page, offset: page * pageSize)
        let request = try api.jobListRequest(createdAfter: createdAfter, at: cursor, pageSize: pageSize)
        return try api.readJobs(send(request), at: cursor, pageSize: pageSize)
    }

    mutating func workflows(page: Int = 0) throws -> Page<Workflow> {
        let cursor = ListCursor(page: page, offset: page * 200)
        return try api.readWorkflows(send(api.workflowListRequest(at: cursor)), at: cursor)
    }

    mutating func cancel(_ id: JobID) throws {
        try api.readDone(send(api.cancelRequest(id)))
    }

    mutating func send(_ request: StudioRequest) -> StudioReply {
        let reply = send(request.method.rawValue, request.path, request.body?.jsonText ?? "")
        return StudioReply(status: reply.delivery == .nothing ? 0 : reply.status, body: reply.body)
    }

    // MARK: By hand

    mutating func send(_ method: String, _ path: String, _ body: String = "") -> SimulatedReply {
        let request = SimulatedRequest(
            method: method, path: path, authorization: authorization, body: Array(body.utf8))
        return studio.handle(request, at: now)
    }

    mutating func execute(_ body: String) -> SimulatedReply {
        send("POST", "/api/1.0/workflows/execute", body)
    }
}

extension SimulatedReply {
    /// The body of a JSON reply.
    var json: JSON? {
        contentType == "application/json" ? try? JSON(parsing: body) : nil
    }

    /// The message of an error in the default form.
    var message: String? { json?["message"]?.text }
}
