import ArgumentParser

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

    /// True if no real server is meant.
    var isSimulated: Bool { simulate || scenario != nil }

    func validate() throws {
        if isSimulated, server != nil {
            throw ValidationError("--server and --simulate exclude each other.")
        }
        if simulatorLog != nil, !isSimulated {
            throw ValidationError("--simulator-log goes with --simulate.")
        }
    }
}
