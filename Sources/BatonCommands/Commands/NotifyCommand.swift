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
                        "Nobody is notified: the configuration has no notify.targets, notify.webhook, notify.command or notify.ping."
                    )
                }
                let notifier = Notifier(settings, logger: Logger(label: "baton") { _ in SwiftLogNoOpLogHandler() })
                let messages = Occasion.allCases.map { Self.message($0, to: settings) }
                let width = messages.flatMap { notifier.wayNames(of: $0) }.map(\.count).max() ?? 0
                let terminal = Terminal.of(STDOUT_FILENO)
                var areAllSent = true
                var isAnySent = false
                for (occasion, message) in zip(Occasion.allCases, messages) {
                    for result in await notifier.test(message) {
                        areAllSent = areAllSent && result.problem == nil
                        isAnySent = true
                        let outcome = result.problem.map { "NOT SENT: \($0)" } ?? "sent"
                        let line =
                            "\(result.way.padded(to: max(11, width)))  \(occasion.rawValue.padded(to: 9))  \(outcome.visible)"
                        let lines = terminal.isTerminal ? line.wrapped(to: terminal.columns, hanging: 4) : [line]
                        Output.standard.write(lines.map { $0 + "\n" }.joined())
                    }
                }
                guard isAnySent else {
                    throw Refusal("Nobody is notified: \"on\" is empty wherever it stands below notify.")
                }
                return areAllSent ? 0 : 1
            })
    }

    /// It goes to all who want such messages, whatever script and workflow these are about.
    private static func message(_ occasion: Occasion, to settings: NotificationSettings) -> Announcement {
        let isFailure = [.failure, .ambiguous, .duplicate].contains(occasion)
        var message = Announcement(
            [occasion], title: "Test of Baton's notifications: \(occasion.rawValue)",
            text: "This is a test. No run is concerned.", run: "", script: "", status: "test",
            exitCode: isFailure ? 1 : 0, at: .now)
        message.targets = Set(settings.targets.filter { $0.occasions.contains(occasion) }.map(\.name))
        // Nobody is named where nobody wants it; an empty set would stand for all.
        if message.targets.isEmpty { message.targets = [""] }
        return message
    }
}
