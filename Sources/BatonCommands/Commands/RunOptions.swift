import ArgumentParser
import Orchestration

/// The options of every command that runs a script.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server to use: a name in the configuration, or a URL.", valueName: "name"))
    var server: String?

    @Flag(help: "Run against a simulated Data Studio inside the process.")
    var simulate = false

    @Option(
        help: ArgumentHelp("What the simulated Data Studio does (implies --simulate).", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var scenario: String?

    @Option(
        help: ArgumentHelp("Write the simulated server's own log of requests and jobs there.", valueName: "file"),
        completion: .file())
    var simulatorLog: String?

    @Flag(help: "Print one JSON object for each event on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "What Baton logs of its own: trace, debug, info, warning or error. The key is in none of it.",
            valueName: "level"))
    var logLevel = LogThreshold.warning

    @Option(
        help: ArgumentHelp(
            "What this run is for, as a date: it is done once, however often it is asked for.", valueName: "key"))
    var key: String?

    @Flag(help: "With --key: do it again, although it has been done.")
    var again = false

    @Option(
        help: ArgumentHelp(
            "What no two runs at a time may have in common, instead of script, server and arguments.",
            valueName: "name"))
    var lock: String?

    @Option(help: "If a run of the same line is live: skip (exit code 6), wait, or fail (exit code 1).")
    var overlap = NightPolicy.Overlap.skip

    @Option(
        help: ArgumentHelp(
            "What to do with an interrupted run of the same line, if there is one: resume, abandon or fail. Without it, one that died within "
                + "the last 6 hours goes on, others are given up.", valueName: "what"))
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

    /// True if no real server is meant.
    var isSimulated: Bool { simulate || scenario != nil }

    func validate() throws {
        if isSimulated, server != nil {
            throw ValidationError("--server and --simulate exclude each other.")
        }
        if key == "" { throw ValidationError("--key takes a text; got none.") }
        if lock == "" { throw ValidationError("--lock takes a name; got none.") }
        if again, key == nil { throw ValidationError("--again goes with --key.") }
        if simulatorLog != nil, !isSimulated {
            throw ValidationError("--simulator-log goes with --simulate.")
        }
    }
}
