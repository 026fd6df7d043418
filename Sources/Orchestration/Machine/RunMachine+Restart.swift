import DataStudio
import LuaVM

/// `restart_with`: the script says what it needs from here on, and goes on from its top with a fresh log.
extension RunMachine {
    /// The longest state that is handed over, in bytes of JSON.
    private static let longestState = 1 << 20

    /// `restart_with(state)`, the state as JSON text. The script is unwound as by `finish`, and the next part begins when
    /// that is done.
    func restartWith(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard session == nil else { throw ArgumentError("at the prompt there is nothing to begin anew") }
        guard caller == root else {
            throw ArgumentError("it is called in the script's own task, not in one of spawn, parallel or timeout")
        }
        guard let state = request.argument(0).text else { throw ArgumentError("a state was expected; got nil") }
        // As null it would read as the first part.
        guard state != "null" else { throw ArgumentError("a state was expected; got json.null") }
        guard state.utf8.count <= Self.longestState else {
            throw ArgumentError(
                "the state has \(state.utf8.count) bytes as JSON, and may have \(Self.longestState) at most")
        }
        if let open = openWork {
            throw ArgumentError("\(open): wait for it or cancel it first, as the next part knows nothing of it")
        }
        restart = RunPart(number: configuration.beginning.part.number + 1, state: state)
        stop(root, .end)
    }

    /// What goes on besides the script's own task, in words; `nil` if nothing does.
    private var openWork: String? {
        if let (id, node) = nodes.first(where: { $0.key != root && $0.value.outcome == nil }) {
            return steps[id].map { "\"\($0.title)\" has not ended" } ?? "the task \(node.key) has not ended"
        }
        if let left = stillRunning.first, let step = steps[left] {
            return "job \(step.jobID?.text ?? "?") of \"\(step.title)\" still runs"
        }
        return context.chains.isEmpty ? nil : "a chain was made and never run"
    }

    /// One commit ends this part and begins the next: there is never a run without a part that goes on.
    func handOver(to part: RunPart) {
        isOver = true
        append("", 1, .restarted)
        act(.restart(part))
    }
}
