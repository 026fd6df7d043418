package import LuaVM
package import Orchestration

/// The settings of one call of Baton, merged from options, environment and files.
package struct BatonConfiguration: Sendable {
    /// The configured servers by name.
    package var servers: [String: ServerConfiguration]
    /// The server that scripts use unless they name one.
    package var server: String?
    /// How long a server may be out of reach before a run is interrupted.
    package var patience: Duration
    /// The folder of the journal; `nil`: the usual one.
    package var journal: String?
    /// How old the last record of a run that died may be for it to be gone on with unasked.
    package var resumeWithin = Duration.seconds(6 * 3600)
    /// How long the same trouble of one run is not told again.
    package var remindInterval = Duration.seconds(4 * 3600)
    /// What a script may use.
    package var scriptLimits: LuaLimits
    /// How long the log of a run may become.
    package var logLimit = LogLimit()
    /// How long a process may hold a run; `nil`: for ever.
    package var runTimeout: Duration?
    /// Options for every step, as texts by name.
    package var defaults: [String: String] = [:]
    /// Where the secrets come from that scripts may name.
    package var secrets: [String: SecretSource] = [:]
    /// The hosts that secrets may go to, by the secret's name, where that is limited.
    package var secretHosts: [String: [String]] = [:]
    /// Who may decide what scripts wait for, by the names that scripts give.
    package var approvers: [String: ApproverGroup] = [:]
    /// Whom to tell what.
    package var notifications = NotificationSettings()
    /// The days on which nobody works, by names that scripts use.
    package var calendars: [String: CalendarSettings] = [:]
    /// The file for the Prometheus node exporter; `nil`: none.
    package var metrics: String?
    /// The folder in which modules are looked for after the script's own; `nil`: none.
    package var modules: String?
    /// The folders below which scripts may look at files.
    package var files: [String] = []
    /// False where the server does not list every workflow that can be started.
    package var checksLabels = true
    /// What Baton tells of itself.
    package var log = LogSettings()
    /// Of servers whose API description cannot be used, why: they have the default one. Only where that was asked for.
    package var apiProblems: [String: [String]] = [:]

    /// No servers, a patience of five minutes and the usual limits, unless they are given.
    package init(
        servers: [String: ServerConfiguration] = [:], server: String? = nil, patience: Duration = .seconds(300),
        scriptLimits: LuaLimits = RunConfiguration.usualLimits
    ) {
        self.servers = servers
        self.server = server
        self.patience = patience
        self.scriptLimits = scriptLimits
    }

    /// Where the journal lies unless the configuration says otherwise.
    package static func usualJournal(_ environment: [String: String]) -> String {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        // A service has no home. What does not begin at the root is to be ignored:
        // https://specifications.freedesktop.org/basedir-spec/latest/
        return (variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" } ?? "/var/lib") + "/baton"
    }
}
