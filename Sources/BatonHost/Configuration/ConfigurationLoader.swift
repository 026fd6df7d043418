import DataStudio
import Foundation
import LuaVM
import Orchestration

/// Finds the configuration files, merges them key by key below the environment, and makes settings of them.
package struct ConfigurationLoader {
    private let environment: [String: String]
    /// Where `baton.yaml` is looked for, then in the folders above.
    private let directory: String

    /// - Parameters:
    ///   - environment: the variables; those that begin with `BATON_` override files.
    ///   - directory: the script's folder, or the working directory.
    package init(environment: [String: String], directory: String) {
        self.environment = environment
        self.directory = directory
    }

    private func read() throws(ConfigurationError) -> SettingReader {
        SettingReader(
            try ConfigurationFiles(environment: environment, directory: directory), environment: environment,
            directory: directory)
    }

    /// - Parameters:
    ///   - serverOption: `--server`, a configured name or a URL; it overrides every file.
    ///   - needsAPI: false if an API description that cannot be used is no reason to give up.
    ///   - isSimulated: true if servers are simulated: what is wrong with them does not matter then.
    /// - Throws: ``ConfigurationError`` with all that is wrong.
    package func load(
        server serverOption: String? = nil, needsAPI: Bool = true, isSimulated: Bool = false
    ) throws(ConfigurationError) -> BatonConfiguration {
        let settings = try read()
        var configuration = BatonConfiguration(server: serverOption ?? settings.text("server"))
        limits(settings, &configuration)
        configuration.journal = folder(settings, "journal")
        configuration.modules = settings.path("modules")
        configuration.files = settings.list("files") ?? []
        for path in configuration.files where !path.hasPrefix("/") {
            settings.problems.append("files: folders from the root on were expected; got \"\(path)\"")
        }
        configuration.checksLabels = settings.boolean("check_labels") ?? true
        configuration.metrics = settings.path("metrics", "textfile")
        configuration.log.level = settings.word("log", "level", of: LogSettings.Level.self) ?? .warning
        configuration.log.format = settings.word("log", "format", of: LogSettings.Format.self) ?? .text
        for name in StepDefaults.names {
            if let text = settings.text("defaults", name) { configuration.defaults[name] = text }
        }
        if let problem = StepDefaults.problem(in: configuration.defaults) {
            settings.problems.append("defaults: \(problem)")
        }
        for name in settings.files.names(below: ["calendars"]) {
            configuration.calendars[name] = calendar(settings, name)
        }
        for name in settings.files.names(below: ["approvers"]) {
            configuration.approvers[name] = ApproverGroup(
                users: settings.list("approvers", name, "users") ?? [],
                groups: settings.list("approvers", name, "groups") ?? [])
        }
        for name in settings.files.names(below: ["secrets"]) {
            configuration.secrets[name] = settings.secret(["secrets", name])
            if configuration.secrets[name] == nil {
                settings.problems.append("secrets.\(name): one of file, env and command was expected")
            }
            if let hosts = settings.list("secrets", name, "hosts") {
                configuration.secretHosts[name] = hosts
                if hosts.isEmpty || hosts.contains(where: { URL(string: "http://\($0)")?.host != $0 }) {
                    settings.problems.append(
                        "secrets.\(name).hosts: names of hosts were expected, without scheme and port, as api.example.com; got "
                            + "\(hosts.joined(separator: ", "))")
                }
            }
        }
        configuration.notifications = notifications(settings)
        configuration.notifications.withheld = settings.secretVariables
        let problems = settings.problems
        servers(settings, needsAPI: needsAPI, isSimulated: isSimulated, &configuration)
        if isSimulated { settings.problems = problems }
        guard settings.problems.isEmpty else { throw ConfigurationError(problems: settings.placedProblems) }
        return configuration
    }

    /// The folder of the journal, whatever is wrong with the servers: for who only looks at runs.
    ///
    /// - Returns: `nil` if none is set.
    package func journal() throws(ConfigurationError) -> String? {
        let settings = try read()
        let path = folder(settings, "journal")
        guard settings.problems.isEmpty else { throw ConfigurationError(problems: settings.placedProblems) }
        return path
    }

    /// Every setting that is made somewhere, and where.
    package func origins() throws(ConfigurationError) -> [SettingOrigin] {
        SettingOrigin.all(try read())
    }

    private func folder(_ settings: SettingReader, _ name: String) -> String? {
        guard let path = settings.text(name) else { return nil }
        if path.hasPrefix("/") { return path }
        settings.problems.append("\(name): the path of a folder from the root on was expected; got \"\(path)\"")
        return nil
    }

    private func limits(_ settings: SettingReader, _ configuration: inout BatonConfiguration) {
        configuration.patience =
            settings.duration("limits", "patience", example: "5m") ?? configuration.patience
        configuration.remindInterval =
            settings.duration("notify", "remind", example: "4h") ?? configuration.remindInterval
        configuration.resumeWithin =
            settings.duration("limits", "resume_within", example: "6h") ?? configuration.resumeWithin
        for (name, example) in [("script_time", "10s"), ("run_timeout", "12h")] {
            guard let time = settings.duration("limits", name, example: example) else { continue }
            if time <= .zero {
                settings.problems.append(
                    "limits.\(name): a duration such as \"\(example)\" was expected; got \"\(time.short)\"")
            }
            if name == "script_time" { configuration.scriptLimits.time = time } else { configuration.runTimeout = time }
        }
        if let bytes = size(settings, "memory", example: "256MB") { configuration.scriptLimits.memory = bytes }
        if let bytes = size(settings, "log", example: "64MB") { configuration.logLimit.bytes = bytes }
        if let text = settings.text("limits", "records") {
            if let count = Int(text), count >= 1000 {
                configuration.logLimit.records = count
            } else {
                settings.problems.append(
                    "limits.records: a number of 1000 or more such as 250000 was expected; got \"\(text)\"")
            }
        }
    }

    private func size(_ settings: SettingReader, _ name: String, example: String) -> Int? {
        guard let text = settings.text("limits", name) else { return nil }
        if let bytes = ByteCount(text: text), bytes.value >= 1 << 20 { return bytes.value }
        settings.problems.append(
            "limits.\(name): a size of 1MB or more such as \"\(example)\" was expected; got \"\(text)\"")
        return nil
    }
}
