import ArgumentParser
import DataStudio
import Escaping
import Orchestration

/// The options of every command that runs a script.
struct RunOptions: ParsableArguments {
    @OptionGroup var target: TargetOptions

    @Option(
        help: ArgumentHelp(
            "How long this process may hold the run, as 6h: then it ends with exit code 7, and its jobs are left running. It also limits the wait of --overlap.",
            valueName: "duration"))
    var timeout: String?

    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            "What this run is for, as {date}, which stands for its date: it is done once, however often it is asked for.",
            valueName: "key"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The date of the run, which the script reads as run.date (default: today).", valueName: "date"))
    var date: String?

    @Flag(help: "With --key: do it again, although it has been done.")
    var again = false

    @Option(
        help: ArgumentHelp(
            "What no two runs at a time may have in common, instead of script, server, arguments and parameters.",
            valueName: "name"))
    var lock: String?

    @Option(
        help:
            "If a run of the same line is live: skip (exit code 6), wait for its turn, newest (wait, and replace the runs that wait), replace (newest, and cancel the live run), or fail (exit code 1)."
    )
    var overlap = NightPolicy.Overlap.skip

    @Option(
        help: ArgumentHelp(
            "What to do with an interrupted run of the same line, if there is one: resume, abandon or fail. Without it, one that died within "
                + "the last 6 hours goes on, one that died three times in that time stays in the way (exit code 8), and "
                + "others are given up. With --overlap replace, all are given up.", valueName: "what"))
    var interrupted: NightPolicy.Interrupted?

    /// What these options say of earlier runs.
    var policy: NightPolicy {
        var policy = NightPolicy()
        policy.overlap = overlap
        policy.interrupted = interrupted
        policy.key = key
        policy.again = again
        return policy
    }

    var runTimeout: Duration? { timeout.flatMap { Duration(text: $0) } }

    func validate() throws {
        if let timeout, runTimeout ?? .zero <= .zero {
            throw ValidationError("--timeout takes a duration such as 6h; got \"\(timeout)\".")
        }
        if let key, key.replacing(bytes: "{date}", with: "").utf8.contains(where: { "{}".utf8.contains($0) }) {
            throw ValidationError("--key: {date} is all that stands for something; got \"\(key)\".")
        }
        if let date, CivilTime.day(date) == nil {
            throw ValidationError("--date takes a date such as 2026-12-25; got \"\(date)\".")
        }
        if key == "" { throw ValidationError("--key takes a text; got none.") }
        if lock == "" { throw ValidationError("--lock takes a name; got none.") }
        if again, key == nil { throw ValidationError("--again goes with --key.") }
    }
}
