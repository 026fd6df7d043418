import DataStudio

/// A question on its way to an answer, which may take several requests.
struct Inquiry: Sendable {
    enum Next: Sendable {
        case answer(Answer)
        case request(StudioRequest)
        /// Ask again after the time; see ``again(_:)``.
        case later(Duration)
    }

    let query: Query
    private let wallClock: Timestamp
    private var cursor = ListCursor.first
    private var jobs: [Job] = []
    private var workflows: [Workflow] = []
    private var spaces: [Space] = []
    /// The jobs have been looked through; now it is about the workflows.
    private var looksForWorkflow = false
    /// The dataset has been told to load; now it is about when it has.
    private var isLoading = false
    private var wait = Duration.milliseconds(250)

    /// How old a job that still runs may be at most.
    private static let longestJob = Duration.seconds(7 * 86_400)

    init(_ query: Query, wallClock: Timestamp) {
        self.query = query
        self.wallClock = wallClock
    }

    // MARK: Requests

    func first(_ api: StudioAPI) throws(StudioFault) -> StudioRequest {
        try request(api)
    }

    /// The request for whether the dataset has been loaded by now.
    func again(_ api: StudioAPI) throws(StudioFault) -> StudioRequest {
        try request(api)
    }

    private func request(_ api: StudioAPI) throws(StudioFault) -> StudioRequest {
        switch query {
        case .job(let id): try api.jobRequest(id)
        case .cancel(let id): try api.cancelRequest(id)
        case .latestJob where looksForWorkflow, .workflows: try api.workflowListRequest(at: cursor)
        case .latestJob(let label):
            try api.jobListRequest(createdAfter: nil, label: label, at: cursor, pageSize: StudioAPI.usualPageSize)
        case .runningJob(let label):
            try api.jobListRequest(
                createdAfter: wallClock + (.zero - Self.longestJob), label: label, at: cursor,
                pageSize: StudioAPI.usualPageSize)
        case .jobs(let filter):
            try api.jobListRequest(
                createdAfter: filter.since, label: filter.label, at: cursor, pageSize: StudioAPI.usualPageSize)
        case .spaces: try api.spaceListRequest(at: cursor)
        case .dataset(let label): try api.datasetRequest(label)
        case .refreshDataset(let label):
            isLoading ? try api.datasetRequest(label) : try api.refreshRequest(label)
        case .executeSchedule(let label): try api.scheduleRequest(label)
        // No server knows it.
        case .history, .usual, .notify, .late, .http, .file, .files,
            .approval, .runs, .lock:
            throw .unsupported(.listJobs)
        }
    }

    // MARK: Answers

    mutating func take(_ reply: StudioReply, _ api: StudioAPI) throws(StudioFault) -> Next {
        switch query {
        case .job: return .answer(.job(try api.readJob(reply)))
        case .cancel: return .answer(.cancelled(true, reason: ""))
        case .latestJob(let label) where looksForWorkflow:
            let page = try api.readWorkflows(reply, at: cursor)
            if page.items.contains(where: { $0.label == label }) { return .answer(.job(nil)) }
            return try go(on: page, api)
                ?? .answer(
                    .failed(StepFailure(kind: .rejected, message: "the server has no workflow labelled \"\(label)\"")))
        case .latestJob(let label): return try latest(of: label, reply, api)
        case .runningJob(let label):
            let page = try api.readJobs(reply, at: cursor)
            jobs += page.items.filter { $0.label == label && !$0.state.isFinal }
            return try go(on: page, api) ?? .answer(.job(jobs.max { $0.isOlder(than: $1) }))
        case .jobs(let filter):
            let page = try api.readJobs(reply, at: cursor)
            jobs += page.items.filter(filter.admits)
            if jobs.count >= filter.limit { return .answer(.jobs(Array(jobs.prefix(filter.limit)))) }
            return try go(on: page, api) ?? .answer(.jobs(jobs))
        case .workflows:
            let page = try api.readWorkflows(reply, at: cursor)
            workflows += page.items
            return try go(on: page, api) ?? .answer(.workflows(workflows))
        case .spaces:
            let page = try api.readSpaces(reply, at: cursor)
            spaces += page.items
            return try go(on: page, api) ?? .answer(.spaces(spaces))
        case .dataset(let label): return .answer(.dataset(try api.readDataset(reply, label: label)))
        case .refreshDataset(let label) where isLoading: return try loaded(label, reply, api)
        case .refreshDataset:
            guard api.supports(.getDataset), api.description.dataset.state != nil else { return .answer(.done) }
            isLoading = true
            return .request(try request(api))
        case .executeSchedule, .history, .usual, .notify, .late, .http, .file, .files,
            .approval, .runs, .lock:
            return .answer(.done)
        }
    }

    /// - Returns: `nil` after the last page.
    private mutating func go<Item>(on page: Page<Item>, _ api: StudioAPI) throws(StudioFault) -> Next? {
        guard !page.isCut else {
            let fault = StudioFault.protocolViolation(
                "the list has more than \(ListCursor.mostPages) pages, which are not read")
            return .answer(.failed(StepFailure(fault)))
        }
        guard let next = page.next else { return nil }
        cursor = next
        return .request(try request(api))
    }

    /// The newest job of a workflow. Servers list the newest first, or else the whole list has to be read.
    private mutating func latest(of label: String, _ reply: StudioReply, _ api: StudioAPI) throws(StudioFault) -> Next {
        let page = try api.readJobs(reply, at: cursor)
        jobs += page.items.filter { $0.label == label }
        let newestFirst = page.items.first.flatMap { first in page.items.last.map { !first.isOlder(than: $0) } } ?? true
        if newestFirst, let newest = jobs.max(by: { $0.isOlder(than: $1) }) { return .answer(.job(newest)) }
        if let next = try go(on: page, api) { return next }
        if let newest = jobs.max(by: { $0.isOlder(than: $1) }) { return .answer(.job(newest)) }
        guard api.supports(.listWorkflows) else { return .answer(.job(nil)) }
        looksForWorkflow = true
        cursor = .first
        return .request(try request(api))
    }

    private mutating func loaded(_ label: String, _ reply: StudioReply, _ api: StudioAPI) throws(StudioFault) -> Next {
        let dataset = try api.readDataset(reply, label: label)
        if dataset.state?.isFinal ?? true { return .answer(.dataset(dataset)) }
        wait = min(wait * 2, .seconds(10))
        return .later(wait)
    }

    // MARK: Failures

    /// What a refusal means for whoever asked.
    func refused(_ status: Int, _ message: String) -> Answer {
        let words = "the server refused (\(status)): \(message)"
        switch query {
        case .cancel: return .cancelled(false, reason: message)
        case .job where status == 404 || status == 410: return .job(nil)
        case .job, .jobs, .latestJob, .runningJob, .workflows, .spaces:
            return .failed(StepFailure(kind: .protocol, message: words))
        case .dataset, .refreshDataset, .executeSchedule, .history, .usual, .notify, .late, .http, .file, .files,
            .approval, .runs, .lock:
            return .failed(StepFailure(kind: .rejected, message: words))
        }
    }

    /// What it means that the question cannot be asked.
    func failed(_ fault: StudioFault) -> Answer {
        if case .cancel = query, case .unsupported = fault {
            return .cancelled(false, reason: "this server cannot cancel jobs")
        }
        return .failed(StepFailure(fault))
    }
}

extension Job {
    /// By the times of the server; without them it is not.
    fileprivate func isOlder(than other: Job) -> Bool {
        guard let own = created ?? started, let others = other.created ?? other.started else { return false }
        return own < others
    }
}
