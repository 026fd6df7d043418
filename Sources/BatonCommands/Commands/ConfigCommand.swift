import ArgumentParser
import BatonHost
import Foundation
import Glibc
import JSON

/// `baton config`: every setting, its value and where it came from.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows every setting, its value, and where it came from.",
        discussion: "Secrets are not shown. What is wrong with the settings is told: exit code 64.")

    @OptionGroup var place: SettingsPlace

    @Flag(help: "Print one JSON object for each setting.")
    var json = false

    func run() async throws {
        throw ExitCode(
            await telling {
                let loader = ConfigurationLoader(
                    environment: ProcessInfo.processInfo.environment, directory: try place.directory)
                let settings = try loader.origins()
                if json {
                    for setting in settings {
                        Output.standard.write(
                            JSON.record([
                                "name": .string(setting.name), "value": .string(setting.value),
                                "origin": .string(setting.origin),
                            ]).jsonText + "\n")
                    }
                } else {
                    Output.standard.write(Self.table(settings, .of(STDOUT_FILENO)))
                }
                // What is wrong is told below what there is.
                _ = try loader.load().readCalendars()
                return 0
            })
    }

    private static func table(_ settings: [SettingOrigin], _ terminal: Terminal) -> String {
        let name = settings.map(\.name.columns).max() ?? 0
        let value = min(40, settings.map(\.value.visible.columns).max() ?? 0)
        return settings.map { setting in
            let start = "\(setting.name.padded(to: name))  \(setting.value.visible.padded(to: value))"
            // The place is what is looked for: where it does not fit it stands on a line of its own.
            guard terminal.isTerminal, start.columns + 2 + setting.origin.columns > terminal.columns else {
                return "\(start)  \(setting.origin)\n"
            }
            let lines = "\(setting.name.padded(to: name))  \(setting.value)".wrapped(to: terminal.columns, hanging: 4)
            return (lines + ["    \(setting.origin)"]).map { $0 + "\n" }.joined()
        }.joined()
    }
}
