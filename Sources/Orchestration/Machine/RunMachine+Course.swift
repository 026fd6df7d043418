import LuaVM

/// The course of a run: its phases, and the ways in which a script ends it.
extension RunMachine {
    func phase(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let name = request.argument(0).text, !name.isEmpty else {
            throw ArgumentError("a name was expected; got \(request.argument(0).article)")
        }
        guard name.utf8.count <= Self.longestName else {
            throw ArgumentError("a name has \(Self.longestName) bytes at most; this one has \(name.utf8.count)")
        }
        report(.phase(name))
        switch request.argument(1) {
        case .nil:
            nodes[caller]?.phase = name
            vm.resume(request.token, returning: [])
        case let value:
            guard let function = value.function else {
                throw ArgumentError("a function was expected second; got \(value.article)")
            }
            let outer = nodes[caller]?.phase
            nodes[caller]?.phase = name
            begin(
                Group(
                    .resume(request.token), .single, owner: caller, key: nextKey("phase", in: caller),
                    location: request.location, title: "phase \"\(name)\"",
                    items: [.function(function, arguments: Array(request.arguments.dropFirst(2)))]))
            nodes[caller]?.phase = outer
        }
    }

    /// A text for the report; a table without `__tostring` has none but its address.
    private func told(_ value: LuaValue) -> String {
        let text = vm.description(of: value)
        return text.hasPrefix("\(value.typeName): 0x") ? "a \(value.typeName)" : text
    }

    func finish(_ request: LuaRequest, _ status: RunStatus, _ caller: NodeID) throws(ArgumentError) {
        let text = request.argument(0)
        try end(RunEnd(status: status, text: text.isNil ? nil : told(text)), caller)
    }

    func fail(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        let text = request.argument(0).isNil ? "the script failed" : told(request.argument(0))
        let error = ScriptError(.script, text, location: request.location?.description)
        try end(RunEnd(status: .failed, error: error), caller)
    }

    private func end(_ end: RunEnd, _ caller: NodeID) throws(ArgumentError) {
        if let outer = enclosingFinally(caller) {
            throw ArgumentError("the function of a finally (\(outer)) cannot end the run: an error does what fail does")
        }
        guard try !endLine(end, caller) else { return }
        requestedEnd = end
        stop(root, .end)
    }
}
