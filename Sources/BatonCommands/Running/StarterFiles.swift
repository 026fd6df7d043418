import JSON
import Mustache

/// What `baton init` writes.
struct StarterFiles {
    struct File {
        let name: String
        let what: String
        let text: String
    }

    let folder: String
    let program: String
    let user: String

    /// In the order in which people read them.
    var all: [File] {
        [
            file("baton.yaml", "the settings", PackageResources.baton_yaml_mustache),
            file("nightly.lua", "a first script", PackageResources.nightly_lua),
            file("nightly.scenario.yaml", "its rehearsal", PackageResources.nightly_scenario_yaml),
            file("nightly_test.lua", "its tests", PackageResources.nightly_test_lua),
            File(name: EditorFiles.settingsName, what: "for editors: Lua as Baton has it", text: EditorFiles.settings),
            File(name: EditorFiles.typesName, what: "for editors: Baton's functions", text: EditorFiles.types),
            File(name: EditorFiles.testTypesName, what: "for editors: those of tests", text: EditorFiles.testTypes),
            file("crontab.txt", "lines for cron", PackageResources.crontab_mustache),
            file(
                "systemd/baton-nightly.service", "the same for systemd", PackageResources.baton_nightly_service_mustache
            ),
            file("systemd/baton-nightly.timer", "when", PackageResources.baton_nightly_timer),
            file(
                "systemd/baton-resume.service", "goes on with interrupted runs",
                PackageResources.baton_resume_service_mustache),
            file("systemd/baton-resume.timer", "when", PackageResources.baton_resume_timer),
            file(
                "systemd/baton-failure@.service", "what is done about failures", PackageResources.baton_failure__service
            ),
        ]
    }

    private func file(_ name: String, _ what: String, _ bytes: [UInt8]) -> File {
        let text = String(decoding: bytes, as: UTF8.self)
        // Nothing of it is HTML: no character is escaped.
        let isTemplate = text.contains("{{")
        let template = isTemplate ? try? MustacheTemplate(string: "{{%CONTENT_TYPE:TEXT}}\n" + text) : nil
        return File(
            name: name, what: what,
            text: template?.render(context) ?? text)
    }

    private var context: [String: Any] {
        let script = "\(folder)/nightly.lua"
        return [
            "user": user, "journal": JSON.string("\(folder)/journal").jsonText,
            "cron": ["folder": Self.cron(folder), "program": Self.cron(program), "script": Self.cron(script)],
            "unit": [
                "folder": Self.specifiers(folder), "program": Self.executable(program),
                "script": Self.executable(script),
                "writable": Self.unit(folder), "key": Self.specifiers("studio.key:\(folder)/studio.key"),
            ],
        ]
    }

    /// A word for the shell, in a line of a crontab, where `%` is a line break.
    private static func cron(_ text: String) -> String { shell(text).replacing("%", with: #"\%"#) }

    private static func shell(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+%".contains($0)) }
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// A word of a unit: https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
    private static func unit(_ text: String) -> String {
        let text = specifiers(text)
        return text.contains { " '\"\\;".contains($0) }
            ? "\"" + text.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#) + "\"" : text
    }

    /// A word of a command, where `$` begins a variable.
    private static func executable(_ text: String) -> String { unit(text).replacing("$", with: "$$") }

    private static func specifiers(_ text: String) -> String { text.replacing("%", with: "%%") }

    /// What to do next.
    var advice: [String] {
        [
            "1. Rehearse: cd \(Self.shell(folder)) && baton run --scenario nightly.scenario.yaml nightly.lua",
            "2. Put the API key into \(folder)/studio.key (chmod 600), and the server's address into baton.yaml.",
            "3. baton doctor --write studio-api.yaml",
            "4. crontab crontab.txt, or copy systemd/* to /etc/systemd/system and: systemctl enable --now baton-nightly.timer "
                + "baton-resume.timer",
        ]
    }
}
