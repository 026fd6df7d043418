import DataStudio
import Orchestration
import SimulatedStudio

/// What tests ask of a run with several lives.
extension TwoLives {
    /// The labels of the jobs that the run has made, in order.
    var started: [String] { made.map(\.label) }

    /// True if it ended well, or waits for a person.
    var isSafe: Bool { end?.status == .succeeded || end?.status == .ambiguous }

    /// What became of a step, a word for each record: `adopted` for a job that was found in the server's list.
    func story(of key: String) -> String {
        records.filter { $0.key == key }.map { record in
            if case .accepted(let acceptance) = record.body, case .adopted = acceptance.source { return "adopted" }
            return record.body.kind
        }
        .joined(separator: " ")
    }

    /// The stories of all steps that are alike, by key.
    var stories: [String: String] {
        let keys = Set(records.filter { $0.body.kind == "intent" }.map(\.key))
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, story(of: $0)) })
    }

    /// What must never happen: a step that was started more than once, and a job that was taken for that of a step and is not.
    var wrongs: [String] {
        var wrongs: [String] = []
        for step in Set(made.map(\.step)).sorted() {
            let jobs = made.filter { $0.step == step }.map(\.job.text)
            if jobs.count > 1 { wrongs.append("\(step) was started \(jobs.count) times, as \(jobs)") }
        }
        for record in records {
            switch record.body {
            case .accepted(let acceptance):
                if !made.contains(where: { $0.step == record.key && $0.job == acceptance.job }) {
                    wrongs.append("\(record.key) was given job \(acceptance.job), which is not its own")
                }
            case .settled(.finished(let job)):
                let own = made.last { $0.step == record.key && $0.job == job.id }
                // As it was then: the id may have been given away again since.
                let listed = studio.jobs(at: now).last { $0.id == job.id && $0.created.map { $0 <= record.at } ?? true }
                if own == nil || (listed != nil && listed?.created != own?.created) {
                    wrongs.append("\(record.key) ended with job \(job.id) of \(job.label ?? "?"), which is not its own")
                }
            default: break
            }
        }
        return wrongs
    }
}
