import JSON

extension StudioAPI {
    /// The id of the job that a start made.
    ///
    /// - Throws: a 2xx without a readable id is a ``StudioFault/protocolViolation(_:)``: the job may well run.
    package func readStart(_ reply: StudioReply) throws(StudioFault) -> JobID {
        let body = try body(of: reply)
        let pointer = description.operations[.executeWorkflow]?.reply.id ?? description.job.id
        guard let id = JobID(body[pointer: pointer]) else {
            throw .protocolViolation("the reply has no job id: \(reply.excerpt)")
        }
        return id
    }

    /// The job in a reply of `getJob`.
    package func readJob(_ reply: StudioReply) throws(StudioFault) -> Job {
        guard let job = job(try object(.getJob, reply)) else {
            throw .protocolViolation("the reply is no job: \(reply.excerpt)")
        }
        return job
    }

    /// A page of jobs.
    ///
    /// - Parameters:
    ///   - cursor: the page that was asked for.
    ///   - pageSize: what was asked for.
    package func readJobs(
        _ reply: StudioReply, at cursor: ListCursor = .first, pageSize: Int = usualPageSize
    ) throws(StudioFault) -> Page<Job> {
        try page(.listJobs, reply, at: cursor, pageSize) { job($0) }
    }

    /// A page of workflows. One without a label cannot be executed, and counts as one that cannot be read.
    package func readWorkflows(
        _ reply: StudioReply, at cursor: ListCursor = .first
    ) throws(StudioFault) -> Page<Workflow> {
        let fields = description.workflow
        return try page(.listWorkflows, reply, at: cursor, Self.usualPageSize) { json in
            guard let label = json.shortText(at: fields.label) else { return nil }
            return Workflow(
                label: label, name: json.shortText(at: fields.name), space: json.shortText(at: fields.space),
                details: json)
        }
    }

    /// A page of spaces. One without a label counts as one that cannot be read.
    package func readSpaces(
        _ reply: StudioReply, at cursor: ListCursor = .first
    ) throws(StudioFault) -> Page<Space> {
        let fields = description.space
        return try page(.listSpaces, reply, at: cursor, Self.usualPageSize) { json in
            guard let label = json.shortText(at: fields.label) else { return nil }
            return Space(label: label, name: json.shortText(at: fields.name), details: json)
        }
    }

    /// The dataset in a reply of `getDataset`.
    ///
    /// - Parameter label: of the dataset that was asked for: taken where the server does not repeat it.
    package func readDataset(_ reply: StudioReply, label: String) throws(StudioFault) -> Dataset {
        let json = try object(.getDataset, reply)
        guard json.members != nil else { throw .protocolViolation("the reply is no dataset: \(reply.excerpt)") }
        let fields = description.dataset
        let name = json.shortText(at: fields.state)
        return Dataset(
            label: json.shortText(at: fields.label) ?? label, state: name.map { state(named: $0) }, stateName: name,
            refreshed: fields.refreshed.flatMap { Timestamp(json[pointer: $0]) }, details: json)
    }

    /// What the server knows of the key.
    package func readKey(_ reply: StudioReply) throws(StudioFault) -> KeyInformation {
        let json = try object(.keyInformation, reply)
        guard json.members != nil else { throw .protocolViolation("the reply tells no key: \(reply.excerpt)") }
        return KeyInformation(
            user: json.shortText(at: description.key.user),
            expires: description.key.expires.flatMap { Timestamp(json[pointer: $0]) })
    }

    /// Reads a reply whose body does not matter.
    package func readDone(_ reply: StudioReply) throws(StudioFault) {
        if let fault = fault(of: reply) { throw fault }
    }

    // MARK: Parts

    private func object(_ operation: Operation, _ reply: StudioReply) throws(StudioFault) -> JSON {
        let body = try body(of: reply)
        guard let pointer = description.operations[operation]?.reply.object else { return body }
        return body[pointer: pointer] ?? body
    }

    /// An entry that cannot be read is counted; a list in which none can is no answer: it would look like an empty one.
    private func page<Item>(
        _ operation: Operation, _ reply: StudioReply, at cursor: ListCursor, _ pageSize: Int,
        _ read: (JSON) -> Item?
    ) throws(StudioFault) -> Page<Item> {
        let body = try body(of: reply)
        let described = description.operations[operation]
        let list = described?.reply.list.flatMap { body[pointer: $0] } ?? body
        guard let elements = list.elements else {
            throw .protocolViolation("the reply has no list: \(reply.excerpt)")
        }
        let items = elements.compactMap(read)
        guard !items.isEmpty || elements.isEmpty else {
            throw .protocolViolation("nothing in the reply's list can be read: \(reply.excerpt)")
        }
        let next = ListCursor(page: cursor.page + 1, offset: cursor.offset + elements.count)
        let hasMore = described.map { $0.hasMore(body, elements.count, next, pageSize) } ?? false
        let isCut = hasMore && next.page >= ListCursor.mostPages
        return Page(
            items: items, next: hasMore && !isCut ? next : nil, unreadable: elements.count - items.count, isCut: isCut)
    }

