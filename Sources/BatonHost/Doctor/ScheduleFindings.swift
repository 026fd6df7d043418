package import Foundation
import Subprocess

/// Whether the timers and crontab lines that begin runs do so in the nights in which the clock changes.
///
/// systemd leaves out a time that does not exist; cron begins what it would have begun right after the change, and nothing
/// twice (cron(8) of Debian).
package struct ScheduleFindings {
    private let root: String
    private let home: String?
    private let zone: TimeZone
    private let now: Date

    /// - Parameters:
    ///   - root: the folder in which `etc` lies.
    ///   - home: whose own timers are looked at as well.
    ///   - zone: the machine's.
    package init(root: String = "/", home: String?, zone: TimeZone = .current, now: Date = Date()) {
        self.root = root
        self.home = home
        self.zone = zone
        self.now = now
    }

    /// The crontab of whom this process belongs to; `nil` if there is none.
    package static func ownCrontab() async -> String? {
        let result = try? await Program.run(.name("crontab"), ["-l"])
        return result.flatMap { $0.isSuccess && !$0.isCut ? $0.output : nil }
    }

    /// - Parameter crontab: the text of the user's own, if there is one.
    package func findings(crontab: String?) -> [DoctorFinding] {
        var findings = crontab.map { lines(of: $0, "crontab") } ?? []
        findings += lines(of: text(root + "etc/crontab") ?? "", "/etc/crontab")
        for name in names(root + "etc/cron.d") {
            findings += lines(of: text(root + "etc/cron.d/" + name) ?? "", "/etc/cron.d/\(name)")
        }
        for folder in [root + "etc/systemd/system", home.map { $0 + "/.config/systemd/user" }].compactMap({ $0 }) {
            for name in names(folder) where name.hasSuffix(".timer") { findings += timer(folder, name) }
        }
        return findings
    }

    private func lines(of text: String, _ file: String) -> [DoctorFinding] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            guard line.contains("baton"), let start = TimedStart(crontab: String(line)) else {
                return [DoctorFinding]()
            }
            return [finding("\(file), line \(index + 1)", start, isSystemd: false)]
        }
    }

    private func timer(_ folder: String, _ name: String) -> [DoctorFinding] {
        guard let timer = text(folder + "/" + name) else { return [] }
        let values = Self.values(of: "Unit", in: timer)
        let unit = values.last ?? name.dropLast(".timer".count) + ".service"
        guard name.contains("baton") || text(folder + "/" + unit)?.contains("baton") == true else { return [] }
        return Self.values(of: "OnCalendar", in: timer).compactMap { value in
            TimedStart(calendar: value).map { finding(name, $0, isSystemd: true) }
        }
    }

    private static func values(of name: String, in unit: String) -> [String] {
        unit.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
    }

    private func finding(_ place: String, _ start: TimedStart, isSystemd: Bool) -> DoctorFinding {
        let own = start.zone.flatMap { TimeZone(identifier: $0) } ?? zone
        let times = start.minutes.prefix(3).map(clockText).joined(separator: ", ")
        for change in ClockChange.next(in: own, after: now) {
            guard let minute = start.minutes.first(where: change.touches) else { continue }
            let (time, from, to) = (clockText(minute), clockText(change.from), clockText(change.to))
            guard change.isForwards else {
                return DoctorFinding(
                    .note, place, "\(time) comes twice on \(change.day): the clock goes back from \(from) to \(to)",
                    advice: "baton run --key with the date does nothing twice")
            }
            let night = "\(time) does not exist on \(change.day): the clock goes from \(from) to \(to)"
            return isSystemd
                ? DoctorFinding(
                    .wrong, place, "\(night), and systemd leaves that night out",
                    advice: "begin it before \(from) or from \(to) on")
                : DoctorFinding(.note, place, "\(night), and cron begins it then")
        }
        return DoctorFinding(.right, place, "begins at \(times); no change of the clock touches it")
    }

    private func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
