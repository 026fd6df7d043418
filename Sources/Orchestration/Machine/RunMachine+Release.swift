import LuaVM

/// Letting go of what has ended: a run that goes on for a year must not hold a year of steps.
///
/// When a script drops a handle depends on the collector, which works at other times in other processes. So nothing that a
/// script, the log or a message shows depends on whether a node is still there: who has no handle cannot ask for it, keys are
/// counted in the parent, and failures that nobody took stay.
extension RunMachine {
    /// How many tasks, steps and chains are kept.
    package var keptNodes: Int { nodes.count }

    /// False for a step that has ended and was let go of, and for one of another part of the run.
    func knows(_ step: NodeID) -> Bool { steps[step] != nil }

    /// Forgets a node if nothing can ask for it any more, and then its owner, if that waited for this only.
    func release(_ id: NodeID) {
        guard releasesEnded, session == nil, id != root, let node = nodes[id], isReleasable(node) else { return }
        nodes[id] = nil
        if let step = steps[id] {
            steps[id] = nil
            stepsByKey[node.key] = nil
            sights[node.key] = nil
            if let job = step.jobID {
                let key = JobKey(server: step.server, job: job)
                if owners[key] == id { owners[key] = nil }
            }
        }
        guard let owner = node.owner else { return }
        nodes[owner]?.keptChildren -= 1
        release(owner)
    }

    private func isReleasable(_ node: Node) -> Bool {
        guard let outcome = node.outcome, !node.isHeld, node.keptChildren == 0, !leftRunning.contains(node.id) else {
            return false
        }
        if case .failure = outcome { return node.isTaken }
        return true
    }

    /// No script reaches the handle of a node any more.
    func handleDropped(_ kind: Int32, _ number: Int64) {
        guard HandleKind.nodes.contains(kind), let number = Int(exactly: number) else { return }
        let id = NodeID(number: number)
        nodes[id]?.isHeld = false
        release(id)
    }
}
