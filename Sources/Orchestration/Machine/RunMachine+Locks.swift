import DataStudio
import LuaVM

/// `lock` and `pool`: blocks of which only so many go on at a time, over all runs of the journal.
///
/// A block holds its lock from the record that answers its question until the record with which it ends is durable. The lock
/// belongs to the run: one that is interrupted keeps it, and one that has ended gives it back, but for blocks whose jobs may
/// still run. A retry of an ended run goes on in blocks that have given theirs back: nothing starts there until they hold it
/// again.
extension RunMachine {
    private static let longestLockName = 100
    private static let largestPool = 1000
    /// So long the first look may take: the server may have to be asked whether a job has ended that keeps the lock.
    private static let shortestWait = Duration.seconds(1)

    /// `lock(name, fn [, { wait = }])` and `pool(name, size, fn [, { wait = }])`
    func lock(_ request: LuaRequest, _ caller: NodeID, isPool: Bool) throws(ArgumentError) {
        guard let name = request.argument(0).text, !name.isEmpty else {
            throw ArgumentError("a name was expected; got \(request.argument(0).article)")
        }
        guard name.utf8.count <= Self.longestLockName else {
            throw ArgumentError("a name has \(Self.longestLockName) bytes at most; this one has \(name.utf8.count)")
        }
        // As with a NUL, where the journal would see another name than the script.
        guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ArgumentError("a name has no control characters")
        }
        var size = 1
        if isPool {
            guard let count = request.argument(1).integer, (1...Int64(Self.largestPool)).contains(count) else {
                throw ArgumentError(
                    "a size from 1 to \(Self.largestPool) was expected second; got \(request.argument(1).article)")
            }
            size = Int(count)
        }
        guard let function = request.argument(isPool ? 2 : 1).function else {
            let value = request.argument(isPool ? 2 : 1)
            throw ArgumentError("a function was expected \(isPool ? "third" : "second"); got \(value.article)")
        }
        var options = StepOptions()
        let table = request.argument(isPool ? 3 : 2)
        for (option, value) in table.isNil ? [] : try fields(table) {
            guard option == "wait" else { throw ArgumentError.unknownOption(option, among: ["wait"]) }
            options.timeout = try Duration(value, for: "the option \"wait\"")
        }
        if let outer = enclosingBlock(caller, named: name) {
            throw ArgumentError(
                "\"\(name)\" is held here already\(outer.place.map { ", since \($0)" } ?? ""): it would wait for itself"
            )
        }
        let key = nextKey(isPool ? "pool" : "lock", in: caller)
        let wanted = LockRequest(name: name, size: size, key: "\(key)/block#1", place: request.location?.description)
        let id = addStep(
            wanted.title, options, server: nil, key: key, owner: caller, location: request.location)
        steps[id]?.lock = wanted
        beginAttempt(id)
        begin(
            Group(
                .block(request.token, function, wanted), .single, owner: caller, key: key, location: request.location,
                title: wanted.title, items: [.node(id)]))
    }

    /// The block of that name that a task belongs to.
    private func enclosingBlock(_ id: NodeID, named name: String) -> LockRequest? {
        enclosingBlocks(id).first { $0.request.name == name }?.request
    }

    func enclosingBlocks(_ id: NodeID) -> [LockQueues.Block] {
        guard !locks.blocks.isEmpty else { return [] }
        return sequence(first: id) { self.nodes[$0]?.owner }.compactMap { locks.blocks[$0] }
    }

    // MARK: Asking for it

    func lockKey(_ id: NodeID) -> String { "\(nodes[id]?.key ?? "")/taken#\(steps[id]?.attempt.number ?? 1)" }

    func askLock(_ id: NodeID, _ request: LockRequest) {
        guard let step = steps[id] else { return }
        step.stage = .awaiting
        step.isWaitingTold = false
        ask(.lock(id), key: lockKey(id), request)
        if let wait = step.options.timeout { setStepTimer(id, .stepTimeout(id), after: max(wait, Self.shortestWait)) }
    }

    private func ask(_ use: QueryUse, key: String, _ request: LockRequest, isFirst: Bool = false) {
        ask(use, key: key, server: nil, .lock(request))
        guard let query = queriesByKey[key] else { return }
        locks.add(query, for: request.name, isFirst: isFirst)
        sendLocks(request.name)
    }

    /// Sends what may be asked about a name now.
    func sendLocks(_ name: String) {
        guard !isReplaying else { return }
        let next = locks.next(of: name) { query in
            if case .lock(let request)? = queries[query]?.query { request } else { nil }
        }
        guard let next, let open = queries[next] else { return }
        act(.ask(next, server: nil, open.query))
    }

    func dropLock(_ key: String, _ request: LockRequest) {
        guard dropLockQuery(key) else { return }
        act(.lock(.release(key: request.key)))
        sendLocks(request.name)
    }

    /// - Returns: false if nothing was asked under the key.
    @discardableResult
    private func dropLockQuery(_ key: String) -> Bool {
        guard let (query, _) = removeQuery(key) else { return false }
        act(.dropLock(query))
        return true
    }

    /// True if the answer to a question is still wanted.
    package func awaits(_ query: QueryID) -> Bool { queries[query] != nil }

    /// It is not free: another run holds it.
    func lockWaits(_ query: QueryID, _ reason: String) {
        switch queries[query]?.use {
        case .lock(let id):
            tellWaiting(id)
            report(id, .waiting(reason))
        case .lockAgain(let task):
            guard let request = locks.blocks[task]?.request else { return }
            report(.log(level: .info, "\(request.place.map { "\($0): " } ?? "")\(request.title) \(reason)"))
        default: break
        }
    }

    /// It would be waited for for ever.
    func lockFails(_ key: String, _ reason: String) {
        let open = queries.values.first { if case .lock(let request) = $0.query { request.key == key } else { false } }
        guard let open else { return }
        log(open.key, .answered(.failed(StepFailure(kind: .script, message: reason))))
    }

    private func tellWaiting(_ id: NodeID) {
        guard let step = steps[id], !step.isWaitingTold else { return }
        step.isWaitingTold = true
        report(id, .starting)
    }

    /// It is held, or waiting for it would never end.
    func lockAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .awaiting = step.stage, let request = step.lock else { return }
        // By then the block has begun.
        defer { sendLocks(request.name) }
        if case .failed(let failure) = answer {
            act(.lock(.release(key: request.key)))
            return failLock(id, failure.kind, "\(request.title): \(failure.message)")
        }
        if step.isWaitingTold { report(id, .ended(.locked)) }
        end(id, .values([]))
    }

    func lockTimedOut(_ id: NodeID) {
        guard let step = steps[id], let request = step.lock else { return }
        dropAwaited(id)
        failLock(id, .timeout, "\(request.title): not free within \(step.options.timeout?.short ?? "?"), its wait")
    }

    private func failLock(_ id: NodeID, _ kind: ErrorKind, _ message: String) {
        tellWaiting(id)
        fail(id, kind, message)
    }

    // MARK: Blocks

    func beginBlock(_ function: LuaReference, _ request: LockRequest, _ token: LuaToken, _ former: Group) {
        let group = Group(
            .resume(token), .single, owner: former.owner, key: request.key, location: former.location,
            title: request.title, items: [.function(function, arguments: [])])
        begin(group)
        if case .node(let task)? = group.slots.first { locks.blocks[task] = LockQueues.Block(request: request) }
    }

    /// A task is over, with all that it began: if it was a block, the next may hold its lock.
    func blockEnded(_ id: NodeID) {
        guard let block = locks.blocks.removeValue(forKey: id) else { return }
        dropLockQuery(lockAgainKey(block.request))
        act(.lock(.release(key: block.request.key)))
        sendLocks(block.request.name)
    }

    /// The keys of the blocks that wait, or go on.
    var lockKeys: Set<String> {
        let waiting = queries.values.compactMap { if case .lock(let request) = $0.query { request.key } else { nil } }
        return Set(waiting + locks.blocks.values.map(\.request.key))
    }

    // MARK: After a retry

    private func lockAgainKey(_ request: LockRequest) -> String { "\(request.key)/taken#\(retrials)" }

    /// The run had ended, and with it what its blocks held.
    func takeLocksAgain() {
        for block in locks.blocks.values { dropLockQuery(lockAgainKey(block.request)) }
        retrials += 1
        for task in locks.blocks.keys.sorted().reversed() {
            guard let request = locks.blocks[task]?.request else { continue }
            locks.blocks[task] = LockQueues.Block(request: request, isHeld: false)
            ask(.lockAgain(task), key: lockAgainKey(request), request, isFirst: true)
        }
        // What the script had asked for before the run ended, and what has not left, waits as well.
        for id in startsInFlight where steps[id]?.attempt.isOpen == false && waitsForLock(id) {
            startsInFlight.remove(id)
        }
    }

    func lockTakenAgain(_ task: NodeID, _ answer: Answer) {
        guard let request = locks.blocks[task]?.request else { return }
        defer { sendLocks(request.name) }
        if case .failed(let failure) = answer {
            act(.lock(.release(key: request.key)))
            locks.blocks[task]?.failure = failure
        } else {
            locks.blocks[task]?.isHeld = true
        }
        for id in locks.starts.sorted() where !waitsForLock(id) { sendStart(id) }
    }

    /// True if a step must not start yet, as a block around it does not hold its lock again.
    func waitsForLock(_ id: NodeID) -> Bool {
        let blocks = enclosingBlocks(id).filter { !$0.isHeld }
        if let block = blocks.first(where: { $0.failure != nil }), let failure = block.failure {
            fail(id, failure.kind, "\(steps[id]?.title ?? ""): \(block.request.title): \(failure.message)")
            return true
        }
        if blocks.isEmpty { locks.starts.remove(id) } else { locks.starts.insert(id) }
        return !blocks.isEmpty
    }

    // MARK: Waiting for each other

    /// True if nothing is asked but for locks that the run itself holds; or for any, while only a person can go on in a block
    /// that others may wait for.
    var waitsOnlyForLocks: Bool {
        if queries.count == locks.heldBack { return true }
        guard queries.count == locks.count, !locks.blocks.isEmpty else { return false }
        return steps.contains { id, step in step.isInDoubt && !enclosingBlocks(id).isEmpty }
    }

    /// Everything waits, and something for a lock that the run itself holds: the last one to wait in the circle gives way.
    ///
    /// - Returns: false if nothing waits for one.
    func breakDeadlock() -> Bool {
        let waiting = queries.compactMap { query, open -> (QueryID, LockRequest, NodeID)? in
            guard case .lock(let request) = open.query else { return nil }
            switch open.use {
            case .lock(let id), .lockAgain(let id): return (query, request, id)
            default: return nil
            }
        }.sorted { $0.0.number > $1.0.number }
        guard let (query, request, _) = waiting.first(where: { waitsForItself($0.2) }) ?? waiting.first else {
            return false
        }
        let holders = locks.blocks.values.filter { $0.request.name == request.name }.compactMap(\.request.place)
        let place = holders.isEmpty ? "" : " at \(holders.sorted().joined(separator: " and "))"
        let message = "it is held\(place), where the script waits for this: neither can go on"
        log(queries[query]?.key ?? "", .answered(.failed(StepFailure(kind: .script, message: message))))
        return true
    }

    /// True if a node can only end when it has ended: through what it waits for, and who holds that.
    private func waitsForItself(_ start: NodeID) -> Bool {
        var (seen, next): (Set<NodeID>, [NodeID]) = ([], [start])
        while let id = next.popLast() {
            for other in needed(by: id) {
                if other == start { return true }
                if seen.insert(other).inserted { next.append(other) }
            }
        }
        return false
    }

    /// The nodes without whose ends a node does not end.
    private func needed(by id: NodeID) -> [NodeID] {
        guard let node = nodes[id], node.outcome == nil else { return [] }
        var found = Array(node.openChildren)
        for case .node(let other)? in node.group.flatMap({ groups[$0] })?.slots.map(Optional.some) ?? [] {
            found.append(other)
        }
        if let lock = steps[id]?.lock { found += locks.blocks.filter { $0.value.request.name == lock.name }.map(\.key) }
        return found
    }
}
