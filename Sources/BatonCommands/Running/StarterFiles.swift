import Escaping
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
            "user": TextFormat.unitLine.escaped(user), "journal": JSON.string("\(folder)/journal").jsonText,
            "cron": [
                "folder": TextFormat.crontab.escaped(folder), "program": TextFormat.crontab.escaped(program),
                "script": TextFormat.crontab.escaped(script),
            ],
            "shell": ["folder": TextFormat.shell.escaped(TextFormat.line.escaped(folder))],
            "unit": [
                "folder": TextFormat.unitLine.escaped(folder), "program": TextFormat.unitCommand.escaped(program),
                "script": TextFormat.unitCommand.escaped(script),
                "writable": TextFormat.unit.escaped(folder),
                "key": TextFormat.unitLine.escaped("studio.key:\(folder)/studio.key"),
            ],
        ]
    }

    /// What to do next.
    var advice: [String] {
        [
            "1. Rehearse: cd \(TextFormat.shell.escaped(folder)) && baton run --scenario nightly.scenario.yaml nightly.lua",
            "2. Put the API key into \(folder)/studio.key (chmod 600), and the server's address into baton.yaml.",
            "3. baton doctor --write studio-api.yaml",
            "4. crontab -e, and paste the lines of crontab.txt; or copy systemd/* to /etc/systemd/system and: systemctl enable --now baton-nightly.timer "
                + "baton-resume.timer",
        ]
    }
}
