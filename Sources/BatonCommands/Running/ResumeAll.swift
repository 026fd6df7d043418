import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration

/// Resumes all runs that nobody has to be asked about. Runs that a person must decide about are reported, once.
struct ResumeAll {
    let desk: RunDesk
    let output: OutputOptions
    /// How old the last record of a run may be; `nil`: as the configuration of its script says.
    let within: Duration?

    private static let stuck = "its process died three times without getting any further"
    /// More runs than that are not listed one by one.
    private static let longestList = 50

    /// - Returns: the exit code.
    func run() async throws -> Int32 {
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let open = try desk.journal.runs(fate: .open).filter { (try? desk.isSession($0)) != true }
        var code: Int32 = try await hold(open.filter(\.isStuck)) ? 8 : 0
        await tellAgain(open.filter { $0.isHeld || $0.isPassedOver })
        let selection = try select(open)
        if try await passOver(selection.passedOver) { code = 8 }
        code = RunEnd.graver(code, await resume(selection.resumed))
        return Signals.taken.map { RunEnd.graver(code, 128 + $0) } ?? code
    }

    // MARK: What a person decides about

    /// Notes that runs get nowhere. It is told once, as this is called every few minutes.
    ///
    /// - Returns: true if there is one.
    private func hold(_ rows: [RunRow]) async throws -> Bool {
        var isAny = false
        for row in rows {
            let note = { try desk.journal.note(row.id, status: .stuck, note: Self.stuck) }
            guard try desk.opening.whileHeld(row, note) != nil else { continue }
            let words = "Run \(row.id) of \(row.script) is held: \(Self.stuck)."
            Output.errors.write("\(words.visible)\n  baton show \(row.id)\n")
            await tell(row, [words] + commands(row, "show"))
            isAny = true
        }
        return isAny
    }

    /// Tells of runs that are too old, once.
    ///
    /// - Returns: true if there is one.
    private func passOver(_ candidates: [ResumeSelection.Candidate]) async throws -> Bool {
        let told = try candidates.filter { candidate in
            try desk.opening.whileHeld(candidate.row) {
                // Another process may have told it, or may have resumed the run.
                guard let row = try desk.journal.run(candidate.row.id), row == candidate.row else { return false }
                try desk.journal.note(row.id, status: row.status, signal: row.signal, note: row.passedOverNote)
                return true
            } == true
        }
        guard !told.isEmpty else { return false }
        output.json ? tellPrograms(of: told) : tellPeople(of: told)
        for row in told.prefix(Self.longestList).map(\.row) {
            let words = "Run \(row.id) of \(row.script) is too old to be resumed automatically."
            await tell(row, [words] + commands(row, "resume", "abandon"))
        }
        return true
    }

    private func tellPeople(of candidates: [ResumeSelection.Candidate]) {
        let limit = within.map { $0.short } ?? "limits.resume_within"
        var lines = ["These runs are not resumed automatically: their last records are older than \(limit)."]
        for candidate in candidates.prefix(Self.longestList) {
            let row = candidate.row
            lines += [
                "", "Run \(row.id) of \(row.script), last record \(candidate.lastRecord.localDate)".visible,
                "  baton resume \(row.id)", "  baton abandon \(row.id)",
            ]
        }
        if candidates.count > Self.longestList {
            lines += ["", "and \(candidates.count - Self.longestList) more:", "  baton runs --state interrupted"]
        }
        Output.errors.write(lines.map { $0 + "\n" }.joined())
    }

    private func tellPrograms(of candidates: [ResumeSelection.Candidate]) {
        for candidate in candidates {
            let row = candidate.row
            JSONRenderer(run: row.id).note(
                "run \(row.id) is not resumed automatically: its last record is of \(candidate.lastRecord.iso8601); "
                    + "baton resume \(row.id), or baton abandon \(row.id)")
        }
    }

    // MARK: Selecting

    private func select(_ open: [RunRow]) throws -> ResumeSelection {
        var limits: [String: Duration] = [:]
        let candidates = open.filter { goesOn($0) && !desk.opening.isLive($0) }.map { row in
            ResumeSelection.Candidate(
                row: row, lastRecord: lastRecord(of: row), within: within ?? limit(for: row, &limits))
        }
        return ResumeSelection(candidates, at: .now)
    }

    /// True if nobody has to be asked, or nobody any more. A run whose log cannot be followed is a person's business.
    private func goesOn(_ row: RunRow) -> Bool {
        row.goesOnUnasked || (try? desk.isDecided(row)) == true
    }

    /// What a person has decided stands in the log, and not in the row.
    private func lastRecord(of row: RunRow) -> Timestamp {
        guard row.status == .resolved else { return row.updated }
        return (try? desk.journal.log(of: row.id).last?.at) ?? row.updated
    }

