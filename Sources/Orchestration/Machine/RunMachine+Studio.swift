import DataStudio
import LuaVM

/// The functions of `studio`: what a server has besides jobs of one's own.
extension RunMachine {
    func studio(_ function: WaitingFunction, _ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let query: Query
        let options: QueryOptions
        switch function {
        case .studioJobs:
            options = try self.options(request, at: 0, ["label", "state", "since", "limit", "server"])
            query = .jobs(options.filter)
        case .studioWorkflows, .studioSpaces:
            options = try self.options(request, at: 0, ["server"])
            query = function == .studioWorkflows ? .workflows : .spaces
        default:
            guard let label = request.argument(0).text, !label.isEmpty else {
                throw ArgumentError("a label was expected, a text; got \(request.argument(0).article)")
            }
            options = try self.options(request, at: 1, ["server"])
            query =
                switch function {
                case .studioDataset: .dataset(label: label)
                case .studioRefreshDataset: .refreshDataset(label: label)
                default: .executeSchedule(label: label)
                }
        }
        let key = nextKey(function.rawValue, in: caller)
        ask(.call(request.token, request.location, function), key: key, server: options.server, query)
    }

    /// What is written down before something leaves that is asked once.
    func intent(of open: OpenQuery) -> Intent {
        var intent = Intent(request: .once(open.query), server: open.server, title: open.key)
        if case .call(_, let location, _) = open.use { intent.location = location?.description }
        return intent
    }

    private func options(
        _ request: LuaRequest, at index: Int, _ known: [String]
    ) throws(ArgumentError) -> QueryOptions {
        guard request.arguments.count <= index + 1 else { throw ArgumentError("it got more than it takes") }
        return try QueryOptions(request.argument(index), known: known, usual: session?.server, vm, configuration)
    }

    func answerCall(
        _ token: LuaToken, _ answer: Answer, _ location: LuaLocation?, _ function: WaitingFunction, _ server: String?
    ) {
        func raise(_ kind: ErrorKind, _ message: String, _ running: MayBeRunning = .no) {
            let error = ScriptError(
                kind, "\(function.rawValue): \(message)", running: running, location: location?.description)
            vm.resume(token, throwing: error.luaError)
        }
        func list(_ values: [LuaValue]) { vm.resume(token, returning: [.table(LuaTable(list: values))]) }
        switch answer {
        case .jobs(let jobs): list(jobs.map { $0.luaValue(of: server) })
        case .job(let job): vm.resume(token, returning: [job?.luaValue(of: server) ?? .nil])
        case .workflows(let workflows): list(workflows.map(\.luaValue))
        case .spaces(let spaces): list(spaces.map(\.luaValue))
        case .dataset(let dataset)
        where function == .studioRefreshDataset && [.failed, .cancelled].contains(dataset.state):
            raise(.failed, "the dataset \"\(dataset.label)\" could not be loaded: it is \(dataset.stateName ?? "?")")
        case .dataset(let dataset): vm.resume(token, returning: [dataset.luaValue])
        case .http(let reply): vm.resume(token, returning: [reply.luaValue])
        case .file(let status): vm.resume(token, returning: [status?.luaValue ?? .nil])
        case .files(let files): list(files.map(\.luaValue))
        case .runs(let runs): list(runs.map(\.luaValue))
        case .done: vm.resume(token, returning: [true])
        case .doubtful(let reason):
            raise(.protocol, "it is not known whether the server carried it out: \(reason)", .unknown)
        case .failed(let failure): raise(failure.kind, failure.message)
        case .cancelled, .history, .decision: break
        }
    }
}

extension Workflow {
    fileprivate var luaValue: LuaValue {
        .table(
            LuaTable(fields: [
                "label": .string(label), "name": LuaValue(name), "space": LuaValue(space),
                "details": LuaValue(details),
            ]))
    }
}

extension Space {
    fileprivate var luaValue: LuaValue {
        .table(LuaTable(fields: ["label": .string(label), "name": LuaValue(name), "details": LuaValue(details)]))
    }
}

extension Dataset {
    fileprivate var luaValue: LuaValue {
        .table(
            LuaTable(fields: [
                "label": .string(label), "state": LuaValue(state?.rawValue),
                "refreshed": refreshed.map { .integer($0.seconds) } ?? .nil, "details": LuaValue(details),
            ]))
    }
}
