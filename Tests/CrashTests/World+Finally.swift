import Orchestration

/// What is given to `finally` runs once for each end of its scope, after everything else in it.
extension World {
    /// - Parameter printed: what the whole log of a run that has ended prints; of an open one, what it has printed so far.
    func judgeFinally(of id: String, _ printed: [String]) {
        guard let run = journal.runs[id], ScriptGenerator.hasFinally(seed: plan.seed), journal.restored == 0,
            // Another text may have others.
            !run.log.contains(where: \.isRevision)
        else { return }
        for part in run.parts { judgeOrder(of: part, id) }
        let given = printed.filter { $0.hasPrefix("has ") }.map { $0.dropFirst("has ".count) }
        let left = notRun[id] ?? 0
        for name in Set(given) {
            let count = given.count { $0 == name }
            let ran = printed.count { $0.hasPrefix("finally \(name)\t") }
            if ran > count {
                violations.append("17: finally \(name) of run \(id) ran \(ran) times and was given \(count) times")
            }
            if run.fate == .ended, ran + left < count {
                violations.append("17: finally \(name) of run \(id) was given \(count) times and ran \(ran) times")
            }
            let over = printed.count { $0 == "over \(name)" }
            if run.fate == .ended, over < ran, !isCut(run.log) {
                violations.append("17: finally \(name) of run \(id) ran \(ran) times, and \(over) times to its end")
            }
            if ran > 0 { seen.insert("finally") }
        }
    }

    /// True if functions of `finally` may have been stopped: their time was up, or somebody wanted it.
    private func isCut(_ log: [Record]) -> Bool {
        log.contains { record in
            switch record.body {
            case .fired(.finally, _), .stopping(_, runsFinally: false), .limited: true
            default: false
            }
        }
    }

    /// A step of a scope is not asked for once a function of its `finally` has begun to ask for its own.
    private func judgeOrder(of part: [Record], _ id: String) {
        let void = RunMachine.voidSequences(of: part)
        var over: Set<Substring> = []
        var isWithout = false
        for record in part where !void.contains(record.sequence) {
            if case .stopping(_, runsFinally: false) = record.body { isWithout = true }
            guard case .intent = record.body else { continue }
            // A detached step belongs to nobody, and may have retries left, or be done again by itself.
            let inPart = record.key.drop { $0 != "/" }.dropFirst()
            if record.key.hasPrefix("start#") || record.key.hasPrefix("@") && inPart.hasPrefix("start#"),
                plan.scripts[0].contains("detach = true")
            {
                continue
            }
            let path = record.key.split(separator: "/", omittingEmptySubsequences: false)
            let place = path.firstIndex { $0.hasPrefix("finally#") }
            let scope = path.prefix(place ?? path.count).joined(separator: "/")
            for end in over where place == nil || end.count < scope.count {
                guard end.isEmpty || scope.hasPrefix(end + "/") || scope == end else { continue }
                violations.append("17: \(record.key) of run \(id) starts after a finally of \"\(end)\"")
            }
            if place != nil, isWithout {
                violations.append("17: \(record.key) of run \(id) starts after cancel --no-finally")
            }
            if place != nil { over.insert(Substring(scope)) }
        }
    }
}
