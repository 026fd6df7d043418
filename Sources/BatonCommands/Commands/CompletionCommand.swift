import ArgumentParser

/// `baton completion`: what a shell has to know to complete Baton's commands.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints what a shell needs to complete commands, runs, steps, scripts, servers and states.",
        discussion: """
            For the shell at hand:  source <(baton completion bash)
            scripts/install --program puts the files of bash, zsh and fish where these shells look for them.
            """)

    /// The shells that are known.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Output.standard.write(BatonCommand.completionScript(for: kind) + "\n")
    }
}
