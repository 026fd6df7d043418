import ArgumentParser
import BatonHost

/// How a command that runs something tells of it.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object for each event on standard output.")
    var json = false

    @Flag(
        help:
            "For cron, which mails what is printed: say nothing of a success; tell warnings, what is late, what the script prints, and failures in full."
    )
    var cron = false

    @Option(
        help: ArgumentHelp(
            "What Baton logs of its own: trace, debug, info, warning or error. The key is in none of it.",
            valueName: "level"))
    var logLevel: LogSettings.Level?

    @Option(
        help: ArgumentHelp(
            "The form of standard error: text, or json, one object a line with everything that is told there.",
            valueName: "format"))
    var logFormat: LogSettings.Format?

    func validate() throws {
        if json, cron { throw ValidationError("--json and --cron exclude each other.") }
        if json || cron, logFormat != nil {
            throw ValidationError("--log-format goes with neither --json nor --cron: they have a form of their own.")
        }
    }

    /// Shows a run as these options and the configuration want it.
    ///
    /// - Parameter name: the run's, in front of its lines, where others are told of at the same time.
    func renderer(_ settings: LogSettings, name: String? = nil) -> any RunRenderer {
        if json { return JSONRenderer(run: name) }
        if cron { return CronRenderer(run: name) }
        if logFormat ?? settings.format == .json { return JSONRenderer(run: name, output: .errors) }
        var terminal = Terminal.current
        if name != nil { terminal.isLive = false }
        return TextRenderer(terminal: terminal, run: name)
    }
}

extension LogSettings.Level: ExpressibleByArgument {}
extension LogSettings.Format: ExpressibleByArgument {}
