import ArgumentParser
import Escaping
import Orchestration

/// The page of `man baton`, in the macros of man(7).
enum ManualPage {
    /// The page.
    static var text: String {
        let parts = [head, commands, functions, exitStatus, tail]
        return parts.joined(separator: "\n") + "\n"
    }

    private static var head: String {
        """
        .TH BATON 1 "" "Baton \(roff(BatonCommand.version))" "Baton"
        .SH NAME
        baton \\- runs Lua scripts that chain the workflows of Aperture Data Studio
        .SH SYNOPSIS
        .B baton
        .I command
        [options]
        .SH DESCRIPTION
        A script says what follows what; Baton starts the workflows, waits for them, checks them and reports. A run is kept on the
        disk, and no workflow is started twice, whatever dies.
        .PP
        Options stand before or after a script's name; arguments of the script that begin with \\- follow \\-\\-.
        """
    }

    private static var commands: String {
        ([".SH COMMANDS"]
            + CommandText.all.map { command in
                var lines = [".SS \"baton \(quoted(command.usage))\"", roff(command.abstract)]
                if !command.discussion.isEmpty {
                    lines.append(roff(command.discussion.replacing(bytes: "\n", with: " ")))
                }
                for argument in command.arguments {
                    let usual = argument.usual.map { " Unless given: \($0)." } ?? ""
                    lines += [".TP", ".B \"\(quoted(argument.usage))\"", roff(argument.text + usual)]
                }
                return lines.joined(separator: "\n")
            }).joined(separator: "\n")
    }

    private static var functions: String {
        func entries(_ list: [LibraryReference]) -> [String] {
            list.flatMap { [".TP", ".B \"\(quoted($0.usage))\"", roff($0.text)] }
        }
        let lines =
            [".SH SCRIPT FUNCTIONS"] + entries(LibraryReference.functions) + [".SH OPTIONS OF STEPS"]
            + entries(LibraryReference.stepOptions)
        return lines.joined(separator: "\n")
    }

    private static var exitStatus: String {
        ([".SH EXIT STATUS"]
            + ExitMeaning.all.flatMap { meaning in
                [
                    ".TP", ".B \"\(quoted(meaning.codes))\"",
                    roff(meaning.means + (meaning.next.map { "; what carries on: \($0)" } ?? "") + "."),
                ]
            }).joined(separator: "\n")
    }

    private static var tail: String {
        """
        .SH FILES
        .TP
        .I baton.yaml
        The settings: beside the script or above it, then in $XDG_CONFIG_HOME/baton and in /etc/baton.
        .TP
        .I $XDG_STATE_HOME/baton
        The journal, unless the setting journal names another folder.
        .SH ENVIRONMENT
        Each setting of a fixed name can be given by a variable: BATON_ and its name in capitals, dots as underscores, as
        BATON_LIMITS_PATIENCE. NO_COLOR turns colours off.
        .SH SEE ALSO
        .BR baton " manual \\-\\-markdown, " crontab (5), " " systemd.timer (5)
        """
    }

    /// Text, in which nothing is a request.
    private static func roff(_ text: String) -> String {
        let escaped = text.replacing(bytes: "\\", with: "\\e").replacing(bytes: "-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    /// An argument of a request in quotes.
    private static func quoted(_ text: String) -> String { roff(text).replacing(bytes: "\"", with: "\\(dq") }
}
