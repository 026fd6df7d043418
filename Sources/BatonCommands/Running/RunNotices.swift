import BatonHost
import DataStudio
import JSON
import Journal
import Logging
import Orchestration

/// Notifies people of runs that no process holds.
struct RunNotices {
    let desk: RunDesk
    let output: OutputOptions

    /// So many messages that could not be delivered are sent in one go.
    private static let mostSentAgain = 20

    /// Commands about a run, as they can be run from anywhere.
    func commands(_ row: RunRow, _ verbs: String...) -> [String] {
        let folder = CommandPlace.folder(of: row, in: desk.journal.folder)
        return verbs.map { CommandPlace.command("baton \($0) \(row.id)", in: folder) }
    }

    /// Notifies whom the configuration of the run's script names.
    func send(_ row: RunRow, _ lines: [String], code: Int32) async {
        await send(row) { $0.leave(row, lines, code: code) }
    }

    /// Notifies people of a run that they have to decide about: it is `stuck`, or too old and therefore left `detached`.
    func hold(_ row: RunRow, _ status: RunStatus, _ lines: [String]) async {
        keepAlarm(of: RunEnd(status: status), row)
        await send(row, lines, code: 8)
    }

    /// Notes that people are notified of that trouble.
    private func keepAlarm(of end: RunEnd, _ row: RunRow) {
        let now = Timestamp.now
        let before = (try? desk.journal.alarm(of: row.id)) ?? nil
        let alarm = Alarm(
            cause: Alarm.cause(of: end), since: before?.since ?? now, told: now,
            workflows: end.workflows.union(before?.workflows ?? []))
        try? desk.journal.keep(alarm, of: row.id)
    }

    /// Notifies people who know that a run is in trouble of that a person has given it up.
    func abandon(_ row: RunRow, by person: String) async {
        guard let alarm = (try? desk.journal.alarm(of: row.id)) ?? nil else { return }
        try? desk.journal.keep(nil, of: row.id)
        await send(row) { $0.abandon(row, by: person, of: alarm.workflows) }
    }

    /// Reports, for whoever reads cron's mail only, the runs that are out of trouble because a person saw to it.
    func reportOver() {
        for (id, alarm) in (try? desk.journal.alarmsOver()) ?? [] {
            try? desk.journal.keep(nil, of: id)
            guard let row = try? desk.journal.run(id) else { continue }
            let who = alarm.person.map { "; \($0) has seen to it" } ?? ""
            let words = "run \(id) of \(row.path) has recovered after \((alarm.told - alarm.since).short)\(who)"
            Output.errors.write(words.visible + "\n")
        }
    }

    /// True if people were notified of that trouble of the run not long ago. If not, they are expected to be now.
    func isKnown(_ cause: String, of row: RunRow) -> Bool {
        let interval = ((try? desk.configuration(for: row)) ?? BatonConfiguration()).remindInterval
        let before = (try? desk.journal.alarm(of: row.id)) ?? nil
        let next = Alarm.next(cause, after: before, at: .now, remindingEvery: interval)
        if next.isNews { try? desk.journal.keep(next.alarm, of: row.id) }
        return !next.isNews
    }

    /// Reports runs that had ended when their process died, before it could say so.
    func reportUnsaid() async {
        for row in (try? desk.journal.endedUnsaid(at: .now)) ?? [] {
            guard let past = try? desk.past(of: row), var end = past.end else { continue }
            end.folder = CommandPlace.folder(of: row, in: desk.journal.folder)
            let sender = sender(row)
            let words = end.error?.text ?? end.status.rawValue
            let isNews = try? desk.opening.whileHeld(row) {
                let isKept = try desk.journal.hasUndelivered(of: row.id)
                if !isKept, let sender {
                    sender.announcer.ended(end, past.tree)
                    _ = sender.announcer.claim(in: desk.journal.with(.none), of: row)
                }
                try desk.journal.note(row.id, status: end.status, note: words)
                return !isKept
            }
            guard let isNews else { continue }
            Output.errors.write(
                "Run \(row.id) of \(row.path) has ended, and its process died then: \(words)".visible + "\n")
            keepAlarm(of: end, row)
            if isNews, let sender { await sender.session.finish(sender.announcer, of: row, desk.journal) }
        }
    }

    private func send(_ row: RunRow, _ message: (RunAnnouncer) -> Void) async {
        guard let sender = sender(row) else { return }
        message(sender.announcer)
        await sender.session.finish(sender.announcer, of: row, desk.journal)
    }

    /// Who notifies whom the configuration of the run's script names; `nil` where nobody is to be notified.
    private func sender(_ row: RunRow) -> (session: RunSession, announcer: RunAnnouncer)? {
        guard let configuration = try? desk.configuration(for: row) else { return nil }
        let session = session(configuration, row)
        return session.announcer(row).map { (session, $0) }
    }

    /// No run follows that would report at its end what went wrong: it is reported at once, also for cron.
    private func session(_ configuration: BatonConfiguration, _ row: RunRow) -> RunSession {
        var output = output
        output.cron = false
        return RunSession(configuration, output, name: row.id)
    }

    /// Sends again what could not be delivered before, or whose process died while it sent it. That it still cannot be
    /// delivered has been reported.
    func sendUndelivered() async {
        let now = Timestamp.now
        guard let messages = try? desk.journal.takeUndelivered(at: now, limit: Self.mostSentAgain) else { return }
        await withDiscardingTaskGroup { group in
            for message in messages { group.addTask { await send(message) } }
        }
        guard let count = try? desk.journal.forgetUndelivered(at: now), count > 0 else { return }
        Output.errors.write("\(count) notifications could not be delivered for a day. They are not sent any more.\n")
    }

    /// Whether a decision that people are asked for is still to be made: the commands of the message name it.
    private func isStillWanted(_ announcement: Announcement, _ row: RunRow) -> Bool {
        guard row.fate == .open else { return false }
        guard let past = try? desk.past(of: row) else { return true }
        return past.approvals.contains {
            announcement.text.contains($0.approval.command(of: row.id, $0.step) + " --reject")
        }
    }

    private func send(_ message: Journal.Undelivered) async {
        guard let row = try? desk.journal.run(message.run), let configuration = try? desk.configuration(for: row),
            var announcement = (try? JSON(parsing: Array(message.text.utf8))).flatMap({ Announcement(json: $0) })
        else { return }
        if announcement.occasions.contains(.approval), !isStillWanted(announcement, row) {
            try? desk.journal.deliver(message, rest: nil)
            return
        }
        let logger = output.cron ? StudioClient.silent : session(configuration, row).logger
        let notifier = Notifier(configuration.notifications, logger: logger)
        if announcement.ways.isEmpty { announcement.ways = notifier.wayNames(of: announcement) }
        await notifier.deliver(announcement)
        try? desk.journal.deliver(message, rest: notifier.undelivered.first?.json.jsonText)
    }
}
