import DataStudio
import LuaVM

/// What scripts ask for: each function of the library that waits.
extension RunMachine {
    /// A task deeper than this can begin nothing: the tree is walked recursively.
    private static let deepestTask = 200

    /// The longest name of a phase, label or name of a step, in bytes: reports and records repeat it again and again.
    static let longestName = 4096

    /// The shortest `sleep`, and so the shortest pause of `wait_until` and `retry`: each is a record on the disk.
    private static let leastPause = Duration.milliseconds(10)

    /// Acts on a request; what is wrong with it is raised where the script made it.
    func take(_ request: LuaRequest) {
        guard let caller = tasks[request.token.task], let function = WaitingFunction(rawValue: request.function) else {
            return
        }
        nodes[caller]?.waitsAt = request.location
        do throws(ArgumentError) {
            guard nodes[caller]?.depth ?? 0 < Self.deepestTask else {
                throw ArgumentError("tasks are nested more than \(Self.deepestTask) deep")
            }
            if request.isStopping { try close(caller, with: function) }
            switch function {
            case .finally: try finally(request, caller)
            case .execute: try execute(request, caller)
            case .start: try start(request, caller)
            case .wait: try wait(request, caller)
            case .waitAny: try waitAny(request, caller)
            case .sleep: try sleep(request, caller)
            case .job: try job(request, caller)
            case .approve: try approve(request, caller)
            case .lock, .pool: try lock(request, caller, isPool: function == .pool)
            case .runs: try runs(request, caller, isAwaited: false)
            case .awaitedRuns: try runs(request, caller, isAwaited: true)
            case .state: try state(request, caller)
            case .history: try history(request, caller)
            case .parallel: try parallel(request, caller)
            case .parallelEach: try parallelEach(request, caller)
            case .spawn: try spawn(request, caller)
            case .cancel: try cancel(request, caller)
            case .timeout, .waitUntil: try timeout(request, caller)
            case .waitForRun: try timeout(request, caller, of: request.argument(2).text)
            case .deadline: try deadline(request, caller)
            case .retry: try call(request, caller)
            case .waitAgain: try waitAgain(request, caller)
            case .defaults: try defaults(request, caller)
            case .phase: try phase(request, caller)
            case .finish: try finish(request, .succeeded, caller)
            case .skip: try finish(request, .skipped, caller)
            case .fail: try fail(request, caller)
            case .restartWith: try restartWith(request, caller)
            case .studioWorkflows, .studioSpaces, .studioJobs, .studioDataset, .studioRefreshDataset,
                .studioExecuteSchedule:
                try studio(function, request, caller)
            case .notify: try notify(request, caller)
            case .httpGet, .httpPost, .httpRequest: try http(function, request, caller)
            case .fileStat: try stat(request, caller)
            case .fileList: try listFiles(request, caller)
            }
        } catch {
            let function = request.function.hasPrefix("host.") ? "" : "\(request.function): "
            raise(request, ScriptError(.script, function + error.message))
        }
    }

    private func raise(_ request: LuaRequest, _ error: ScriptError) {
        var error = error
        error.location = request.location?.description
        vm.resume(request.token, throwing: error.luaError)
    }

    // MARK: Steps

    private func execute(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let (label, options) = try step(request, caller)
        guard options.detaches == nil else { throw ArgumentError("the option \"detach\" is for start only") }
        let key = nextKey("execute", in: caller)
        let node = beginStep(label, options, key: key, owner: caller, location: request.location)
        begin(
            Group(
                .resume(request.token), .single, owner: caller, key: key, location: request.location,
                title: "execute \"\(label)\"", items: [.node(node)]))
    }

    private func start(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let (label, options) = try step(request, caller)
        let node = beginStep(
            label, options, key: nextKey("start", in: caller),
            owner: options.detaches == true ? nil : owner(for: caller),
            location: request.location, phase: nodes[caller]?.phase)
        if let caller = nodes[caller] { nodes[node]?.takeDefaults(of: caller) }
        steps[node]?.startToken = request.token
    }

    /// `f(label, options)` or `f { label, option = … }`.
    private func step(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) -> (label: String, StepOptions) {
        let first = request.argument(0)
        let item: Item
        if let table = first.tableReference {
            guard request.arguments.count == 1 else {
                throw ArgumentError("options stand in the same table as the label: { \"label\", option = … }")
            }
            item = try Item(step: vm.entries(of: table), place: "", common: StepOptions(), vm)
        } else {
            guard let label = first.text, !label.isEmpty else {
                throw ArgumentError("a workflow's label was expected, a text; got \(first.article)")
            }
            var options = StepOptions()
            switch request.argument(1) {
            case .nil: break
            case .reference(let table) where table.kind == .table:
                for (key, value) in vm.entries(of: table).entries {
                    try options.set(try key.optionName(), value, vm)
                }
            case let other: throw ArgumentError("options are a table; got \(other.article)")
            }
            guard request.arguments.count <= 2 else { throw ArgumentError("it takes a label and a table of options") }
            try options.validate()
            item = .step(label: label, options)
        }
        guard case .step(let label, let options) = item else { throw ArgumentError("a label was expected") }
        let longest = max(label.utf8.count, options.name?.utf8.count ?? 0)
        guard longest <= Self.longestName else {
            throw ArgumentError("a label or name has \(Self.longestName) bytes at most; this one has \(longest)")
        }
        try checkServers([item])
        let merged = options.merged(over: nodes[caller]?.defaults ?? StepOptions())
        try merged.validate()
        return (label, merged)
    }

