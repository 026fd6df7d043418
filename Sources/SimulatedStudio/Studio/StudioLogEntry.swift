package import DataStudio
package import JSON

/// One request and how it was answered. The `Authorization` header is not part of it.
package struct StudioLogEntry: Hashable, Sendable {
    /// When the request came.
    package var at: Timestamp
    /// As it came.
    package var method: String
    /// With its query.
    package var path: String
    /// `nil` if the connection was closed without an answer.
    package var status: Int?
    /// `nil` for the documentation, and for what was refused before it came to that.
    package var operation: Operation?
    /// The label of the workflow, dataset or schedule.
    package var label: String?
    /// The job that was started, asked for or cancelled.
    package var job: JobID?
    /// What was made to go wrong, by the words of scenarios.
    package var fault: String?

    /// An entry; without a status, of a request that was not answered.
    package init(
        at: Timestamp, method: String, path: String, status: Int? = nil, operation: Operation? = nil,
        label: String? = nil, job: JobID? = nil
    ) {
        self.at = at
        self.method = method
        self.path = path
        self.status = status
        self.operation = operation
        self.label = label
        self.job = job
    }

    /// The entry as an object: `event` is `request`, `status` is null for a dropped one, what is not known is left out.
    package var json: JSON {
        .record([
            "event": "request",
            "at": .string(at.iso8601),
            "method": .string(method),
            "path": .string(path),
            "status": status.map { .integer(Int64($0)) } ?? .null,
            "operation": operation.map { .string($0.rawValue) },
            "label": label.map { .string($0) },
            "job": job.map { .string($0.text) },
            "fault": fault.map { .string($0) },
        ])
    }
}
