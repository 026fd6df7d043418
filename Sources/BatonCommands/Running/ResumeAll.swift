import BatonHost
import DataStudio
import Escaping
import Foundation
import Journal
import Orchestration

/// Resumes all runs that nobody has to be asked about. Runs that a person must decide about are reported, once.
struct ResumeAll {
    let desk: RunDesk
    let output: OutputOptions
    /// How old the last record of a run may be; `nil`: as the configuration of its script says.
    let within: Duration?

    private var notices: RunNotices { RunNotices(desk: desk, output: output) }

    private static let stuck = "its process died three times without getting any further"
    /// More runs than that are not listed one by one.
    private static let longestList = 50

    /// - Returns: the exit code.
    func run() async throws -> Int32 {
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let open = try desk.journal.runs(fate: .open).filter { (try? desk.isSession($0)) != true }
        // Whoever does not answer holds up no run.
        async let sent: Void = notices.sendUndelivered()
        await notices.reportUnsaid()
        if output.cron { notices.reportOver() }
        var code: Int32 = try await hold(open.filter(\.isStuck)) ? 8 : 0
        if await remind(of: open.filter { $0.isHeld && !$0.isStuck && !$0.isPassedOver }) { code = 8 }
        let selection = try select(open)
        if try await passOver(selection.passedOver) { code = 8 }
        code = RunEnd.graver(code, await resume(selection.resumed))
        await sent
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
            await report(words, row, notices.commands(row, "show")) { await notices.hold(row, .stuck, $0) }
            isAny = true
        }
        return isAny
    }

    /// Prints it, and sends the same.
    private func report(_ words: String, _ row: RunRow, _ commands: [String], _ send: ([String]) async -> Void) async {
        let lines = [words.visible, ""] + commands.map { "  " + $0.visible } + [""]
        Output.errors.write(lines.map { $0 + "\n" }.joined())
        await send(lines)
    }

    /// Reminds people of runs that they have to decide about: while they do not, nothing else reports these runs.
    ///
    /// - Returns: true if there is one of which it is time.
    private func remind(of rows: [RunRow]) async -> Bool {
        guard output.cron else { return false }
        var isAny = false
        for row in rows.prefix(Self.longestList) {
            if notices.isKnown(Alarm.cause(of: RunEnd(status: row.status ?? .stuck)), of: row) { continue }
            let note = row.note.map { ": \($0)" } ?? ""
            let words = "Run \(row.id) of \(row.script) is held\(note). It needs a decision."
            await report(words, row, notices.commands(row, "show")) { await notices.send(row, $0, code: 8) }
            isAny = true
        }
        return isAny
    }

    /// Reports runs that are too old, once.
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
            await notices.hold(row, .detached, [words] + notices.commands(row, "resume", "abandon"))
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
        let place = row.path.folderPath + "\0" + row.server
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
            await notices.send(row, refusal.lines, code: code)
        } isKnown: {
            output.cron && notices.isKnown($0.lines.first ?? "", of: row)
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
}
