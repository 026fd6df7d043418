import BatonHost
import DataStudio
import Foundation
import Glibc
import Journal
import LuaVM
import Orchestration

/// One run of `baton doctor`, from the configuration to the exit code.
struct DoctorExamination {
    let command: DoctorCommand
    let terminal: Terminal
    private var report: DoctorReport { DoctorReport(terminal: terminal) }

    init(command: DoctorCommand, terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let directory = FileManager.default.currentDirectoryPath
        let configuration: BatonConfiguration
        do {
            configuration = try ConfigurationLoader(environment: environment, directory: directory)
                .load(server: command.server, needsAPI: false)
        } catch {
            Refusal(error).tell(json: false)
            return 64
        }
        guard let name = configuration.server, let server = configuration.servers[name] else {
            Refusal.noServer.tell(json: false)
            return 64
        }
        var isWell = true
        report.heading("Server \(name)")
        let doctor = Doctor(name, server, environment: environment) { report.line($0) }
        let (outcome, client) = await doctor.examine(hint: command.document, picks: picks)
        isWell = outcome.isWell
        if let client {
            var derivation = outcome.derivation
            if let found = derivation, let document = outcome.document { derivation = choose(found, document) }
            if let derivation { isWell = tell(derivation, outcome, server) && isWell }
            isWell = await tryOut(derivation, configuration.apiProblems[name], doctor, client) && isWell
            await client.shutdown()
        }
        isWell = examineJournal(of: configuration, environment) && isWell
        isWell = await examineOutwards(configuration, environment) && isWell
        isWell = await examineSchedules(environment) && isWell
        report.heading("This program")
        report.line(Self.lua)
        let zone = Self.zone
        report.line(zone)
        isWell = zone.state != .wrong && isWell
        report.end(isWell)
        return isWell ? 0 : 1
    }

    private static var lua: DoctorFinding {
        guard LuaVM.luaHasFaults else { return DoctorFinding(.right, "Lua", LuaVM.luaVersion) }
        return DoctorFinding(
            .note, "Lua", "\(LuaVM.luaVersion), in which some ordinary scripts corrupt memory or go wrong in silence",
            advice: "build Baton with Lua 5.4.8 or newer: scripts/install fetches it; docs/lua.md says which scripts")
    }

    /// The zone in which a script that begins now tells the time.
    private static var zone: DoctorFinding {
        do {
            let zone = try ZoneDatabase().own()
            return DoctorFinding(.right, "time zone", zone.name + (zone.version.map { ", database \($0)" } ?? ""))
        } catch {
            return DoctorFinding(.wrong, "time zone", "\(error)", advice: "set TZ, as TZ=Europe/Berlin")
        }
    }

    /// Runs that are not finished are nothing to mend, and good to know of.
    private func examineJournal(of configuration: BatonConfiguration, _ environment: [String: String]) -> Bool {
        let folder = JournalFolder(configuration.journal ?? BatonConfiguration.usualJournal(environment))
        report.heading("Journal \(folder.path)")
        guard folder.isThere else {
            report.line(DoctorFinding(.note, "journal", "there is none yet: the first run makes it"))
            return true
        }
        do {
            try JournalOwner.become(of: folder)
            let journal = try Journal(folder, patience: BusyPatience(.seconds(5)))
            let desk = RunDesk(journal)
            let open = try journal.runs(fate: .open)
            let unfinished = open.isEmpty ? "every run is finished" : "\(open.count) not finished"
            report.line(DoctorFinding(.right, "journal", "it can be written; \(unfinished)"))
            for row in open {
                report.line(
                    DoctorFinding(
                        .note, "run \(row.id)", "\(row.script): \(desk.standing(of: row))",
                        advice: "baton show \(row.id)"))
            }
            return true
        } catch {
            report.line(DoctorFinding(.wrong, "journal", "\(error)"))
            return false
        }
    }

    /// What a configuration names besides servers is only used when it is too late: when somebody is to be told.
    private func examineOutwards(_ configuration: BatonConfiguration, _ environment: [String: String]) async -> Bool {
        let examination = OutwardFindings(configuration, environment: environment)
        let findings =
            await examination.notification() + examination.metrics() + examination.secrets() + examination.calendars()
        report.heading("Notifications, metrics, secrets and calendars")
        for finding in findings { report.line(finding) }
        return !findings.contains { $0.state == .wrong }
    }

    /// What begins runs is seen to fail only in the night in which the clock changes.
    private func examineSchedules(_ environment: [String: String]) async -> Bool {
        let findings = ScheduleFindings(home: environment["HOME"])
            .findings(crontab: await ScheduleFindings.ownCrontab())
        guard !findings.isEmpty else { return true }
        report.heading("Timers and crontabs")
        for finding in findings { report.line(finding) }
        return !findings.contains { $0.state == .wrong }
    }

    // MARK: The API

