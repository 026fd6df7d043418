/// What a server can be asked to do.
package enum Operation: String, CaseIterable, Hashable, Sendable {
    case executeWorkflow, getJob, listJobs, cancelJob, listWorkflows, listSpaces, getDataset, refreshDataset,
        executeSchedule, keyInformation

    /// True if asking changes nothing on the server: it may be sent as often as needed.
    package var isHarmless: Bool {
        switch self {
        case .getJob, .listJobs, .listWorkflows, .listSpaces, .getDataset, .keyInformation: true
        case .executeWorkflow, .cancelJob, .refreshDataset, .executeSchedule: false
        }
    }

    /// True if it begins something that must not begin twice: it is sent once, on a connection of its own.
    package var isStart: Bool { self == .executeWorkflow || self == .executeSchedule }
}
