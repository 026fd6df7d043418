import DataStudio
import Foundation
import Journal
import Orchestration

/// A folder for one journal, removed with this object.
final class Place {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var folder: JournalFolder { JournalFolder(path) }

    func open() throws -> Journal { try Journal(folder) }

    /// Copies everything but the locks to another place, as a backup does.
    func copy(to other: Place) throws {
        try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "locks" {
            try FileManager.default.copyItem(atPath: path + "/" + name, toPath: other.path + "/" + name)
        }
    }
}

extension Journal {
    /// A run with a script that starts `a`.
    func begin(_ now: Timestamp = Timestamp(milliseconds: 1_772_337_906_000)) throws -> RunRow {
        let beginning = RunBeginning(script: "test.lua", text: "execute 'a'", seed: 1)
        let row = try add(
            RunRow(
                id: "", line: "test", path: "/test.lua", script: "test.lua", textHash: "", server: "test", began: now),
            beginning)
        try commit(
            Commit(records: [Record(sequence: 1, key: "", attempt: 1, at: now, body: .began(beginning))]), of: row.id)
        return row
    }
}

extension Record {
    /// A start of `a` at its gate.
    static func intent(_ sequence: Int, _ attempt: Int = 1, at: Int64 = 1_772_337_906_000, label: String = "a")
        -> Record
    {
        let gate = Gate(ServerIdentity(url: "http://studio", environment: "default", key: ""), label: label)
        let intent = Intent(
            request: .start(WorkflowStart(label: label)), title: label, location: "test.lua:1", gate: gate.name,
            serverTime: Timestamp(milliseconds: at))
        return Record(
            sequence: sequence, key: "execute#1", attempt: attempt, at: Timestamp(milliseconds: at),
            body: .intent(intent))
    }

    static func accepted(
        _ sequence: Int, _ job: String, attempt: Int = 1, at: Int64 = 1_772_337_906_000
    ) -> Record {
        let time = Timestamp(milliseconds: at)
        return Record(
            sequence: sequence, key: "execute#1", attempt: attempt, at: time,
            body: .accepted(Acceptance(job: JobID(job), created: time...time, serverTime: time)))
    }

    static func settled(_ sequence: Int, _ job: String, at: Int64 = 1_772_337_906_000) -> Record {
        let time = Timestamp(milliseconds: at)
        return Record(
            sequence: sequence, key: "execute#1", attempt: 1, at: time,
            body: .settled(
                .finished(
                    Job(
                        id: JobID(job), label: "a", state: .completed, created: time, started: time,
                        finished: time + .seconds(5)))))
    }
}

extension Gate {
    static let a = Gate(ServerIdentity(url: "http://studio", environment: "default", key: ""), label: "a")
}