    /// Every server that items name has to be configured.
    private func checkServers(_ items: [Item]) throws(ArgumentError) {
        for item in items {
            switch item {
            case .step(let label, let options):
                guard let server = options.server, configuration.beginning.spaces[server] == nil else { continue }
                let unknown = ArgumentError.unknownServer(server, among: configuration.beginning.spaces.keys)
                throw ArgumentError("\"\(label)\": \(unknown.message)")
            case .chain(_, let items, _): try checkServers(items)
            case .handle, .job, .node, .function, .absent: continue
            }
        }
    }

    // MARK: Several at once

    private func parallel(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let list: ItemList
        if request.arguments.count == 1, let table = request.argument(0).tableReference,
            !vm.table(table, has: .chain)
        {
            list = try ItemList(vm.entries(of: table), of: "parallel", common: StepOptions(), vm)
        } else {
            var items = ItemList()
            for (index, value) in request.arguments.enumerated() {
                items.items.append(try Item(value, place: "item \(index + 1)", common: StepOptions(), vm))
            }
            list = items
        }
        try checkServers(list.items)
        try prepare(list.items, for: caller)
        begin(list, named: "parallel", request, caller)
    }

    private func parallelEach(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let table = request.argument(0).tableReference else {
            throw ArgumentError("a list was expected first; got \(request.argument(0).article)")
        }
        guard let function = request.argument(1).function else {
            throw ArgumentError("a function was expected second; got \(request.argument(1).article)")
        }
        var list = ItemList()
        let values = try vm.entries(of: table).list(of: "the list")
        list.items = values.enumerated().map { index, value in
            .function(function, arguments: [value, .integer(Int64(index + 1))])
        }
        switch request.argument(2) {
        case .nil: break
        case .reference(let options) where options.kind == .table:
            for (key, value) in vm.entries(of: options).entries {
                switch key.text {
                case "limit": list.limit = try ItemList.limit(value)
                case "on_failure": list.onFailure = try FailurePolicy(value)
                default: throw ArgumentError("unknown option \(key.shown); it takes limit and on_failure")
                }
            }
        case let other: throw ArgumentError("options are a table; got \(other.article)")
        }
        begin(list, named: "parallel_each", request, caller)
    }

    private func begin(_ list: ItemList, named function: String, _ request: LuaRequest, _ caller: NodeID) {
        let group = Group(
            .resume(request.token), .list, owner: caller, key: nextKey(function, in: caller),
            location: request.location, title: function, items: list.items)
        group.limit = list.limit ?? .max
        group.onFailure = list.onFailure ?? nodes[caller]?.onFailure ?? .finish
        begin(group)
    }

    /// Handles must be of this run and not of a task that waits for them; chains count as run from here on.
    private func prepare(_ items: [Item], for caller: NodeID) throws(ArgumentError) {
        for item in items {
            switch item {
            case .handle(let handle):
                guard let node = node(handle) else { throw notAwaitable(handle) }
                guard !isAncestor(node, of: caller) else { throw ArgumentError("a task cannot wait for itself") }
            case .chain(let id, let items, _):
                guard nodes[caller]?.grace == nil else { throw Self.nothingBegins }
                if let id { context.chains[id] = nil }
                try prepare(items, for: caller)
            case .step(_, let options): try options.merged(over: nodes[caller]?.defaults ?? StepOptions()).validate()
            case .job, .node, .function, .absent: continue
            }
        }
    }

    private func notAwaitable(_ handle: LuaHandle) -> ArgumentError {
        HandleKind.nodes.contains(handle.kind)
            ? ArgumentError("the handle is not of this run")
            : ArgumentError("a handle of start or spawn, or a job was expected; got \(LuaValue.handle(handle).article)")
    }

    private func spawn(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let function = request.argument(0).function else {
            throw ArgumentError("a function was expected; got \(request.argument(0).article)")
        }
        let key = nextKey("spawn", in: caller)
        let task = beginTask(
            function, Array(request.arguments.dropFirst()), key: key, owner: owner(for: caller),
            location: request.location)
        nodes[task]?.isHeld = true
        vm.resume(request.token, returning: [.handle(taskHandle(task))])
    }

    /// The handle of a task.
    func taskHandle(_ task: NodeID) -> LuaHandle {
        let key = nodes[task]?.key ?? ""
        return LuaHandle(
            kind: HandleKind.task, id: Int64(task.number),
            fields: LuaTable(fields: ["name": .string(key), "description": .string("task \(key)")]))
    }

    // MARK: Waiting

