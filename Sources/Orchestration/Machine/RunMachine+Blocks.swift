import DataStudio
import LuaVM

/// Functions that run a function as a task of its own, and the options that such tasks have in common.
extension RunMachine {
    /// `timeout(duration, fn, …)`, and what `wait_until` and `wait_for_run` are made of.
    ///
    /// - Parameter what: what is waited for, for messages.
    func timeout(_ request: LuaRequest, _ caller: NodeID, of what: String? = nil) throws(ArgumentError) {
        let duration = try Duration(request.argument(0), for: "the timeout")
        let group = try block(request, caller, at: 1)
        if let what { group.title += ": \(what)" }
        group.stopsOnTimeout = true
        begin(group, timeout: duration)
    }

    /// What `deadline` is made of: the time that is left, what the script called the moment, the function.
    func deadline(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let duration = try Duration(request.argument(0), for: "the deadline")
        let group = try block(request, caller, at: 2)
        group.stopsOnTimeout = true
        group.deadline = request.argument(1).text
        guard duration > .zero else {
            let error = ScriptError(
                .timeout, "deadline: \(group.deadline ?? "it") has passed already: nothing of it was begun",
                location: request.location?.description)
            return vm.resume(request.token, throwing: error.luaError)
        }
        begin(group, timeout: duration)
    }

    /// One call of what `retry` repeats.
    func call(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        begin(try block(request, caller, at: 0, .attempt(request.token)))
    }

    private func block(
        _ request: LuaRequest, _ caller: NodeID, at index: Int, _ completion: Group.Completion? = nil
    ) throws(ArgumentError) -> Group {
        guard let function = request.argument(index).function else {
            let place = index == 0 ? "" : " second"
            throw ArgumentError("a function was expected\(place); got \(request.argument(index).article)")
        }
        return Group(
            completion ?? .resume(request.token), .single, owner: caller, key: nextKey(request.function, in: caller),
            location: request.location, title: request.function,
            items: [.function(function, arguments: Array(request.arguments.dropFirst(index + 1)))])
    }

    /// `defaults { option = … }`
    func defaults(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let table = request.argument(0).tableReference else {
            throw ArgumentError("a table of options was expected; got \(request.argument(0).article)")
        }
        var options = StepOptions()
        var onFailure = nodes[caller]?.onFailure
        for (key, value) in vm.entries(of: table).entries {
            let name = try key.optionName()
            if name == "on_failure" {
                onFailure = try FailurePolicy(value, among: FailurePolicy.ofDefaults)
                continue
            }
            guard StepOptions.defaultNames.contains(name) else {
                throw ArgumentError.unknownOption(name, among: LibraryOption.defaults.map(\.name))
            }
            try options.set(name, value, vm)
        }
        let merged = options.merged(over: nodes[caller]?.defaults ?? StepOptions())
        try merged.validate()
        if let server = merged.server, configuration.beginning.spaces[server] == nil {
            throw .unknownServer(server, among: configuration.beginning.spaces.keys)
        }
        nodes[caller]?.defaults = merged
        nodes[caller]?.onFailure = onFailure
        vm.resume(request.token, returning: [])
    }
}
