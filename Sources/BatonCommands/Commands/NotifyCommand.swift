import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Logging

/// `baton notify --test`: sends test messages.
struct NotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify",
        abstract: "Sends a test message of each kind to everybody whom the configuration notifies.",
        discussion: """
            Each message says that it is a test. The ping gets /start, then success. Exit code 1: a message could not be \
            delivered.
            """)

    @OptionGroup var place: SettingsPlace

    @Flag(help: "Send the test messages.")
    var test = false

    func validate() throws {
        guard test else { throw ValidationError("Specify --test to send the test messages.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling {
                let loader = ConfigurationLoader(
                    environment: ProcessInfo.processInfo.environment, directory: try place.directory)
                let settings = try loader.load().notifications
                guard !settings.isEmpty else {
                    throw Refusal(
                        "Nobody is notified: the configuration has no notify.webhook, notify.command or notify.ping.")
                }
                let notifier = Notifier(settings, logger: Logger(label: "baton") { _ in SwiftLogNoOpLogHandler() })
                var areAllSent = true
                var isAnySent = false
                for occasion in Occasion.allCases {
                    for result in await notifier.test(Self.message(occasion)) {
                        areAllSent = areAllSent && result.problem == nil
                        isAnySent = true
                        let outcome = result.problem.map { "NOT SENT: \($0)" } ?? "sent"
                        Output.standard.write(
                            "\(result.way.padded(to: 14))  \(occasion.rawValue.padded(to: 9))  \(outcome.visible)\n")
                    }
                }
                guard isAnySent else {
                    throw Refusal("Nobody is notified: notify.webhook.on and notify.command.on are empty.")
                }
                return areAllSent ? 0 : 1
            })
    }

    private static func message(_ occasion: Occasion) -> Announcement {
        let isFailure = [.failure, .ambiguous, .duplicate].contains(occasion)
        return Announcement(
            [occasion], title: "Test of Baton's notifications: \(occasion.rawValue)",
            text: "This is a test. No run is concerned.", run: "", script: "", status: "test",
            exitCode: isFailure ? 1 : 0, at: .now)
    }
}