    private func wait(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let first = request.argument(0)
        var timeout: Duration?
        if !request.argument(1).isNil { timeout = try Duration(request.argument(1), for: "the timeout") }
        switch first {
        case .integer, .number, .string:
            throw ArgumentError("a handle was expected; for a duration use sleep(\(first.article))")
        case .reference(let table)
        where table.kind == .table && !vm.table(table, has: .chain) && JobReference(first, vm) == nil:
            let handles = try handles(table)
            begin(
                Group(
                    .resume(request.token), .list, owner: caller, key: nextKey("wait", in: caller),
                    location: request.location, title: "wait", items: try awaitable(handles, caller)),
                timeout: timeout)
        default:
            begin(
                Group(
                    .resume(request.token), .single, owner: caller, key: nextKey("wait", in: caller),
                    location: request.location, title: "wait", items: try awaitable([first], caller)),
                timeout: timeout)
        }
    }

    private func waitAny(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let table = request.argument(0).tableReference else {
            throw ArgumentError("a list of handles was expected; got \(request.argument(0).article)")
        }
        let items = try awaitable(try handles(table), caller)
        guard !items.isEmpty else { throw ArgumentError("the list of handles is empty") }
        begin(
            Group(
                .resume(request.token), .any, owner: caller, key: nextKey("wait_any", in: caller),
                location: request.location, title: "wait_any", items: items))
    }

    private func handles(_ table: LuaReference) throws(ArgumentError) -> [LuaValue] {
        try vm.entries(of: table).list(of: "the list of handles")
    }

    private func awaitable(_ values: [LuaValue], _ caller: NodeID) throws(ArgumentError) -> [Item] {
        var items: [Item] = []
        for (index, value) in values.enumerated() {
            if let table = value.tableReference, vm.table(table, has: .chain) {
                items.append(try Item(value, place: "", common: StepOptions(), vm))
                continue
            }
            if let job = try jobReference(value) {
                items.append(ownStep(of: job).map { .node($0) } ?? .job(job))
                continue
            }
            switch value {
            case .handle(let handle): items.append(.handle(handle))
            default:
                let place = values.count > 1 ? " at position \(index + 1)" : ""
                throw ArgumentError("a handle of start or spawn, or a job was expected\(place); got \(value.article)")
            }
        }
        try prepare(items, for: caller)
        return items
    }

    private func sleep(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let duration = try Duration(request.argument(0), for: "the duration")
        let timer = setTimer(
            .sleep(request.token), key: nextKey("sleep", in: caller), after: max(duration, Self.leastPause))
        nodes[caller]?.sleep = timer
    }

    // MARK: Asking and telling the server

    private func state(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let options = try QueryOptions(
            request.argument(1), known: ["server"], usual: session?.server, vm, configuration)
        switch request.argument(0) {
        case .string(let label):
            ask(
                .state(request.token, request.location, handle: nil), key: nextKey("state", in: caller),
                server: options.server, .latestJob(label: label))
        case .handle(let handle):
            guard let step = node(handle).flatMap({ steps[$0] }) else {
                let other = handle.kind == HandleKind.task ? "a task" : LuaValue.handle(handle).article
                throw ArgumentError("a job or a label was expected; got \(other)")
            }
            guard let job = step.jobID ?? step.formerJobID else {
                throw ArgumentError("\(step.title) has no job: it was not accepted")
            }
            ask(
                .state(request.token, request.location, handle: handle), key: nextKey("state", in: caller),
                server: step.server, .job(job))
        case let other:
            guard let job = try jobReference(other) else {
                throw ArgumentError("a job or a label was expected; got \(other.article)")
            }
            ask(
                .stateOfOther(request.token, request.location, job), key: nextKey("state", in: caller),
                server: job.server, .job(job.id))
        }
    }

    private func cancel(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let node: NodeID
        if let job = try jobReference(request.argument(0)) {
            guard let own = ownStep(of: job) else {
                return askBeforeCancel(request.token, job, key: nextKey("cancel", in: caller))
            }
            node = own
        } else {
            guard case .handle(let handle) = request.argument(0), let known = self.node(handle) else {
                throw ArgumentError(
                    "a handle of start or spawn, or a job was expected; got \(request.argument(0).article)")
            }
            node = known
        }
        let key = nextKey("cancel", in: caller)
        if nodes[node]?.outcome != nil {
            vm.resume(request.token, returning: [false, "it is over already"])
        } else if let step = steps[node] {
            // Between two attempts there is no job to cancel.
            if step.jobID == nil, step.formerJobID != nil {
                markTaken(node)
                stop(node, .cancel)
                return vm.resume(request.token, returning: [true])
            }
            guard let job = step.jobID else { throw ArgumentError("\(step.title) has not been accepted yet") }
            ask(.cancel(request.token, step: node), key: key, server: step.server, .cancel(job))
        } else {
            begin(
                Group(
                    .resume(request.token), .cancellation, owner: caller, key: key, location: request.location,
                    title: "cancel", items: [.node(node)]))
            stop(node, .cancel)
        }
    }
}
