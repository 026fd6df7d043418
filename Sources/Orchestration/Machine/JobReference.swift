import DataStudio
import LuaVM

/// A job that a script names by a table, as `studio.jobs` and `job` return them: whoever started it.
struct JobReference: Hashable {
    let id: JobID
    /// The workflow's label, as far as it is known.
    var label: String?
    /// The server's name in the configuration; `nil`: the run's own.
    var server: String?
    /// When the server made it, in seconds since 1970, as far as it is known.
    var created: Int64?

    /// What reports and messages call it.
    var title: String { "job \(id)" + (label.map { " of \($0)" } ?? "") }

    /// Why the job of the id is not the one that is meant.
    static let otherJob = "the server has given the id to another job since"

    /// True if more is known of it than its id, which servers may give away again.
    var tellsItself: Bool { label != nil || created != nil }

    /// True if the job may be this one: ids are given away again.
    func isMeant(_ job: Job) -> Bool {
        (label == nil || job.label == nil || label == job.label)
            && (created == nil || job.created == nil || created == job.created?.seconds)
    }

    /// Reads a table with a `job_id`.
    ///
    /// - Returns: `nil` for a table that has none, and for everything else.
    init?(_ value: LuaValue, _ vm: LuaVM) {
        guard let reference = value.tableReference, !vm.table(reference, has: .chain) else { return nil }
        let table = vm.entries(of: reference)
        let number = table["job_id"]?.integer.map(String.init)
        guard let id = number ?? table["job_id"]?.text, !id.isEmpty else { return nil }
        self.id = JobID(id)
        label = table["label"]?.text
        server = table["server"]?.text
        created = table["created"]?.integer
    }
}
