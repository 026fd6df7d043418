import DataStudio

extension LibraryOption {
    static let jobStates = JobState.allCases.map(\.rawValue)
}

extension Signature {
    private static let dateUnits = ["days", "weeks", "months", "years", "workdays"]
    private static let reason = Signature(.optional("text", .any))
    private static func question(_ type: String) -> [Signature] {
        [Signature(.required("label", .name), .optional("options", .options(LibraryOption.server)), returns: type)]
    }
    private static func list(of type: String) -> [Signature] {
        [Signature(.optional("options", .options(LibraryOption.server)), returns: type + "[]")]
    }
    private static let more = Signature(more: true)
    private static func steps(_ result: String, _ options: [LibraryOption]) -> [Signature] {
        [
            Signature(.required("label", .label), .optional("options", .options(options)), returns: result),
            Signature(.required("step", .step(options)), returns: result),
        ]
    }

    /// Every function that scripts can call, with the ways to call it.
    package static let library: [String: [Signature]] = [
        "execute": steps("baton.Result", LibraryOption.execute),
        "start": steps("baton.Job", LibraryOption.steps),
        "wait": [
            Signature(.required("handle", .handle), .optional("timeout", .duration), returns: "any"),
            Signature(.required("handles", .handles), .optional("timeout", .duration), returns: "any[]"),
        ],
        "wait_any": [Signature(.required("handles", .handles), returns: "integer", "any")],
        "wait_until": [
            Signature(.required("fn", .function), .optional("options", .options(LibraryOption.until)), returns: "any")
        ],
        "sleep": [Signature(.required("duration", .duration))],
        "state": [
            Signature(
                .required("label", .label), .optional("options", .options(LibraryOption.server)),
                returns: "baton.State?", "baton.JobDetails?"),
            Signature(.required("job", .handle), returns: "baton.State?", "baton.Job|baton.JobDetails|nil"),
        ],
        "job": [
            Signature(
                .required("id", .any), .optional("options", .options(LibraryOption.server)),
                returns: "baton.JobDetails?")
        ],
        "history": [
            Signature(
                .required("name", .name), .optional("n", .count(1...1000)), returns: "baton.PastStep[]")
        ],
        "parallel": [
            Signature(
                .required("items", .items(LibraryOption.execute + LibraryOption.lists)), returns: "baton.Results"),
            Signature(more: true, returns: "baton.Results"),
        ],
        "parallel_each": [
            Signature(
                .required("list", .list), .required("fn", .function),
                .optional("options", .options(LibraryOption.lists)),
                returns: "baton.Results")
        ],
        "chain": [Signature(.required("items", .items(LibraryOption.chain)), returns: "baton.Chain")],
        "spawn": [
            Signature(.required("fn", .function), more: true, returns: "baton.Task")
        ],
        "cancel": [Signature(.required("handle", .handle), returns: "boolean", "string?")],
        "timeout": [
            Signature(.required("duration", .duration), .required("fn", .function), more: true, returns: "any")
        ],
        "deadline": [
            Signature(.required("at", .timeOfDay), .required("fn", .function), more: true, returns: "any")
        ],
        "retry": [
            Signature(
                .required("options", .options(LibraryOption.retry)), .required("fn", .function), more: true,
                returns: "any")
        ],
        "phase": [
            Signature(.required("name", .name)),
            Signature(.required("name", .name), .required("fn", .function), more: true, returns: "any"),
        ],
        "restart_with": [Signature(.required("state", .any))], "restarted": [Signature(returns: "any")],
        "runs": [
            Signature(.optional("options", .options(LibraryOption.runs)), returns: "baton.PastRun[]")
        ],
        "wait_for_run": [
            Signature(.required("options", .options(LibraryOption.awaitedRun)), returns: "baton.PastRun")
        ],
        "approve": [
            Signature(
                .required("text", .name), .optional("options", .options(LibraryOption.approval)),
                returns: "baton.Decision")
        ],
        "lock": [
            Signature(
                .required("name", .name), .required("fn", .function),
                .optional("options", .options(LibraryOption.lock)),
                returns: "any")
        ],
        "pool": [
            Signature(
                .required("name", .name), .required("size", .count(1...1000)), .required("fn", .function),
                .optional("options", .options(LibraryOption.lock)), returns: "any")
        ],
        "finally": [
            Signature(.required("fn", .function), .optional("options", .options(LibraryOption.finally)))
        ],
        "finish": [reason], "skip": [reason], "fail": [reason],
        "expect": [
            Signature(.required("condition", .any), .optional("message", .any), returns: "any")
        ],
        "defaults": [Signature(.required("options", .options(LibraryOption.defaults)))],
        "param": [
            Signature(.required("name", .parameterName), .optional("default", .any), returns: "any")
        ],
        "secret": [Signature(.required("name", .name), returns: "string")],
        "seconds": [Signature(.required("duration", .duration), returns: "number")],
        "now": [Signature(returns: "integer")],
        "server": [Signature(.required("name", .name), returns: "baton.Server")],
        "notify": [
            Signature(.required("text", .text)), Signature(.required("notice", .options(LibraryOption.notice))),
        ],
        "log.debug": [more], "log.info": [more], "log.warn": [more], "log.error": [more],
        "http.get": [
            Signature(
                .required("url", .text), .optional("options", .options(LibraryOption.exchange)), returns: "baton.Reply")
        ],
        "http.post": [
            Signature(
                .required("url", .text), .optional("options", .options(LibraryOption.exchange)), returns: "baton.Reply")
        ],
        "http.request": [
            Signature(.required("request", .options(LibraryOption.request)), returns: "baton.Reply")
        ],
        "date.today": [Signature(returns: "string")],
        "date.add": [
            Signature(
                .required("date", .text), .required("count", .any), .optional("unit", .word(dateUnits)),
                .optional("holidays", .holidays), returns: "string")
        ],
        "date.diff": [
            Signature(
                .required("from", .text), .required("to", .text),
                .optional("unit", .word(dateUnits.filter { $0 != "years" })), .optional("holidays", .holidays),
                returns: "integer")
        ],
        "date.weekday": [Signature(.required("date", .text), returns: "integer")],
        "date.is_workday": [
            Signature(.required("date", .text), .optional("holidays", .holidays), returns: "boolean")
        ],
        "date.first_of_month": [Signature(.required("date", .text), returns: "string")],
        "date.last_of_month": [Signature(.required("date", .text), returns: "string")],
        "date.format": [Signature(.required("date", .text), .required("format", .text), returns: "string")],
        "date.parse": [Signature(.required("text", .text), .required("format", .text), returns: "string")],
        "date.at": [
            Signature(
                .required("date", .text), .required("time", .text), .optional("options", .options(LibraryOption.clock)),
                returns: "integer")
        ],
        "file.list": [
            Signature(
                .required("pattern", .text), .optional("options", .options(LibraryOption.files)),
                returns: "baton.FoundFile[]")
        ],
        "file.stat": [Signature(.required("path", .text), returns: "baton.FileStatus?")],
        "json.encode": [
            Signature(
                .required("value", .any), .optional("options", .options([LibraryOption("pretty", .boolean)])),
                returns: "string")
        ],
        "json.decode": [
            Signature(
                .required("text", .text), .optional("options", .options([LibraryOption("null", .boolean)])),
                returns: "any")
        ],
        "json.array": [Signature(.required("table", .list), returns: "table")],
        "studio.workflows": list(of: "baton.Workflow"), "studio.spaces": list(of: "baton.Space"),
        "studio.jobs": [
            Signature(.optional("options", .options(LibraryOption.jobs)), returns: "baton.JobDetails[]")
        ],
        "studio.dataset": question("baton.Dataset"), "studio.refresh_dataset": question("baton.Dataset|true"),
        "studio.execute_schedule": question("true"),
    ]

    /// What has no form to be called, by its type of the Lua language server.
    package static let values: [String: String] = [
        "run": "baton.Run", "params": "table<string, string>", "json.null": "any", "arg": "string[]",
    ]
}
