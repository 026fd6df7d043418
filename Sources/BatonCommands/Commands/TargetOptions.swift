import ArgumentParser

/// Where a script runs, and with which parameters.
struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The server to use: a name in the configuration, or a URL.", valueName: "name"),
        completion: ShellCompletion.server)
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

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp(
            "A parameter of the script, which reads it by param \"name\". May be repeated.", valueName: "name=value"))
    var parameters: [String] = []

    /// What `--param` gave.
    var parameterValues: [String: String] { get throws { try NamedValue.values(parameters, of: "--param") } }

    /// True if no real server is meant.
    var isSimulated: Bool { simulate || scenario != nil }

    func validate() throws {
        _ = try parameterValues
        if isSimulated, server != nil {
            throw ValidationError("--server and --simulate exclude each other.")
        }
        if simulatorLog != nil, !isSimulated {
            throw ValidationError("--simulator-log goes with --simulate.")
        }
    }
}
