/// Steps that start again. Of those that a retry starts, the limits of their lists hold as of any other.
extension RunMachine {
    /// A list with a limit, and the position of the item in it that a step belongs to.
    private typealias Place = (group: GroupID, position: Int)

    /// Starts it once more: whatever was before is another attempt.
    func restart(_ id: NodeID) {
        closeForRestart(id)
        beginAttempt(id)
    }

    /// Leaves what was: the next attempt is another.
    func closeForRestart(_ id: NodeID) {
        unwatch(id)
        dropAwaited(id)
        steps[id]?.closeAttempt()
        skipUsedAttempts(id)
        steps[id]?.doubt = nil
    }

    /// Waits for its job again, from now.
    func waitAgain(_ id: NodeID) {
        guard let step = steps[id], case .running = step.stage, let job = step.job else { return }
        unwatch(id)
        watch(id, job)
    }

    /// Has a step wait until it may start again.
    func postponeRestart(of id: NodeID) {
        guard let step = steps[id] else { return }
        step.retries = 0
        closeForRestart(id)
        step.stage = .pausing
        let places = limitedPlaces(of: id)
        for place in places { groups[place.group]?.postponed.insert(place.position) }
        postponed[places.first?.group, default: []].append(id)
    }

    /// Puts the steps that wait into the order of the items that they belong to.
    func orderPostponed() {
        for group in postponed.keys {
            postponed[group]?.sort { a, b in
                let (one, other) = (limitedPlaces(of: a).reversed(), limitedPlaces(of: b).reversed())
                return one.map(\.position).lexicographicallyPrecedes(other.map(\.position))
            }
        }
    }

    /// Starts the steps again for which there is room in all their lists. A step whose item runs already waits for nothing.
    func restartPostponed() {
        var isAnyRestarted = !postponed.isEmpty
        while isAnyRestarted {
            isAnyRestarted = false
            for group in postponed.keys.sorted(by: { ($0?.number ?? 0) < ($1?.number ?? 0) }) {
                // What ends at once, as it was stopped meanwhile, leads here again.
                let waiting = postponed.removeValue(forKey: group) ?? []
                let left = waiting.filter { !restartIfAllowed($0) }
                isAnyRestarted = isAnyRestarted || left.count < waiting.count
                if !left.isEmpty { postponed[group, default: []].insert(contentsOf: left, at: 0) }
            }
        }
    }

    /// Starts the step again that a record is about, as in ``beginItem(of:)``.
    ///
    /// - Returns: false if none of that key waits for it.
    func restartPostponed(of key: String) -> Bool {
        for (group, steps) in postponed {
            let place = steps.firstIndex { id in
                nodes[id].map { key == $0.key || key.hasPrefix($0.key + "/") } ?? false
            }
            guard let place else { continue }
            postponed[group]?.remove(at: place)
            restart(within: limitedPlaces(of: steps[place]), steps[place])
            return true
        }
        return false
    }

    /// - Returns: false if it has to wait.
    private func restartIfAllowed(_ id: NodeID) -> Bool {
        let places = limitedPlaces(of: id)
        let hasRoom = places.allSatisfy { place in
            groups[place.group].map { !$0.postponed.contains(place.position) || $0.hasRoom } ?? true
        }
        if hasRoom { restart(within: places, id) }
        return hasRoom
    }

    private func restart(within places: [Place], _ id: NodeID) {
        for place in places { groups[place.group]?.postponed.remove(place.position) }
        startAgain(id)
    }

    /// The innermost list comes first.
    private func limitedPlaces(of id: NodeID) -> [Place] {
        var places: [Place] = []
        var current: NodeID? = id
        while let node = current.flatMap({ nodes[$0] }) {
            for (group, position) in node.waiters {
                if let list = groups[group], list.limit < list.items.count, list.items[position].begins {
                    places.append((group, position))
                }
            }
            current = node.owner
        }
        return places
    }

    /// The limits in time of steps and blocks that are open count from a retry: what they limit was over before. So does a
    /// sleep that was over, if it is to be gone through again.
    func countLimitsAnew() {
        for (id, timer) in timers {
            switch timer.use {
            case .stepTimeout, .stepLate, .stepQueued, .group, .finally: timers[id]?.armed = context.now
            case .sleep where timer.firesAgain: timers[id]?.armed = context.now
            case .sleep, .stepRetry, .grace: break
            }
        }
    }
}