    private func job(_ json: JSON) -> Job? {
        let fields = description.job
        guard let id = JobID(json[pointer: fields.id]), let name = json.shortText(at: fields.state) else { return nil }
        let created = time(fields.created, of: json)
        var job = Job(
            id: id, label: json.shortText(at: fields.label), state: state(named: name), stateName: name,
            created: created?.instant, started: time(fields.started, of: json)?.instant,
            finished: time(fields.finished, of: json)?.instant, message: json.shortText(at: fields.message),
            details: json)
        if let created {
            job.createdPrecision = created.precision
            job.createdHasZone = created.hasZone
        }
        return job
    }

    /// A local time is one of the zone that the description names.
    private func time(_ pointer: JSONPointer?, of json: JSON) -> WrittenTime? {
        guard let pointer, var time = WrittenTime(json[pointer: pointer]) else { return nil }
        if let zone = description.zone, !time.hasZone {
            time.instant = zone.instant(ofLocal: time.instant)
            time.hasZone = true
        }
        return time
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
        case 300..<400:
            .protocolViolation(
                "the server redirects (\(reply.status))"
                    + (reply.location.map { " to \($0), where the key is not sent: is `url` right?" } ?? ""))
        case 401, 403: .unauthorised(status: reply.status, message: message(of: reply))
        case 429: .busy(retryAfter: reply.retryAfter)
        case 400..<500: .rejected(status: reply.status, message: message(of: reply))
        case 500..<600: .failed(status: reply.status, message: message(of: reply))
        default: .protocolViolation("status \(reply.status): \(reply.excerpt)")
        }
    }

    /// The server's words, or what there is of the body.
    private func message(of reply: StudioReply) -> String {
        let message = (try? JSON(parsing: reply.body))?.shortText(at: description.error.message)
        return message ?? reply.excerpt
    }
}

extension JSON {
    /// The text a pointer leads to; none for an empty one.
    fileprivate func shortText(at pointer: JSONPointer?) -> String? {
        guard let pointer, let text = self[pointer: pointer]?.text, !text.isEmpty else { return nil }
        return text
    }
}

extension OperationDescription {
    /// Whether a list goes on after a page with `count` entries.
    ///
    /// A server that counts nothing has ended with a page that is not full.
    fileprivate func hasMore(_ body: JSON, _ count: Int, _ next: ListCursor, _ pageSize: Int) -> Bool {
        func number(_ pointer: JSONPointer?) -> Int64? {
            guard let pointer, case .integer(let number)? = body[pointer: pointer] else { return nil }
            return number
        }
        func flag(_ pointer: JSONPointer?) -> Bool? {
            guard let pointer, case .boolean(let flag)? = body[pointer: pointer] else { return nil }
            return flag
        }
        if let pages = number(reply.pages) { return next.page < pages }
        guard count > 0 else { return false }
        if let total = number(reply.total) { return next.offset < total }
        if let more = flag(reply.more) { return more }
        if let last = flag(reply.last) { return !last }
        let asksForSize = query.values.contains { $0.holds(.pageSize) }
        return isPaged && (!asksForSize || count >= min(pageSize, maxPageSize ?? pageSize))
    }
}

extension StudioReply {
    /// The beginning of the body in one line, for messages; of a page what it says.
    package var excerpt: String {
        guard !body.isEmpty else { return "(empty body)" }
        var text = String(decoding: body.prefix(4000), as: UTF8.self)
        let isPage = text.first { !$0.isWhitespace } == "<"
        if isPage { text = Self.words(ofPage: text) }
        text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if isPage { text = text.isEmpty ? "(a page without words)" : "(a page) \(text)" }
        return text.count > 160 ? text.prefix(160) + "…" : text
    }

    /// What stands between the tags, but for styles and scripts.
    private static func words(ofPage text: String) -> String {
        var words = ""
        var hidden: String?
        for part in text.split(separator: "<", omittingEmptySubsequences: true) {
            let tag = part.prefix { $0.isLetter || $0 == "/" || $0 == "!" }.lowercased()
            if let name = hidden {
                guard tag == "/" + name else { continue }
                hidden = nil
            } else if tag == "style" || tag == "script" {
                hidden = tag
                continue
            }
            let rest = part.firstIndex(of: ">").map { part[part.index(after: $0)...] } ?? ""
            words += " " + rest
        }
        return words
    }
}
