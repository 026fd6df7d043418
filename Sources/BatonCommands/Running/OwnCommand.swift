import Escaping

/// The command that this process was called with, for somebody who has to call it in another way.
enum OwnCommand {
    /// What to do as another user, and the command between empty lines: it can be copied as it is.
    static func lines(as user: String) -> [String] {
        let words = ["sudo", "-u", user, "baton"] + CommandLine.arguments.dropFirst()
        return ["Run Baton as that user:", "", "  " + words.map(TextFormat.shell.escaped).joined(separator: " "), ""]
    }
}
