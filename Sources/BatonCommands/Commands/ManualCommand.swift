import ArgumentParser

/// `baton manual`: the program's own documentation.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Prints the manual page: every command, function, option and exit code.",
        discussion: "To read it: baton manual | man -l -")

    @Flag(help: "Print the reference in Markdown instead.")
    var markdown = false

    func run() {
        Output.standard.write(markdown ? ReferencePage.text : ManualPage.text)
    }
}
