import DataStudio
import Orchestration
import Rehearsal
import SimulatedStudio

/// Blocks of scripts hold locks and places of pools, over all runs.
extension World {
    /// A block wants to hold something.
    func wantLock(_ query: QueryID, _ request: LockRequest, _ id: Int) {
        guard let run = processes[id]?.run else { return }
        processes[id]?.wanted.insert(query)
        truth.blocks[Truth.Block(run: run, key: request.key)] = request
        queue.add(.lock(id, query, request), at: now + delay(3))
    }

    func takeLock(_ query: QueryID, _ request: LockRequest, _ id: Int) {
        guard let process = processes[id], process.wanted.contains(query) else { return }
        let verdict = try? journal.take(request, of: process.run, at: wallClock) { locks["run \($0)"] != nil }
        switch verdict {
        case .taken:
            note("run \(process.run): \(request.key) holds \(request.name)")
            processes[id]?.wanted.remove(query)
            return answer(query, .done, to: id)
        case .deadlock(let key, let rows):
            seen.insert("deadlock")
            note("run \(process.run): \(key) gives way: \(rows.map(\.request.key))")
            queue.add(.process(id, .machine(.lockFails(key: key, "a circle"))), at: now)
            if key == request.key {
                processes[id]?.wanted.remove(query)
                return
            }
        case .waits(let rows):
            seen.insert("waiting lock")
            let holders = rows.map { "\($0.request.key) of \($0.run) (\($0.state))" }.joined(separator: ", ")
            note("run \(process.run): \(request.key) waits for \(request.name): \(holders)")
            for row in rows { help(row) }
        case nil: break
        }
        queue.add(.lock(id, query, request), at: now + .milliseconds(Int64.random(in: 100...2000, using: &random)))
    }

    /// What is in the way comes to an end: an interrupted run is resumed, and jobs that were left running are looked at.
    private func help(_ row: LockRow) {
        guard !isHelping else { return }
        isHelping = true
        defer { isHelping = false }
        switch row.state {
        case .held:
            // The doubt of a third run may be what keeps it.
            for process in processes.values.sorted(by: { $0.id < $1.id }) { decide(process) }
            for (run, _) in open { decide(run, isInTheWay: true) }
            guard locks["run \(row.run)"] == nil, let run = journal.runs[row.run], run.fate == .open,
                helped[row.run].map({ now - $0 > .seconds(30) }) ?? true
            else { return }
            helped[row.run] = now
            seen.insert("lock of an interrupted run")
            begin(row.run, line: run.line)
        case .left:
            seen.insert("lock left")
            let attempts = (try? journal.attempts(in: row)) ?? []
            let running = jobs(in: row.run, row.request.key)
            for attempt in attempts {
                // A server that has forgotten a job runs it no more.
                guard let job = attempt.identity, !running.contains(where: { $0.id == job.id }) else { continue }
                journal.note(over: GateState.Predecessor(job, of: attempt))
            }
            // Whether it was started only a person can find out, once no request can arrive any more.
            guard !attempts.isEmpty, attempts.allSatisfy({ $0.job == nil }), running.isEmpty else { return }
            let since = helped["unlock \(row.run) \(row.request.key)", default: now]
            helped["unlock \(row.run) \(row.request.key)"] = since
            if now - since > .seconds(120) { try? journal.unlock(row) }
        case .waiting: break
        }
    }

    /// The jobs that run by truth and were started in a block.
    private func jobs(in run: String, _ key: String) -> [Job] {
        studio.jobs(at: now).filter { job in
            guard !job.state.isFinal, let owner = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] else {
                return false
            }
            return owner.run == run && owner.key.hasPrefix(key + "/")
        }
    }

    /// By truth, no more blocks of a name have jobs that run than the smallest of them allows.
    func judgeLocks(_ job: Job, _ attempt: Truth.Attempt) {
        guard journal.restored == 0, !plan.personIsCapricious else { return }
        for (block, request) in truth.blocks where block.isAround(attempt) {
            let others = truth.blocks.filter { other, wanted in
                wanted.name == request.name && other != block && !jobs(in: other.run, other.key).isEmpty
            }
            let size = others.values.map(\.size).min().map { min($0, request.size) } ?? request.size
            if others.count >= size {
                let places = others.keys.map { "\($0.key) of run \($0.run)" }.sorted().joined(separator: ", ")
                violations.append(
                    "19: \(attempt.key) of run \(attempt.run) has job \(job.id) in \(request.title) beside \(places)")
            }
        }
    }

    /// What has ended holds nothing, but for jobs that may run.
    func judgeLocksLeft() {
        for row in journal.locks where row.state != .left && journal.runs[row.run]?.fate != .open {
            violations.append(
                "19: run \(row.run) is over, and \(row.request.key) is \(row.state) for \(row.request.name)")
        }
    }
}
