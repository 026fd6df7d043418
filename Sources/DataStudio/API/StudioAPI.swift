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
        description.authentication.replacing("{environment}", with: environment).replacing("{key}", with: key)
    }

    // MARK: Requests

    /// Starts a workflow.
    package func startRequest(_ start: WorkflowStart) throws(StudioFault) -> StudioRequest {
        let operation = try operation(.executeWorkflow)
        guard let names = operation.body else { throw .unsupported(.executeWorkflow) }
        var members = [JSONMember(name: names.label, value: .string(start.label))]
        func add(_ name: String?, _ value: JSON?) {
            if let name, let value { members.append(JSONMember(name: name, value: value)) }
        }
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
        return request(.executeWorkflow, operation, body: .object(members))
    }

    /// Asks for one job.
    package func jobRequest(_ id: JobID) throws(StudioFault) -> StudioRequest {
        request(.getJob, try operation(.getJob), ["jobId": id.text])
    }

    /// Cancels a job.
    package func cancelRequest(_ id: JobID) throws(StudioFault) -> StudioRequest {
        request(.cancelJob, try operation(.cancelJob), ["jobId": id.text])
    }

    /// Asks for a page of jobs, newest first.
    ///
    /// - Parameters:
    ///   - createdAfter: `nil` for all the server still knows.
    ///   - page: from 0.
    package func jobListRequest(
        createdAfter: Timestamp?, page: Int, pageSize: Int
    ) throws(StudioFault) -> StudioRequest {
        var values = ["page": String(page), "pageSize": String(pageSize)]
        values["createdAfter"] = createdAfter?.iso8601
        return request(.listJobs, try operation(.listJobs), values)
    }

    /// Asks for a page of workflows.
    package func workflowListRequest(page: Int) throws(StudioFault) -> StudioRequest {
        request(.listWorkflows, try operation(.listWorkflows), ["page": String(page)])
    }

    private func operation(_ name: Operation) throws(StudioFault) -> OperationDescription {
        guard let operation = description.operations[name] else { throw .unsupported(name) }
        return operation
    }

    private func request(
        _ name: Operation, _ operation: OperationDescription, _ values: [String: String] = [:], body: JSON? = nil
    ) -> StudioRequest {
        var path = description.base + operation.path
        for (name, value) in values {
            path = path.replacing("{\(name)}", with: value.percentEncoded())
        }
        let items = (operation.query ?? [:]).sorted { $0.key < $1.key }.compactMap { name, template -> String? in
            var text = template
            for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
            return text.contains("{") ? nil : "\(name.percentEncoded())=\(text.percentEncoded())"
        }
        if !items.isEmpty { path += "?" + items.joined(separator: "&") }
        let method = HTTPRequest.Method(rawValue: operation.method.uppercased()) ?? .get
        return StudioRequest(operation: name, method: method, path: path, body: body)
    }

    private static func object(_ parameters: [WorkflowParameter]) -> JSON {
        .object(parameters.map { JSONMember(name: $0.name, value: .string($0.value)) })
    }
}

extension String {
    /// Percent-encodes everything but RFC 3986's unreserved characters.
    func percentEncoded() -> String {
        utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
