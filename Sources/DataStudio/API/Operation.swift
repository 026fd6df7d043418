/// What a server can be asked to do.
package enum Operation: String, CaseIterable, CodingKeyRepresentable, Hashable, Sendable, Decodable {
    case executeWorkflow, getJob, listJobs, cancelJob, listWorkflows
}
