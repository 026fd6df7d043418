import Orchestration

/// A setting that the configuration may have.
package struct ConfigurationKey: Sendable {
    /// Its path; `*` is a name that people choose.
    package let path: [String]
    /// True if it takes a list of values.
    var isList = false
    /// True if its value is a secret, or holds one.
    var isSecret = false
    /// What it is unless it is given; `nil`: nothing.
    package private(set) var usual: String?

    /// The path with dots.
    package var name: String { path.joined(separator: ".") }

    private init(_ name: String, list: Bool = false, secret: Bool = false, usual: String? = nil) {
        path = name.split(separator: ".").map(String.init)
        isList = list
        isSecret = secret
        self.usual = usual
    }

    /// All of them, in the order in which people read them.
    package static let all: [ConfigurationKey] =
        [
            ConfigurationKey("server"), ConfigurationKey("environment"), ConfigurationKey("space"),
            ConfigurationKey("journal"), ConfigurationKey("modules"), ConfigurationKey("check_labels", usual: "true"),
            ConfigurationKey("files", list: true),
            ConfigurationKey("servers.*.url"), ConfigurationKey("servers.*.environment", usual: "default"),
            ConfigurationKey("servers.*.space"), ConfigurationKey("servers.*.api_key_file"),
            ConfigurationKey("servers.*.api_key_env"), ConfigurationKey("servers.*.api_key_command"),
            ConfigurationKey("servers.*.ca_file"), ConfigurationKey("servers.*.certificate_sha256"),
            ConfigurationKey("servers.*.api"), ConfigurationKey("servers.*.max_parallel"),
            ConfigurationKey("servers.*.settle"), ConfigurationKey("servers.*.exclusive", usual: "false"),
            ConfigurationKey("servers.*.keeps_jobs", usual: "false"),
        ]
        + StepDefaults.names.map { ConfigurationKey("defaults.\($0)") }
        + [
            ConfigurationKey("calendars.*.ics"), ConfigurationKey("calendars.*.days", list: true),
            ConfigurationKey("calendars.*.weekend", list: true),
            ConfigurationKey("approvers.*.users", list: true), ConfigurationKey("approvers.*.groups", list: true),
            ConfigurationKey("secrets.*.file"), ConfigurationKey("secrets.*.env"),
            ConfigurationKey("secrets.*.command"), ConfigurationKey("secrets.*.hosts", list: true),
            ConfigurationKey("notify.webhook.url", secret: true), ConfigurationKey("notify.webhook.url_file"),
            ConfigurationKey("notify.webhook.url_env"), ConfigurationKey("notify.webhook.url_command"),
            ConfigurationKey("notify.webhook.format"), ConfigurationKey("notify.webhook.on", list: true),
            ConfigurationKey("notify.command.run"), ConfigurationKey("notify.command.on", list: true),
            ConfigurationKey("notify.ping.url", secret: true), ConfigurationKey("notify.ping.url_file"),
            ConfigurationKey("notify.ping.url_env"), ConfigurationKey("notify.ping.url_command"),
            ConfigurationKey("notify.smtp.url"), ConfigurationKey("notify.smtp.from"),
            ConfigurationKey("notify.smtp.user"),
            ConfigurationKey("notify.smtp.password_file"), ConfigurationKey("notify.smtp.password_env"),
            ConfigurationKey("notify.smtp.password_command"),
            ConfigurationKey("notify.smtp.starttls", usual: "required"),
            ConfigurationKey("notify.smtp.ca_file"),
            ConfigurationKey("notify.targets.*.mail", list: true),
            ConfigurationKey("notify.targets.*.webhook.url", secret: true),
            ConfigurationKey("notify.targets.*.webhook.url_file"), ConfigurationKey("notify.targets.*.webhook.url_env"),
            ConfigurationKey("notify.targets.*.webhook.url_command"),
            ConfigurationKey("notify.targets.*.webhook.format"),
            ConfigurationKey("notify.targets.*.command"), ConfigurationKey("notify.targets.*.on", list: true),
            ConfigurationKey("notify.targets.*.scripts", list: true),
            ConfigurationKey("notify.targets.*.workflows", list: true),
            ConfigurationKey("notify.remind", usual: "4h"), ConfigurationKey("metrics.textfile"),
            ConfigurationKey("limits.patience", usual: "5m"), ConfigurationKey("limits.run_timeout"),
            ConfigurationKey("limits.resume_within", usual: "6h"), ConfigurationKey("limits.script_time", usual: "10s"),
            ConfigurationKey("limits.memory", usual: "256MB"), ConfigurationKey("limits.records", usual: "250000"),
            ConfigurationKey("limits.log", usual: "64MB"), ConfigurationKey("log.level", usual: "warning"),
            ConfigurationKey("log.format", usual: "text"),
        ]

    /// Of some settings one is given at most.
    static let alternatives: [[String]] = [
        ["servers.*.api_key_file", "servers.*.api_key_env", "servers.*.api_key_command"],
        ["servers.*.ca_file", "servers.*.certificate_sha256"],
        ["secrets.*.file", "secrets.*.env", "secrets.*.command"],
        ["notify.webhook.url", "notify.webhook.url_file", "notify.webhook.url_env", "notify.webhook.url_command"],
        ["notify.smtp.password_file", "notify.smtp.password_env", "notify.smtp.password_command"],
        [
            "notify.targets.*.webhook.url", "notify.targets.*.webhook.url_file", "notify.targets.*.webhook.url_env",
            "notify.targets.*.webhook.url_command",
        ],
        ["notify.ping.url", "notify.ping.url_file", "notify.ping.url_env", "notify.ping.url_command"],
    ]

    /// True if it names a variable of the environment that holds a secret.
    var namesVariable: Bool {
        guard let last = path.last else { return false }
        return last == "env" || last.hasSuffix("_env")
    }

    /// The variable that sets it, for a path without `*`.
    package static func variable(_ path: [String]) -> String {
        "BATON_" + path.joined(separator: "_").uppercased()
    }
}
