/// What the script library has, for people who ask at the prompt: one entry for each name.
package struct LibraryReference: Hashable, Sendable {
    /// As scripts write it: `execute`, `studio.jobs`, `timeout` for an option…
    package let name: String
    /// How it is called, in one line, at most 76 columns: `execute(label [, options])`.
    package let usage: String
    /// What it does and returns: one to four sentences.
    package let text: String

    /// Functions and tables of the library, in alphabetical order.
    package static let functions: [LibraryReference] = (plain + inTables).sorted { $0.name < $1.name }

    private static let plain: [LibraryReference] = [
        LibraryReference(
            name: "approve", usage: "approve(text [, { timeout =, default =, by = }])",
            text:
                "Waits until a person has approved it with baton approve, and returns by, at and reason. A rejection raises "
                + "rejected. People are told that they are asked. After 24 hours, or the timeout, it raises timeout, or "
                + "default counts, which is \"approve\" or \"reject\". by is a name of the configuration's approvers."),
        LibraryReference(
            name: "arg", usage: "arg[1], arg[2], …",
            text: "The texts behind the script on the command line, as a list. A script has them in ... as well. "
                + "There is no arg[0]."),
        LibraryReference(
            name: "cancel", usage: "cancel(handle), cancel(job)",
            text: "Cancels a job on the server, or stops a task and cancels its jobs. Returns true, or false and the "
                + "reason: look at it, a server may not be able to cancel. A job is also a table with job_id, as "
                + "studio.jobs and job return it, whoever started it."),
        LibraryReference(
            name: "chain", usage: "chain { item, … [, options] }",
            text: "Items one after the other. It does not run by itself: it is an item of parallel, or is given to "
                + "wait, which returns the list of its results. Options beside the items hold for every label. "
                + "With on_failure = \"continue\" the items behind one that failed run all the same, then one error is "
                + "raised. A chain that nobody runs is an error."),
        LibraryReference(
            name: "deadline", usage: "deadline(\"06:00\", fn, …)",
            text: "Calls fn with the arguments behind it and returns what it returns. If it is not done at the first "
                + "06:00 after the run began, it is stopped and timeout is raised; its jobs are left running unless "
                + "their on_timeout is \"cancel\". A date works too: \"2026-12-25 06:00\". If the time has passed "
                + "already, fn is not called."),
        LibraryReference(
            name: "defaults", usage: "defaults { option = … }",
            text: "Sets options for the steps that this task, and tasks that it begins, begin later; returns nothing. "
                + "It takes all options of steps but name and detach, and on_failure, which holds for parallel and "
                + "parallel_each. A step's own option comes first, then these, "
                + "then the defaults of the configuration."),
        LibraryReference(
            name: "execute", usage: "execute(label [, options])",
            text: "Starts a workflow, waits until it ends and applies the checks; execute { label, option = … } is "
                + "the same. Returns its result: label, job_id, state, started, finished, duration, attempts, "
                + "warnings, late and details. If it does not go well, an error is raised whose kind says why: "
                + "failed, cancelled, check, timeout, rejected and others."),
        LibraryReference(
            name: "expect", usage: "expect(condition, message)",
            text: "Raises an error of the kind check, with the message, if the condition is false or nil. Otherwise "
                + "it returns the condition."),
        LibraryReference(
            name: "fail", usage: "fail([text])",
            text: "Ends the run as failed, from any depth, with the text as the reason. Jobs that run on the server "
                + "are left running and listed. It names no step: there is nothing to retry. At the prompt it ends "
                + "only the line."),
        LibraryReference(
            name: "finally", usage: "finally(fn [, { timeout =, undoes = }])",
            text: "Has the function called when the task that calls finally is over, whatever ends it: return, error, "
                + "timeout, finish, baton cancel. It may start workflows, and gets a table with ok, reason, error, result "
                + "and running, the jobs that are left. It has 15 minutes unless timeout says otherwise. Functions run "
                + "singly, the last one first; a crash does not run them, the resumed run does. undoes = true: it takes "
                + "back the work of its scope, so a retry does all of that again."),
        LibraryReference(
            name: "finish", usage: "finish([text])",
            text: "Ends the run as a success, from any depth; the exit code is 0. Jobs that run on the server are "
                + "left running and listed. At the prompt it ends only the line."),
        LibraryReference(
            name: "history", usage: "history(name [, n])",
            text: "Returns the last steps of that name in all runs, newest first: a list of { started, duration, "
                + "state }. There are 20 at most unless n says otherwise, which goes up to 1000. No server is asked."),
        LibraryReference(
            name: "job", usage: "job(id [, { server = }])",
            text:
                "Returns the job of that id as the server tells it, whoever started it, or nil. wait(job), state(job) and "
                + "cancel(job) take it, as they take what studio.jobs returns: waiting does not make it the script's own, "
                + "so nothing checks it, and it goes on when nobody waits any more."),
        LibraryReference(
            name: "lock", usage: "lock(name, fn [, { wait = }])",
            text:
                "Calls fn, and returns what it returns, while no other block of any run of the journal holds the lock of "
                + "that name. An interrupted run keeps it, and so does a job that fn left running. What is not free "
                + "within wait raises timeout; those who wait for each other for ever get an error. baton locks lists "
                + "who holds what."),
        LibraryReference(
            name: "log", usage: "log.debug(…), log.info(…), log.warn(…), log.error(…)",
            text: "Writes a line of that level to the log. The values become texts as print has them, with tabs "
                + "between them."),
        LibraryReference(
            name: "notify", usage: "notify(text), notify { title =, text =, level =, to = }",
            text: "Tells people as the configuration says; returns when they are told, after 10 s at the latest. "
                + "level is debug, info, warn or error; info unless given. to names targets of notify.targets: then "
                + "only they get it. In a simulation it is only a line of the log."),
        LibraryReference(
            name: "now", usage: "now()",
            text: "Returns the time in whole seconds since 1970. It stands still between two waits."),
        LibraryReference(
            name: "parallel", usage: "parallel { item, … [, limit =, on_failure =, options] }",
            text: "Runs items at the same time, waits for all, and returns the list of their results. An item is a "
                + "label, { label, option = … }, a function, a handle, a chain, or false, which is left out; options "
                + "beside the items hold for every label. limit bounds how many run at the same time. on_failure is "
                + "\"finish\" (unless given: what runs goes on to its end, nothing new starts, then one error is "
                + "raised), \"continue\" (all other items run, then one error is raised: no item depends on another), "
                + "\"cancel\" (the others are cancelled, with their jobs) or \"collect\" (everything runs "
                + "and nothing is raised; entries are { ok, name, value, error }, and the list's failed has those "
                + "that failed)."),
        LibraryReference(
            name: "parallel_each", usage: "parallel_each(list, fn [, { limit =, on_failure = }])",
            text: "Calls fn(value, index) for every value of the list, at the same time, and returns the list of what "
                + "the calls return. limit and on_failure are those of parallel."),
        LibraryReference(
            name: "param", usage: "param(name [, default])",
            text: "Returns what --param name=value gave, converted to the type of the default: a text, a number, true "
                + "or false. Without a default it has to be given."),
        LibraryReference(
            name: "params", usage: "params.name",
            text: "The text that --param name=value gave; raises if it was not given. pairs(params) goes through all."),
        LibraryReference(
            name: "phase", usage: "phase(name [, fn, …])",
            text: "Names what follows in the report. With a function it names only what that does: fn is called with "
                + "the arguments behind it, and what it returns is returned."),
        LibraryReference(
            name: "pool", usage: "pool(name, size, fn [, { wait = }])",
            text: "A lock that so many blocks hold at a time, from 1 to 1000. Where blocks say different sizes, the "
                + "smallest of those that hold it or want it counts."),
        LibraryReference(
            name: "print", usage: "print(…)",
            text: "Writes the values as one line to standard output, with tabs between them. A result is shown as "
                + "wf1: COMPLETED in 12.3 s (job 17), a job of start as job 17 (wf1), an error as one line with its "
                + "place. What other tables hold is not shown. At the prompt an expression shows its value by itself, "
                + "tables with what they hold."),
        LibraryReference(
            name: "restart_with", usage: "restart_with(state)",
            text:
                "Ends this part of the run and begins the next one from the top of the script, with a fresh log. There, "
                + "restarted() returns the state: whatever json.encode takes, 1 MB at most. A loop that goes on for weeks "
                + "calls it now and then, as what a log holds and what a resume repeats is the current part only. It is "
                + "called in the script's own task, when nothing else of the run goes on."),
        LibraryReference(
            name: "restarted", usage: "restarted()",
            text: "Returns the state that the part before gave to restart_with, and nil in the first part of a run."),
        LibraryReference(
            name: "retry", usage: "retry({ times =, delay =, backoff =, max_delay =, on = }, fn, …)",
            text: "Calls fn with the arguments behind it and returns what it returns. It is called again after an "
                + "error of the kinds in on, unless a job may be running. times counts all calls, 3 unless given; "
                + "delay is 30 s, and backoff, 1 unless given, multiplies it each time up to max_delay, 1 day. on is "
                + "one kind or a list, \"failed\" unless given; timeout in it waits for the same job again."),
        LibraryReference(
            name: "run", usage: "run.id, run.name, run.script, run.started, run.date, run.server",
            text: "What the run is: id, name (nightly), script (nightly.lua), started (seconds since 1970), date (of "
                + "the day on which it began, 2026-12-25) and server. It cannot be changed."),
        LibraryReference(
            name: "runs", usage: "runs { script =, key =, date =, since =, state =, limit = }",
            text:
                "Returns other runs of the journal, the newest first, 50 unless limit says otherwise, each with id, script, "
                + "path, key, date, began, ended, state and params. script is a path beside the script, state a word of "
                + "baton runs: succeeded, skipped, failed, running, interrupted, held…"),
        LibraryReference(
            name: "seconds", usage: "seconds(duration)",
            text: "Converts a duration to seconds: seconds \"1h30m\" is 5400. Durations are seconds, or texts such as "
                + "\"90s\", \"5m\", \"1h30m\", \"1d\", \"500ms\". None is negative or longer than 366 days."),
        LibraryReference(
            name: "secret", usage: "secret(name)",
            text: "Returns a text that stands for the secret of the configuration. The value comes in its place when "
                + "a request leaves, in workflow parameters and in headers and bodies of http. No script, log, record "
                + "or report has it."),
        LibraryReference(
            name: "server", usage: "server(name)",
            text: "Returns execute, start, state and studio bound to another configured server, and its name. "
                + "server(\"staging\").execute \"wf1\" starts wf1 there."),
        LibraryReference(
            name: "skip", usage: "skip([text])",
            text: "Ends the run, from any depth, as neither success nor failure: there is nothing to do. The exit "
                + "code is 0. Jobs that run on the server are left running and listed. At the prompt it ends only the "
                + "line."),
        LibraryReference(
            name: "sleep", usage: "sleep(duration)",
            text: "Waits for so long: seconds, or a text such as \"90s\" or \"1h30m\". What runs beside it goes on."),
        LibraryReference(
            name: "spawn", usage: "spawn(fn, …)",
            text: "Calls fn with the arguments behind it, beside the caller, and returns a task. wait(task) returns "
                + "what fn returns. The task that began it does not end before it has, and a failure that nobody took "
                + "is raised at its end. At the prompt it goes on behind the line."),
        LibraryReference(
            name: "start", usage: "start(label [, options])",
            text: "Starts a workflow and returns a job as soon as the server has accepted it, with label, name and "
                + "job_id. wait(job) waits for its end and returns its result. The task that began it does not end "
                + "before it has, and a failure that nobody took is raised at its end. At the prompt it goes on "
                + "behind the line."),
        LibraryReference(
            name: "state", usage: "state(job), state(label [, { server = }])",
            text: "Asks the server now. For a label it returns the state of the workflow's most recent job, whoever "
                + "started it, and a table with label, job_id, state, started, finished and details; nil when it "
                + "never ran. For a job it returns the state and the job, or nil if the server does not know it. A label that no workflow has raises "
                + "rejected."),
        LibraryReference(
            name: "timeout", usage: "timeout(duration, fn, …)",
            text: "Calls fn with the arguments behind it and returns what it returns. If it is not done by then, it "
                + "is stopped and timeout is raised; its jobs are left running unless their on_timeout is \"cancel\"."),
        LibraryReference(
            name: "wait", usage: "wait(handle [, timeout]), wait({ handle, … } [, timeout])",
            text: "Waits for a job, a task or a chain and returns its result, or for all of a list and returns the "
                + "list of their results. What failed is raised, for a list as one error once all have ended. When "
                + "the timeout passes, timeout is raised, and what is waited for goes on. A job is also a table with "
                + "job_id, as studio.jobs and job return it."),
        LibraryReference(
            name: "wait_any", usage: "wait_any { handle, … }",
            text: "Waits for the first that ends and returns its position and result. The others go on. If the first "
                + "has failed, its error is raised, with the position as index."),
        LibraryReference(
            name: "wait_for_run", usage: "wait_for_run { script =, date | key | since =, timeout = }",
            text:
                "Waits until the newest run of the other script for that date or key, or since that time, has succeeded "
                + "or had nothing to do, and returns it as runs does. One that has failed raises failed, unless on_failed is "
                + "\"wait\": then its retry is waited for. It looks every 30 seconds, and raises timeout after a day; every "
                + "and timeout say otherwise. A run that is not there yet is waited for."),
        LibraryReference(
            name: "wait_until", usage: "wait_until(fn [, { every =, timeout = }])",
            text: "Calls fn until it returns something true, and returns that. every is how long it waits between two "
                + "calls, 1 minute unless given. Without a timeout it waits for good; with one it raises timeout when "
                + "that has passed."),
    ]

    /// The options of `execute`, `start` and of labels in `parallel`, in alphabetical order.
    package static let stepOptions: [LibraryReference] = [
        LibraryReference(
            name: "check", usage: "check = function(result) return ok, why end",
            text: "Any other condition on a job that COMPLETED. It has to return true, or false and a reason; it may "
                + "wait. on_check says what a broken check does."),
        LibraryReference(
            name: "dependencies", usage: "dependencies = \"published\" or \"draft\"",
            text: "Which version is used of what the workflow depends on, as in the server's API. Unless it is given, "
                + "the server decides."),
        LibraryReference(
            name: "detach", usage: "detach = true",
            text: "Only for start: nobody waits for the job."),
        LibraryReference(
            name: "if_running", usage: "if_running = \"start\", \"wait\", \"join\" or \"fail\"",
            text: "What happens when that workflow already runs on the server, whoever started it. \"start\" starts "
                + "another (unless told otherwise), \"wait\" waits for its end and then starts, \"join\" takes it and "
                + "its result, and \"fail\" fails with rejected. Jobs of more than a week ago are not looked at."),
        LibraryReference(
            name: "max", usage: "max = \"1h\"",
            text: "How long the job may take, without the time that it is queued. That it takes longer is told the "
                + "moment it passes, and is a broken check at the end: it fails the step unless on_check says "
                + "otherwise."),
        LibraryReference(
            name: "min", usage: "min = \"2m\"",
            text: "How long the job has to take. One that COMPLETED sooner is a broken check: it fails the step "
                + "unless on_check says otherwise."),
        LibraryReference(
            name: "name", usage: "name = \"match north\"",
            text: "The step's name in reports and in history; the label unless given. It tells steps of the same "
                + "workflow apart."),
        LibraryReference(
            name: "on_check", usage: "on_check = \"fail\" or \"warn\"",
            text: "What a broken check does, be it check, min, max, queue_max or usual: it fails the step (unless told "
                + "otherwise), or is a warning of its result."),
        LibraryReference(
            name: "on_timeout", usage: "on_timeout = \"leave\" or \"cancel\"",
            text: "What becomes of the job when the time is up: it is left running (unless told otherwise), or "
                + "cancelled on the server."),
        LibraryReference(
            name: "on_unreachable", usage: "on_unreachable = \"interrupt\" or \"raise\"",
            text: "What a refused key or an unreachable server does to the start: the run is interrupted (unless told "
                + "otherwise), or the script gets an error of the kind auth or unreachable."),
        LibraryReference(
            name: "params", usage: "params = { name = value }",
            text: "Workflow parameters: strings, numbers, booleans, secrets. They are sent as strings: a whole float "
                + "without .0, other numbers in the shortest form that reads back."),
        LibraryReference(
            name: "queue_max", usage: "queue_max = \"10m\"",
            text: "How long the job may be queued before it begins. That it is queued for longer is told the moment it "
                + "passes, and is a broken check at the end: it fails the step unless on_check says otherwise."),
        LibraryReference(
            name: "refresh", usage: "refresh = true or false",
            text: "Whether the server reads sources anew, as in its API. Unless it is given, the server decides."),
        LibraryReference(
            name: "retries", usage: "retries = 2",
            text: "How often the workflow is started again after FAILED. Nothing but FAILED is retried: a job that "
                + "may run never has a second beside it. retry_delay says how long after."),
        LibraryReference(
            name: "retry_delay", usage: "retry_delay = \"1m\"",
            text: "How long after FAILED the workflow is started again, if retries allows it; 30 s unless given."),
        LibraryReference(
            name: "server", usage: "server = \"staging\"",
            text: "Another configured server, by its name."),
        LibraryReference(
            name: "sources", usage: "sources = { { source =, dataset =, columns = { … } } }",
            text: "Datasets in the place of what Source steps read. source is the label of the step, dataset the "
                + "external label of the dataset, and columns, which can be left out, has the step's names of columns "
                + "and the dataset's."),
        LibraryReference(
            name: "space", usage: "space = \"Customer\"",
            text: "The external label of the space where the workflow starts, as in the server's API; the "
                + "configuration's unless given."),
        LibraryReference(
            name: "timeout", usage: "timeout = \"2h\"",
            text: "How long to wait from the moment the server accepted the start: time that the job is queued counts. "
                + "When it has passed, timeout is raised; on_timeout says what becomes of the job."),
        LibraryReference(
            name: "usual", usage: "usual = 3",
            text: "Its duration has to lie between a third of and three times what is usual: the median of the last "
                + "20 completed jobs of this name in this space of this server, once there are 5. Simulated runs "
                + "never count. Anything else is a broken check: see on_check."),
        LibraryReference(
            name: "version", usage: "version = \"published\" or \"draft\"",
            text: "Which version of the workflow runs, as in the server's API. Unless it is given, the server "
                + "decides."),
    ]

    /// Functions first, then options, of exactly that name.
    package static func entries(_ name: String) -> [LibraryReference] {
        (functions + stepOptions).filter { $0.name == name }
    }

    /// The names of all entries.
    package static var names: [String] { (functions + stepOptions).map(\.name) }
}
