/// The functions of the script library that wait, by the names scripts call them.
enum WaitingFunction: String, CaseIterable {
    case finally, job, approve, lock, pool, history, execute, start, wait
    case waitAny = "wait_any"
    case sleep, state, parallel
    case parallelEach = "parallel_each"
    case spawn, cancel, timeout, deadline, retry, phase, defaults, finish, skip, fail
    case waitUntil = "wait_until"
    case waitAgain = "host.wait_again"
    case runs
    case waitForRun = "wait_for_run"
    case awaitedRuns = "host.awaited_runs"
    case studioWorkflows = "studio.workflows"
    case studioSpaces = "studio.spaces"
    case studioJobs = "studio.jobs"
    case studioDataset = "studio.dataset"
    case studioRefreshDataset = "studio.refresh_dataset"
    case studioExecuteSchedule = "studio.execute_schedule"
    case restartWith = "restart_with"
    case notify
    case httpGet = "http.get"
    case httpPost = "http.post"
    case httpRequest = "http.request"
    case fileStat = "file.stat"
    case fileList = "file.list"

    /// True for what a `<close>` handler of a stopped task may still do. Nothing begins there.
    var isForHandlers: Bool {
        switch self {
        case .history, .job, .wait, .waitAny, .sleep, .state, .cancel, .studioWorkflows, .studioSpaces, .studioJobs,
            .studioDataset, .runs, .notify, .httpGet, .fileStat, .fileList, .defaults:
            true
        case .execute, .start, .parallel, .parallelEach, .spawn, .timeout, .deadline, .retry, .waitAgain, .waitUntil,
            .phase, .finally, .approve, .lock, .pool, .waitForRun, .awaitedRuns,
            .finish, .skip, .fail, .restartWith,
            .studioRefreshDataset, .studioExecuteSchedule, .httpPost, .httpRequest:
            false
        }
    }
}
