/// Why a task is stopped, which decides what becomes of its jobs.
enum StopReason {
    /// `cancel` or `on_failure = "cancel"`: its jobs are cancelled where the server can.
    case cancel
    /// A `timeout` around it: its jobs are left running, but for those with `on_timeout = "cancel"`.
    case timeout
    /// `finish` or `fail`: its jobs are left running.
    case end
}
