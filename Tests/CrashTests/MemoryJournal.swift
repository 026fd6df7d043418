import DataStudio
import Orchestration

/// A journal in memory with the rules of the real one: commits are all or nothing, and in order.
struct MemoryJournal {
    struct Run {
        let line: Int
        var log: [Record] = []
        var fate = RunFate.open
        var status: RunStatus?
    }

    private(set) var runs: [String: Run] = [:]
    private(set) var attempts: [AttemptRow] = []
    /// What breaks the rules.
    private(set) var violations: [String] = []

    mutating func add(_ id: String, line: Int) {
        runs[id] = Run(line: line)
    }

    mutating func commit(_ records: [Record], of id: String) {
        for record in records {
            let last = runs[id]?.log.last
            if record.sequence != (last?.sequence ?? 0) + 1 {
                violations.append("1: record \(record.sequence) of run \(id) follows \(last?.sequence ?? 0)")
            }
            if runs[id]?.fate == .ended, record.body.kind != "retried" {
                violations.append("12: record \(record.sequence) of run \(id) follows its end")
            }
            runs[id]?.log.append(record)
            index(record, of: id)
        }
    }

    /// Adds a record that only the one who holds the run may add.
    mutating func append(_ body: RecordBody, key: String, attempt: Int, to id: String, at now: Timestamp) {
        guard let last = runs[id]?.log.last else { return }
        commit(
            [Record(sequence: last.sequence + 1, key: key, attempt: attempt, at: max(now, last.at), body: body)], of: id
        )
    }

    private mutating func index(_ record: Record, of id: String) {
        switch record.body {
        case .intent:
            guard let row = AttemptRow(run: id, record) else { return }
            if let earlier = attempts.last(where: { $0.run == id && $0.key == record.key }) {
                if earlier.attempt >= row.attempt {
                    violations.append("2: \(record.key) of run \(id) has attempt \(row.attempt) twice")
                }
                if earlier.state == .open || earlier.state == .ambiguous {
                    violations.append(
                        "3: attempt \(row.attempt) of \(record.key) in run \(id) although \(earlier.attempt) is \(earlier.state)"
                    )
                }
            }
            attempts.append(row)
        case .ended(let status):
            runs[id]?.fate = .ended
            runs[id]?.status = status
        case .retried(let retrial):
            runs[id]?.fate = .open
            runs[id]?.status = nil
            for intent in runs[id]?.log ?? [] where retrial.void.contains(intent.sequence) {
                let place = attempts.firstIndex {
                    $0.run == id && $0.key == intent.key && $0.attempt == intent.attempt
                }
                if case .intent = intent.body, let place { attempts[place].leave() }
            }
        default:
            guard
                let place = attempts.lastIndex(where: {
                    $0.run == id && $0.key == record.key && $0.attempt == record.attempt
                })
            else { return }
            _ = attempts[place].take(record)
        }
    }

    /// Gives a run another script, and what counts of its log with that.
    mutating func revise(_ id: String, _ beginning: RunBeginning, _ retrial: Retrial) {
        guard let first = runs[id]?.log.first else { return }
        runs[id]?.log[0] = Record(sequence: 1, key: first.key, attempt: 1, at: first.at, body: .began(beginning))
        append(.retried(retrial), key: "", attempt: 1, to: id, at: first.at)
    }

    mutating func set(_ status: RunStatus?, of id: String) {
        runs[id]?.status = status
    }

    mutating func abandon(_ id: String) {
        runs[id]?.fate = .abandoned
    }

    mutating func note(over other: GateState.Predecessor) {
        let place = attempts.firstIndex {
            $0.run == other.run && $0.key == other.key && $0.attempt == other.attempt
        }
        if let place { attempts[place].ended(other.job.id) }
    }

    func state(of gate: Gate, for run: String) -> GateState {
        GateState(gate, rows: attempts.filter { $0.state != .void }, run: run) { runs[$0]?.fate ?? .ended }
    }
}
