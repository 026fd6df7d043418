import ArgumentParser

/// The argument that names a run.
struct RunArgument: ParsableArguments {
    @Argument(
        help: "The run: its id, its script's name (the latest run of it), or nothing (the latest run).",
        completion: ShellCompletion.run)
    var run: String?
}
