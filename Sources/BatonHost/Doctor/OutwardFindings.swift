import DataStudio
import Escaping
import Foundation
import Orchestration

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Whether what a configuration names besides servers can be used: notifications, the metrics file, secrets. Nothing is sent.
package struct OutwardFindings {
    private let configuration: BatonConfiguration
    private let path: String

    /// - Parameter environment: `PATH` says where programs are looked for.
    package init(_ configuration: BatonConfiguration, environment: [String: String]) {
        self.configuration = configuration
        path = environment["PATH"] ?? "/usr/bin:/bin"
    }

    /// Whom notifications reach.
    package func notification() async -> [DoctorFinding] {
        let settings = configuration.notifications
        var findings: [DoctorFinding] = []
        let usesMail = settings.targets.contains { if case .mail = $0.way { true } else { false } }
        let problem = usesMail ? await Notifier(settings, logger: StudioClient.silent).mailProblem() : nil
        for target in settings.targets { findings.append(await finding(of: target, settings.mail, problem)) }
        if let ping = settings.ping { findings.append(await address(ping, "notify.ping")) }
        return findings.isEmpty
            ? [
                DoctorFinding(
                    .note, "notify", "nobody is notified",
                    advice: "set notify in baton.yaml; with cron, its mail may do")
            ] : findings
    }

    /// - Parameter problem: why the mail server would take no message.
    private func finding(
        of target: NotificationTarget, _ mail: MailSettings?, _ problem: String?
    ) async -> DoctorFinding {
        switch target.way {
        case .webhook(let url, _): return await address(url, target.setting)
        case .command(let line):
            let program = line.words.first ?? ""
            return isProgram(program)
                ? DoctorFinding(.right, target.setting, "\(program) can be run; baton notify --test sends messages")
                : DoctorFinding(
                    .wrong, target.setting,
                    "\(program) cannot be run: there is no such program, or it is not executable",
                    advice: program.contains("/") ? nil : "install it, or name its whole path in \(target.setting)")
        case .mail(let addresses):
            if let problem { return DoctorFinding(.wrong, target.setting, problem) }
            let server = mail.map { "\($0.host), port \($0.port)" } ?? ""
            return DoctorFinding(
                .right, target.setting,
                "mail to \(addresses.joined(separator: ", ")): \(server), takes messages; baton notify --test sends some"
            )
        }
    }

    /// Where the metrics go; empty if there are to be none.
    package func metrics() -> [DoctorFinding] {
        guard let file = configuration.metrics else { return [] }
        let folder = file.folderPath
        guard access(folder, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            return [
                DoctorFinding(
                    .wrong, "metrics", "\(file) cannot be written: \(reason)",
                    advice: "make the folder \(folder), and give the user who runs Baton the right to write it")
            ]
        }
        return [DoctorFinding(.right, "metrics", "\(file) can be written")]
    }

    /// The secrets that scripts may name.
    package func secrets() async -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        for (name, source) in configuration.secrets.sorted(by: { $0.key < $1.key }) {
            do throws(ConfigurationError) {
                _ = try await source.read("the secret")
                findings.append(DoctorFinding(.right, "secret \(name)", "it can be read"))
            } catch {
                findings.append(DoctorFinding(.wrong, "secret \(name)", error.problems.joined(separator: "; ")))
            }
        }
        return findings
    }

    /// The calendars that scripts may name.
    ///
    /// - Parameter today: days since 1970-01-01.
    package func calendars(today: Int64 = Timestamp.now.seconds / 86_400) -> [DoctorFinding] {
        configuration.calendars.sorted { $0.key < $1.key }.map { name, settings in
            let topic = "calendar \(name)"
            do throws(ConfigurationError) {
                let calendar = try settings.read(name)
                guard let last = calendar.lastKnownDay else {
                    return DoctorFinding(.right, topic, "it has no holidays, only weekends")
                }
                let known = "\(calendar.days.count) \(calendar.days.count == 1 ? "day" : "days"), known to \(last)"
                guard (CivilTime.day(last) ?? 0) - today < Self.aheadOfTime else {
                    return DoctorFinding(.right, topic, known)
                }
                return DoctorFinding(
                    .note, topic, known, advice: "add the days of the next year: a date after \(last) is an error")
            } catch {
                return DoctorFinding(.wrong, topic, error.problems.joined(separator: "; "))
            }
        }
    }

    /// So many days before a calendar ends it is reported.
    private static let aheadOfTime: Int64 = 60

    /// An address is as secret as a key: nothing of it is shown.
    private func address(_ source: SecretSource, _ topic: String) async -> DoctorFinding {
        do throws(ConfigurationError) {
            let text = try await source.read("the address of \(topic)").secret
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false else {
                return DoctorFinding(.wrong, topic, "it is no address that begins with https://")
            }
            return DoctorFinding(.right, topic, "its address can be read; baton notify --test sends messages")
        } catch {
            return DoctorFinding(.wrong, topic, error.problems.joined(separator: "; "))
        }
    }

    private func isProgram(_ name: String) -> Bool {
        let paths = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return paths.contains { FileKind(of: $0) == .regular && access($0, X_OK) == 0 }
    }
}