    /// Lets a person at a terminal choose where several operations are equally good.
    private func choose(_ derivation: APIDerivation, _ document: OpenAPIDocument) -> APIDerivation {
        guard !derivation.ties.isEmpty, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return derivation }
        var picks = picks
        for (operation, candidates) in derivation.ties.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            report.heading("Several operations are equally good for \(operation.rawValue):")
            for (index, candidate) in candidates.enumerated() { report.heading("  \(index + 1)  \(candidate.title)") }
            Output.standard.write("Which one (1 to \(candidates.count), nothing for none)? ")
            while let line = readLine()?.trimmingCharacters(in: .whitespaces), !line.isEmpty {
                if let answer = Int(line), candidates.indices.contains(answer - 1),
                    let pick = APIDerivation.Pick("\(operation.rawValue)=\(candidates[answer - 1].title)")
                {
                    picks.append(pick)
                    break
                }
                Output.standard.write("A number from 1 to \(candidates.count) was expected, or nothing: ")
            }
        }
        return APIDeriver.derive(from: document, picks: picks)
    }

    private var picks: [APIDerivation.Pick] { command.pick.compactMap { APIDerivation.Pick($0) } }

    /// - Returns: true if the description can be used.
    private func tell(_ derivation: APIDerivation, _ outcome: Doctor.Outcome, _ server: ServerConfiguration) -> Bool {
        report.operations(derivation)
        for (operation, candidates) in derivation.ties.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            report.line(
                DoctorFinding(
                    .wrong, operation.rawValue, "\(candidates.count) operations of the server are equally good",
                    advice: "choose one:\n"
                        + candidates.map { "  --pick '\(operation.rawValue)=\($0.title)'" }.joined(separator: "\n")))
        }
        for note in derivation.notes { report.line(DoctorFinding(.note, "API", note)) }
        for pick in derivation.wrongPicks { report.line(DoctorFinding(.wrong, "--pick", pick)) }
        for blank in derivation.blanks {
            report.line(DoctorFinding(.wrong, "API", "\(blank) could not be told", advice: nil))
        }
        let isUsable = derivation.isComplete && derivation.ties.isEmpty
        guard let file = command.write else {
            if isUsable {
                report.line(
                    DoctorFinding(
                        .note, "API", "the description can be written to a file",
                        advice:
                            "baton doctor --write studio-api.yaml, then  api: studio-api.yaml  under the server in baton.yaml"
                    ))
            }
            return isUsable
        }
        guard derivation.ties.isEmpty, derivation.wrongPicks.isEmpty else {
            report.line(DoctorFinding(.note, "API", "\(file) is not written: there is a choice to make first"))
            return false
        }
        return write(derivation, outcome, server, to: file) && isUsable
    }

    private func write(
        _ derivation: APIDerivation, _ outcome: Doctor.Outcome, _ server: ServerConfiguration, to file: String
    ) -> Bool {
        let notes = derivation.findings.mapValues { finding in
            "\(finding.isPicked ? "picked" : finding.candidate.confidence.rawValue): "
                + finding.candidate.reasons.joined(separator: ", ")
        }
        var comments = [
            "The API of \(server.url), derived by `baton doctor` from \(outcome.documentPath ?? "its OpenAPI document").",
            "Compare it with the server's own page, then set verified to true. docs/api-description.md explains the keys.",
        ]
        if !derivation.blanks.isEmpty {
            comments += ["", "TO BE FILLED IN, where it says \"?\":"] + derivation.blanks.map { "  \($0)" }
        }
        comments += derivation.notes.map { "Note: \($0)" }
        let text = derivation.description.yaml(comments: comments, notes: notes)
        do {
            // What was there may have been mended by hand.
            if FileManager.default.fileExists(atPath: file), try String(contentsOfFile: file, encoding: .utf8) != text {
                try? FileManager.default.removeItem(atPath: file + "~")
                try FileManager.default.copyItem(atPath: file, toPath: file + "~")
                report.line(DoctorFinding(.note, "API", "what was in \(file) is now in \(file)~"))
            }
            try OutputFile.write(text, to: file)
        } catch {
            report.line(DoctorFinding(.wrong, "API", "\(file) cannot be written", advice: "choose another place"))
            return false
        }
        report.line(
            derivation.isComplete
                ? DoctorFinding(
                    .right, "API", "the description is in \(file)",
                    advice: "api: \(file)  under the server in baton.yaml")
                : DoctorFinding(
                    .wrong, "API", "the description in \(file) has blanks",
                    advice: "replace each \"?\", then name the file as  api:"))
        return true
    }

    /// Tries the description that runs will use: the configured one, else what was derived.
    private func tryOut(
        _ derivation: APIDerivation?, _ problems: [String]?, _ doctor: Doctor, _ client: StudioClient
    ) async -> Bool {
        let configured = client.configuration.api
        let isDefault = (try? APIDescription.default()) == configured
        report.heading("Requests that change nothing")
        if let problems {
            for problem in problems { report.line(DoctorFinding(.wrong, "api", problem)) }
        }
        if let derivation, derivation.isComplete, derivation.ties.isEmpty, isDefault || problems != nil {
            report.line(DoctorFinding(.note, "API", "tried as derived from the document"))
            return await doctor.tryOut(derivation.description, client) && problems == nil
        }
        report.line(
            DoctorFinding(
                .note, "API",
                isDefault ? "tried with the description shipped with Baton, which is a guess" : "tried as configured"))
        return await doctor.tryOut(configured, client) && problems == nil
    }
}
