import DataStudio

extension Operation {
    /// The group it is documented in.
    var tag: String {
        switch self {
        case .executeWorkflow, .listWorkflows: "Workflows"
        case .getJob, .listJobs, .cancelJob: "Jobs"
        }
    }

    var summary: String {
        switch self {
        case .executeWorkflow: "Execute a workflow"
        case .getJob: "Get a job"
        case .listJobs: "List jobs, newest first"
        case .cancelJob: "Cancel a job"
        case .listWorkflows: "List workflows"
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
        }
    }
}
