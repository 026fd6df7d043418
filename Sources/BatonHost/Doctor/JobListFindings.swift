package import DataStudio

/// What a page of the server's job list shows of how jobs are stamped and ordered, and whether they tell who started
/// them: all that a start in doubt is decided by. Says no more than the page shows.
package struct JobListFindings {
    private let jobs: [Job]
    private let date: Timestamp?
    private let api: StudioAPI

    /// - Parameters:
    ///   - jobs: in the order of the page.
    ///   - date: the `Date` header of the page; `nil` if the server sends none.
    package init(_ jobs: [Job], date: Timestamp?, api: StudioAPI) {
        self.jobs = jobs
        self.date = date
        self.api = api
    }

    /// A line for each thing of which the page shows something.
    package var all: [DoctorFinding] { [stamps, order, user].compactMap { $0 } }

    /// Servers truncate stamps, and the header `Date` has whole seconds.
    private static let tolerance = Duration.seconds(2)

    private var stamps: DoctorFinding? {
        let stamped = jobs.filter { $0.created != nil }
        guard let finest = stamped.map(\.createdPrecision).min() else { return nil }
        let withoutZone = stamped.count { !$0.createdHasZone }
        let unit = "to the \(Self.word(finest))"
        guard withoutZone == 0 else {
            let which = withoutZone == stamped.count ? "without" : "partly without"
            // One that lies ahead may be the zone's doing as well as a clock's.
            let lead = ahead(stamped).map { "; the newest then lies \($0.short) after the server's own time (Date)" }
            return DoctorFinding(
                .note, "stamps",
                "times of jobs are written \(which) a time zone, \(unit), and read as UTC\(lead ?? "")",
                advice: "set `zone` in the API description (for example zone: Europe/London), or let the server write "
                    + "an offset")
        }
        let zone = api.description.zone.map { "; those without an offset are read as \($0.name)" } ?? ""
        let text = "times of jobs are written with a time zone, \(unit)" + zone
        guard let ahead = ahead(stamped) else { return DoctorFinding(.right, "stamps", text) }
        return DoctorFinding(
            .note, "stamps",
            "\(text); the newest job seems to be created \(ahead.short) after the server's own time (Date): the clocks "
                + "disagree",
            advice: "synchronise the clocks of the server's machines, best by NTP")
    }

    /// How far the newest stamp lies after `Date`; `nil` if it need not.
    private func ahead(_ stamped: [Job]) -> Duration? {
        guard let date, let newest = stamped.max(by: { ($0.created ?? date) < ($1.created ?? date) }),
            let created = newest.created, created - date > newest.createdPrecision + Self.tolerance
        else { return nil }
        return created - date
    }

    private var order: DoctorFinding? {
        let times = jobs.compactMap(\.created)
        // Nothing follows from stamps that are all the same.
        guard Set(times).count > 1 else { return nil }
        let pairs = zip(times, times.dropFirst())
        if pairs.allSatisfy({ $0 >= $1 }) {
            return DoctorFinding(.right, "job order", "newest first, as far as this page shows")
        }
        if pairs.allSatisfy({ $0 <= $1 }) {
            return DoctorFinding(.right, "job order", "oldest first, as far as this page shows")
        }
        return DoctorFinding(
            .note, "job order", "neither newest first nor oldest first: to find a start, the whole list must be read")
    }

    private var user: DoctorFinding? {
        guard !jobs.isEmpty else { return nil }
        let telling = jobs.count { api.echo(of: $0).user != nil }
        if telling == jobs.count { return DoctorFinding(.right, "job user", "jobs tell who started them") }
        return DoctorFinding(
            .note, "job user",
            telling == 0
                ? "jobs do not tell who started them" : "\(telling) of \(jobs.count) jobs tell who started them",
            advice: "set job.user in the API description if the server tells it; set exclusive: true if only Baton "
                + "starts workflows there")
    }

    /// The unit in which a time is written, in a word or two.
    private static func word(_ unit: Duration) -> String {
        switch unit {
        case ...Duration.milliseconds(1): "millisecond"
        case ..<Duration.seconds(1): "nearest \(unit.short)"
        case Duration.seconds(1): "second"
        case ..<Duration.seconds(3600): "minute"
        case ..<Duration.seconds(86_400): "hour"
        default: "day"
        }
    }
}