    /// The limit of the script's folder. Where the configuration cannot be read it is the usual one, and the reason is told
    /// when the run is resumed.
    private func limit(for row: RunRow, _ known: inout [String: Duration]) -> Duration {
        let place = (row.path as NSString).deletingLastPathComponent + "\0" + row.server
        if let limit = known[place] { return limit }
        let limit = ((try? desk.configuration(for: row)) ?? BatonConfiguration()).resumeWithin
        known[place] = limit
        return limit
    }

    // MARK: Resuming

    /// Resumes runs, some at a time: the others wait for their turn, and are not begun once a signal has come.
    private func resume(_ rows: [RunRow]) async -> Int32 {
        var queue = ResumeQueue(
            rows, mostAtOnce: ResumeQueue.mostAtOnce(descriptors: StandardStreams.descriptorLimit))
        return await withTaskGroup(of: (row: RunRow, code: Int32).self) { group in
            var code: Int32 = 0
            repeat {
                while Signals.taken == nil, let row = queue.next() {
                    group.addTask { (row, await resume(row)) }
                }
                guard let ended = await group.next() else { return code }
                queue.ended(ended.row)
                code = RunEnd.graver(code, ended.code)
            } while true
        }
    }

    private func resume(_ row: RunRow) async -> Int32 {
        await telling(json: output.json) { refusal, code in
            let alarm = (try? desk.journal.alarm(of: row.id)) ?? nil
            guard await !announce(row, refusal.lines, code: code), var alarm else { return }
            alarm.told = Alarm.untold
            try? desk.journal.keep(alarm, of: row.id)
        } isKnown: {
            isKnown($0, of: row)
        } _: {
            // Somebody else may have resumed it meanwhile.
            guard let row = try desk.journal.run(row.id), goesOn(row) else { return 0 }
            let continuation = RunContinuation(desk, output, name: row.id, isUnattended: output.cron)
            do {
                return try await continuation.resumeUnlessHeld(row) ?? 0
            } catch let error where !(error is JournalError) {
                // The message must say which of several runs it is about.
                let refusal = Refusal(error)
                let first = "Run \(row.id) of \(row.script) cannot be resumed: \(refusal.lines.first ?? "")"
                throw Refusal(lines: [first] + refusal.lines.dropFirst(), code: refusal.code)
            }
        }
    }

    // MARK: Telling

    /// Notifies people of a run that they have to decide about. If they cannot be reached, the next call tries it again.
    private func tell(_ row: RunRow, _ lines: [String]) async {
        let isTold = await announce(row, lines, code: 8)
        let alarm = isTold ? nil : Alarm(cause: lines.joined(separator: "\n"), since: .now, told: Alarm.untold)
        try? desk.journal.keep(alarm, of: row.id)
    }

    /// Commands about a run, as they can be run from anywhere.
    private func commands(_ row: RunRow, _ verbs: String...) -> [String] {
        let folder = CommandPlace.folder(of: row, in: desk.journal.folder)
        return verbs.map { CommandPlace.command("baton \($0) \(row.id)", in: folder) }
    }

    /// Tells again what could not be delivered, of runs that are not tried again.
    private func tellAgain(_ rows: [RunRow]) async {
        for row in rows {
            guard let alarm = (try? desk.journal.alarm(of: row.id)) ?? nil, alarm.told == Alarm.untold else { continue }
            await tell(row, alarm.cause.split(separator: "\n").map(String.init))
        }
    }

    /// Notifies whom the configuration of the run's script names.
    ///
    /// - Returns: false if somebody could not be reached.
    private func announce(_ row: RunRow, _ lines: [String], code: Int32) async -> Bool {
        guard let configuration = try? desk.configuration(for: row),
            let announcer = RunSession(configuration, output).announcer(row.script)
        else { return true }
        announcer.leave(row, lines, code: code)
        await announcer.finish()
        if !announcer.couldTell {
            Output.errors.write(
                "Nobody could be told of run \(row.id). The next  baton resume --all  tries it again.\n")
        }
        return announcer.couldTell
    }

    /// True if people were told not long ago that the run cannot be resumed for that reason. For cron alone, which tries
    /// again in five minutes.
    private func isKnown(_ refusal: Refusal, of row: RunRow) -> Bool {
        guard output.cron, let cause = refusal.lines.first else { return false }
        let interval = ((try? desk.configuration(for: row)) ?? BatonConfiguration()).remindInterval
        let before = (try? desk.journal.alarm(of: row.id)) ?? nil
        let next = Alarm.next(cause, after: before, at: .now, remindingEvery: interval)
        try? desk.journal.keep(next.alarm, of: row.id)
        return !next.isNews
    }
}
