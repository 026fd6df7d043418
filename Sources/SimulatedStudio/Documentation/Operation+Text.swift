import DataStudio

extension Operation {
    /// The group it is documented in.
    var tag: String {
        switch self {
        case .executeWorkflow, .listWorkflows: "Workflows"
        case .getJob, .listJobs, .cancelJob: "Jobs"
        case .getDataset, .refreshDataset: "Datasets"
        case .listSpaces, .executeSchedule, .keyInformation: "Administration"
        }
    }

    var summary: String {
        switch self {
        case .executeWorkflow: "Execute a workflow"
        case .getJob: "Get a job"
        case .listJobs: "List jobs, newest first"
        case .cancelJob: "Cancel a job"
        case .listWorkflows: "List workflows"
        case .listSpaces: "List spaces"
        case .getDataset: "Get a dataset"
        case .refreshDataset: "Refresh a dataset"
        case .executeSchedule: "Execute a schedule"
        case .keyInformation: "Get information about the API key in use"
        }
    }

    /// What a reply that is no error holds.
    var result: String {
        switch self {
        case .executeWorkflow: "The id of the job"
        case .getJob: "The job"
        case .listJobs: "A page of jobs"
        case .cancelJob: "The job, now cancelled"
        case .listWorkflows: "A page of workflows"
        case .listSpaces: "The spaces"
        case .getDataset: "The dataset"
        case .refreshDataset: "The dataset is being loaded"
        case .executeSchedule: "The schedule is being executed"
        case .keyInformation: "Whose key it is and when it expires"
        }
    }
}
