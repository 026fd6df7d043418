import DataStudio
import Orchestration
import Testing

/// What a person says of a start in doubt, whatever has become of the script meanwhile.
@Suite struct DecidedStartTests {
    /// How a run ends whose only start is in doubt, after further records.
    private func end(_ script: String, _ further: [(key: String, body: RecordBody)]) throws -> (RunEnd?, starts: Int) {
        let run = try VirtualRun(script, scenario: "others: { duration: 1h }").run { $0.started == ["a"] }
        let intent = try #require(run.records.firstIndex { $0.body.kind == "intent" })
        var log = Array(run.records[...intent])
        let start = log[intent].key
        for (key, body) in [(start, .ambiguous(Ambiguity(reason: "nobody knows")))] + further {
            log.append(Record(sequence: log.count + 1, key: key, attempt: 1, at: run.now, body: body))
        }
        let actions = try RunMachine(run.configuration, at: log[0].at).resume(log, at: run.now)
        let starts = actions.count { if case .start = $0 { true } else { false } }
        for case .finish(let end) in actions { return (end, starts) }
        return (nil, starts)
    }

    @Test func `a start in doubt that is said to be done gives the script its handle`() throws {
        let (end, _) = try end(#"print(wait(start "a").state)"#, [("start#1", .resolved(.done, by: "me"))])
        #expect(end?.status == .succeeded, "\(String(describing: end?.error))")
    }

    @Test func `one that is said to start again does not where its task has been stopped`() throws {
        let further: [(String, RecordBody)] = [
            ("timeout#1", .fired(.timeout, state: nil)), ("timeout#1/start#1", .resolved(.restart, by: "me")),
        ]
        let (end, starts) = try end(#"print(pcall(timeout, "2s", function() start "a" end))"#, further)
        #expect(end?.status == .succeeded && starts == 0, "\(String(describing: end?.error))")
    }
}
