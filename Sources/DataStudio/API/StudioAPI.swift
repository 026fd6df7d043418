import Escaping
import HTTPTypes
import JSON

/// Builds the requests of one server and reads its replies.
package struct StudioAPI: Hashable, Sendable {
    /// The paths, names and places it goes by.
    package let description: APIDescription

    /// The API of a server that keeps to the description.
    package init(_ description: APIDescription) {
        self.description = description
    }

    /// True if the server offers the operation.
    package func supports(_ operation: Operation) -> Bool {
        description.operations[operation] != nil
    }

    /// The value of the `Authorization` header. The only place where the key is put to use.
    package func authorization(environment: String, key: String) -> String {
        // The key last: what is in it is no placeholder.
        description.authentication.filled { $0 == .environment ? environment : $0.inBraces }
            .replacing(bytes: "{key}", with: key)
    }

    // MARK: Requests

    /// Starts a workflow.
    package func startRequest(_ start: WorkflowStart) throws(StudioFault) -> StudioRequest {
        let operation = try operation(.executeWorkflow)
        let names = operation.body
        var members: [JSONMember] = []
        func add(_ name: String?, _ value: JSON?) {
            if let name, let value { members.append(JSONMember(name: name, value: value)) }
        }
        add(names.label, .string(start.label))
        add(names.space, start.space.map { .string($0) })
        add(names.version, start.version.map { .string($0.wireName) })
        add(names.dependencies, start.dependencies.map { .string($0.wireName) })
        add(names.refresh, start.refresh.map { .boolean($0) })
        if !start.parameters.isEmpty { add(names.parameters, Self.object(start.parameters)) }
        if !start.sources.isEmpty {
            let sources = start.sources.map { source in
                JSON.object(
                    [(names.source, JSON.string(source.source)), (names.dataset, .string(source.dataset))]
                        .compactMap { name, value in name.map { JSONMember(name: $0, value: value) } }
                        + (source.columns.isEmpty
                            ? []
                            : names.columns.map { [JSONMember(name: $0, value: Self.object(source.columns))] } ?? [])
                )
            }
            add(names.sources, .array(sources))
        }
        return request(.executeWorkflow, operation, [.label: start.label], body: .object(members))
    }

    /// Asks for one job.
    package func jobRequest(_ id: JobID) throws(StudioFault) -> StudioRequest {
        request(.getJob, try operation(.getJob), [.jobId: id.text])
    }

    /// Cancels a job.
    package func cancelRequest(_ id: JobID) throws(StudioFault) -> StudioRequest {
        request(.cancelJob, try operation(.cancelJob), [.jobId: id.text])
    }

    /// Asks for a page of jobs, newest first.
    ///
    /// - Parameters:
    ///   - createdAfter: `nil` for all the server still knows.
    ///   - label: of one workflow only; a server that cannot filter sends the others as well.
    ///   - pageSize: the server's own limit bounds it.
    package func jobListRequest(
        createdAfter: Timestamp?, label: String? = nil, at cursor: ListCursor = .first, pageSize: Int
    ) throws(StudioFault) -> StudioRequest {
        var values: [Placeholder: String] = [:]
        values[.createdAfter] = createdAfter?.iso8601
        values[.createdAfterSeconds] = createdAfter.map { String($0.seconds) }
        values[.createdAfterMilliseconds] = createdAfter.map { String($0.milliseconds) }
        values[.label] = label
        return try listRequest(.listJobs, at: cursor, pageSize: pageSize, values)
    }

    /// Asks for a page of workflows.
    package func workflowListRequest(at cursor: ListCursor = .first) throws(StudioFault) -> StudioRequest {
        try listRequest(.listWorkflows, at: cursor, pageSize: Self.usualPageSize)
    }

    /// Asks for a page of spaces.
    package func spaceListRequest(at cursor: ListCursor = .first) throws(StudioFault) -> StudioRequest {
        try listRequest(.listSpaces, at: cursor, pageSize: Self.usualPageSize)
    }

    /// Asks for a dataset.
    package func datasetRequest(_ label: String) throws(StudioFault) -> StudioRequest {
        try labelRequest(.getDataset, label)
    }

    /// Loads a dataset anew.
    package func refreshRequest(_ label: String) throws(StudioFault) -> StudioRequest {
        try labelRequest(.refreshDataset, label)
    }

    /// Executes a schedule.
    package func scheduleRequest(_ label: String) throws(StudioFault) -> StudioRequest {
        try labelRequest(.executeSchedule, label)
    }

    /// Asks what the server knows of the key.
    package func keyRequest() throws(StudioFault) -> StudioRequest {
        request(.keyInformation, try operation(.keyInformation))
    }

    /// How many entries a page of a list is asked for that nobody watches.
    package static let usualPageSize = 200

    private func listRequest(
        _ name: Operation, at cursor: ListCursor, pageSize: Int, _ more: [Placeholder: String] = [:]
    ) throws(StudioFault) -> StudioRequest {
        let operation = try operation(name)
        var values = more
        values[.page] = String(cursor.page + operation.firstPage)
        values[.offset] = String(cursor.offset)
        values[.pageSize] = String(min(pageSize, operation.maxPageSize ?? pageSize))
        return request(name, operation, values)
    }

    private func labelRequest(_ name: Operation, _ label: String) throws(StudioFault) -> StudioRequest {
        let operation = try operation(name)
        let body = operation.body.label.map { JSON.object([JSONMember(name: $0, value: .string(label))]) }
        return request(name, operation, [.label: label], body: body)
    }

    private func operation(_ name: Operation) throws(StudioFault) -> OperationDescription {
        guard let operation = description.operations[name] else { throw .unsupported(name) }
        return operation
    }

    private func request(
        _ name: Operation, _ operation: OperationDescription, _ values: [Placeholder: String] = [:], body: JSON? = nil
    ) -> StudioRequest {
        var path = description.base + operation.path.filled { values[$0]?.percentEncoded() ?? $0.inBraces }
        let items = operation.query.sorted { $0.key < $1.key }.compactMap { name, template -> String? in
            guard let text = Self.fill(template, values) else { return nil }
            return "\(name.percentEncoded())=\(text.percentEncoded())"
        }
        if !items.isEmpty { path += "?" + items.joined(separator: "&") }
        let method = HTTPRequest.Method(rawValue: operation.method.uppercased()) ?? .get
        return StudioRequest(operation: name, method: method, path: path, body: body)
    }

    /// - Returns: `nil` if a placeholder in it has no value.
    private static func fill(_ template: String, _ values: [Placeholder: String]) -> String? {
        var isComplete = true
        let text = template.filled { placeholder in
            guard let value = values[placeholder] else {
                isComplete = false
                return ""
            }
            return value
        }
        return isComplete ? text : nil
    }

    private static func object(_ parameters: [WorkflowParameter]) -> JSON {
        .object(parameters.map { JSONMember(name: $0.name, value: .string($0.value)) })
    }
}
