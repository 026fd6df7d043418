import JSON

extension StudioAPI {
    /// The id of the job that a start made.
    ///
    /// - Throws: a 2xx without a readable id is a ``StudioFault/protocolViolation(_:)``: the job may well run.
    package func readStart(_ reply: StudioReply) throws(StudioFault) -> JobID {
        let body = try body(of: reply)
        let pointer = description.operations[.executeWorkflow]?.reply?.id ?? description.job.id
        guard let id = JobID(body[pointer: pointer]) else {
            throw .protocolViolation("the reply has no job id: \(reply.excerpt)")
        }
        return id
    }

    /// The job in a reply of `getJob`.
    package func readJob(_ reply: StudioReply) throws(StudioFault) -> Job {
        guard let job = job(try body(of: reply)) else {
            throw .protocolViolation("the reply is no job: \(reply.excerpt)")
        }
        return job
    }

    /// A page of jobs. An entry that is no job is left out.
    package func readJobs(_ reply: StudioReply) throws(StudioFault) -> Page<Job> {
        try page(.listJobs, reply) { job($0) }
    }

    /// A page of workflow labels. A workflow without one cannot be executed, and is left out.
    package func readWorkflows(_ reply: StudioReply) throws(StudioFault) -> Page<String> {
        try page(.listWorkflows, reply) { $0[pointer: description.workflow.label]?.text }
    }

    /// Reads a reply whose body does not matter.
    package func readDone(_ reply: StudioReply) throws(StudioFault) {
        if let fault = fault(of: reply) { throw fault }
    }

    private func page<Item>(
        _ operation: Operation, _ reply: StudioReply, _ read: (JSON) -> Item?
    ) throws(StudioFault) -> Page<Item> {
        let body = try body(of: reply)
        let fields = description.operations[operation]?.reply
        let list = fields?.list.flatMap { body[pointer: $0] } ?? body
        guard let elements = list.elements else {
            throw .protocolViolation("the reply has no list: \(reply.excerpt)")
        }
        var pages = 1
        if let pointer = fields?.pages, case .integer(let count)? = body[pointer: pointer] { pages = Int(count) }
        return Page(items: elements.compactMap(read), pages: pages)
    }

    private func job(_ json: JSON) -> Job? {
        let fields = description.job
        guard let id = JobID(json[pointer: fields.id]), let name = json[pointer: fields.state]?.text else { return nil }
        func text(_ pointer: JSONPointer?) -> String? { pointer.flatMap { json[pointer: $0]?.text } }
        func time(_ pointer: JSONPointer?) -> Timestamp? { pointer.flatMap { Timestamp(json[pointer: $0]) } }
        return Job(
            id: id, label: text(fields.label), state: state(named: name), stateName: name,
            created: time(fields.created), started: time(fields.started), finished: time(fields.finished),
            message: text(fields.message), details: json
        )
    }

    private func state(named name: String) -> JobState {
        description.states[name] ?? description.states.first { $0.key.isEqualIgnoringCase(name) }?.value ?? .unknown
    }

    private func body(of reply: StudioReply) throws(StudioFault) -> JSON {
        if let fault = fault(of: reply) { throw fault }
        do throws(JSONError) {
            return try JSON(parsing: reply.body)
        } catch {
            throw .protocolViolation("\(error): \(reply.excerpt)")
        }
    }

    private func fault(of reply: StudioReply) -> StudioFault? {
        switch reply.status {
        case 200..<300: nil
        case 401, 403: .unauthorised(status: reply.status, message: message(of: reply))
        case 429: .busy(retryAfter: reply.retryAfter)
        case 400..<500: .rejected(status: reply.status, message: message(of: reply))
        case 500..<600: .failed(status: reply.status, message: message(of: reply))
        default: .protocolViolation("status \(reply.status): \(reply.excerpt)")
        }
    }

    /// The server's words, or what there is of the body.
    private func message(of reply: StudioReply) -> String {
        let message = (try? JSON(parsing: reply.body))?[pointer: description.error.message]?.text
        return message ?? reply.excerpt
    }
}

extension StudioReply {
    /// The beginning of the body in one line, for messages.
    package var excerpt: String {
        guard !body.isEmpty else { return "(empty body)" }
        let text = String(decoding: body.prefix(400), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.count > 160 ? text.prefix(160) + "…" : text
    }
}
