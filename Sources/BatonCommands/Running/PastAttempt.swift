import DataStudio
import JSON
import Orchestration

/// One attempt to start a step, as the log has it.
struct PastAttempt {
    /// From 1.
    let number: Int
    /// When it was about to leave.
    let at: Timestamp
    private(set) var job: JobID?
    /// How its job ended, as the server has it; `nil` while that is not known.
    private(set) var end: String?

    /// What became of it, in words.
    var words: String {
        guard let job else { return end ?? "not known to have a job" }
        return "job \(job)" + (end.map { ", \($0)" } ?? "")
    }

    /// For programs.
    var json: JSON {
        .record([
            "attempt": .integer(Int64(number)), "at": .string(at.iso8601), "job_id": job.map { .string($0.text) },
            "state": end.map { .string($0) },
        ])
    }

    /// Notes what a record says of the attempts of its step.
    static func note(_ record: Orchestration.Record, in attempts: inout [PastAttempt]) {
        if case .intent(let intent) = record.body, intent.label != nil {
            attempts.removeAll { $0.number == record.attempt }
            attempts.append(PastAttempt(number: record.attempt, at: record.at))
        }
        guard let index = attempts.lastIndex(where: { $0.number == record.attempt }) else { return }
        switch record.body {
        case .void: attempts[index].end = "not started"
        case .accepted(let acceptance): attempts[index].job = acceptance.job
        case .resolved(.adopt(let job), _): attempts[index].job = job.id
        case .ambiguous: attempts[index].end = "in doubt"
        case .settled(.finished(let job)):
            attempts[index].job = job.id
            attempts[index].end = job.stateName
        case .settled(.failed(let failure)): attempts[index].end = failure.message
        default: break
        }
    }
}
