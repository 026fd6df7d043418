import DataStudio
import LuaSyntax

/// The names that a configuration has, and that scripts use.
package struct ConfiguredNames {
    /// Those of `secret`.
    package var secrets: [String] = []
    /// Those of `server`.
    package var servers: [String] = []
    /// Those of `approve`'s option `by`; `nil`: any.
    package var approvers: [String]?
    /// Those of `notify`'s option `to`; `nil`: any.
    package var targets: [String]?

    /// Those of calendars.
    package var calendars: [String] = []

    /// No names.
    package init() {}
}

extension ScriptSource {
    /// What the script names and the configuration does not have: secrets, servers, calendars, approvers, targets of
    /// notifications.
    package func configurationFindings(_ names: ConfiguredNames) -> [Finding] {
        let servers = globals.isOfLibrary("server") ? serverOptions.filter { !names.servers.contains($0.name) } : []
        var spelling = SpellingSearch(among: names.servers)
        let ofOptions = servers.prefix(Self.mostFindings).map { text, name, token in
            finding(
                .notConfigured, text, token..<token + 1,
                "the server \"\(name)\" is not configured" + spelling.suggestion(for: name),
                isCertain: false)
        }
        return ofOptions
            + unknown(
                in: "secret", { [$0.arguments.first] }, among: names.secrets, "is not among the configuration's secrets"
            )
            + unknown(in: "server", { [$0.arguments.first] }, among: names.servers, "is not configured")
            + ["date.add": 3, "date.diff": 3, "date.is_workday": 1].sorted { $0.key < $1.key }.flatMap { name, index in
                unknown(
                    in: name, { [$0.arguments[safe: index]] }, among: names.calendars,
                    "is no calendar of the configuration")
            }
            + unknown(
                in: "approve", { Self.option("by", of: $0.arguments[safe: 1]) }, among: names.approvers,
                "is not among the configuration's approvers")
            + unknown(
                in: "notify", { Self.option("to", of: $0.arguments.first) }, among: names.targets,
                "is not among the configuration's notify.targets")
    }

    /// Texts in calls of a function that are not among those that are known.
    private func unknown(
        in function: String, _ values: (Call) -> [Expression?], among list: [String]?, _ words: String
    ) -> [Finding] {
        guard let list, globals.isOfLibrary(String(function.prefix { $0 != "." })) else { return [] }
        let known = Set(list)
        var spelling = SpellingSearch(among: list)
        var findings: [Finding] = []
        for (text, call, isCertain) in calls(of: function) where isCertain && findings.count < Self.mostFindings {
            for case let value? in values(call) {
                guard let name = value.plainString, !known.contains(name) else { continue }
                findings.append(
                    finding(
                        .notConfigured, text, value.tokens,
                        "\(function): \"\(name)\" \(words)" + spelling.suggestion(for: name)))
            }
        }
        return findings
    }

    /// The value of an option, or the values of its list.
    private static func option(_ name: String, of options: Expression?) -> [Expression?] {
        guard let value = options?.table?.first(where: { $0.name == name })?.value else { return [] }
        return value.table.map { $0.filter(\.isPositional).map(\.value) } ?? [value]
    }
}
