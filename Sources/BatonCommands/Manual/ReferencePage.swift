import ArgumentParser
import BatonHost
import Escaping
import Orchestration

/// The reference of the documentation: docs/reference.md.
enum ReferencePage {
    /// The page, in Markdown.
    static var text: String {
        ([head] + [functions, options, tables, kinds, findings, commands, exitCodes, settings]).joined(separator: "\n")
    }

    private static let head = """
        # Reference

        Everything that scripts, the command line and the configuration know, each in a few words. This page is what
        `baton manual --markdown` prints, made from the tables that the program itself reads. The rules behind the functions
        stand in [scripts.md](scripts.md), those of Lua in [lua.md](lua.md).

        """

    private static func entries(_ list: [LibraryReference]) -> String {
        list.map { "### `\($0.name)`\n\n`\($0.usage)`\n\n\($0.text)\n" }.joined(separator: "\n")
    }

    private static var functions: String {
        "## Functions and values of scripts\n\n" + entries(LibraryReference.functions)
    }

    private static var options: String {
        "## Options of steps\n\nOf `execute`, `start`, and of labels in `parallel` and `chain`. `defaults` takes all but "
            + "`name` and `detach`.\n\n" + entries(LibraryReference.stepOptions)
    }

    private static var tables: String {
        "## Tables that scripts get\n\n"
            + LibraryClass.all.filter { !$0.fields.isEmpty }.map { type in
                let rows = type.fields.map { "| `\($0.name)` | `\(cell($0.type))` | \($0.text) |\n" }.joined()
                return "### `\(type.name)`\n\n\(type.text)\n\n| field | type | what |\n| --- | --- | --- |\n\(rows)"
            }.joined(separator: "\n")
    }

    private static var kinds: String {
        "## Kinds of errors\n\n" + ErrorKind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            + ": [scripts.md](scripts.md#errors) says when each is raised.\n"
    }

    private static var findings: String {
        "## Codes of findings\n\n" + Finding.Code.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            + ": [developing.md](developing.md#check-mistakes-that-can-be-seen) says what each means.\n"
    }

    private static var commands: String {
        "## Commands\n\n"
            + CommandText.all.map { command in
                var text = "### `baton \(command.name)`\n\n`baton \(command.usage)`\n\n\(command.abstract)"
                if !command.discussion.isEmpty { text += " \(command.discussion.replacing(bytes: "\n", with: " "))" }
                text += "\n"
                if !command.arguments.isEmpty {
                    let rows = command.arguments.map { argument in
                        let usual = argument.usual.map { " Unless given: `\(cell($0))`." } ?? ""
                        return "| `\(cell(argument.usage))` | \(cell(argument.text))\(usual) |\n"
                    }
                    text += "\n| option | what |\n| --- | --- |\n" + rows.joined()
                }
                return text
            }.joined(separator: "\n")
    }

    private static var exitCodes: String {
        "## Exit codes\n\nOf several reasons the gravest counts: 8, 9, 4, 5, 7, 1, 3. Errors that a script caught count for "
            + "nothing.\n\n| code | means | what carries on |\n| --- | --- | --- |\n"
            + ExitMeaning.all.map { "| \($0.codes) | \($0.means) | \($0.next ?? "–") |\n" }.joined()
    }

    private static var settings: String {
        "## Settings\n\nWhat each means stands in [configuration.md](configuration.md).\n\n"
            + "| key | variable | unless given |\n| --- | --- | --- |\n"
            + ConfigurationKey.all.map { key in
                let variable = key.path.contains("*") ? "–" : "`\(ConfigurationKey.variable(key.path))`"
                return
                    "| `\(key.name.replacing(bytes: "*", with: "NAME"))` | \(variable) | \(key.usual.map { "`\($0)`" } ?? "–") |\n"
            }.joined()
    }

    /// A bar would end a cell.
    private static func cell(_ text: String) -> String {
        text.replacing(bytes: "|", with: "\\|").replacing(bytes: "\n", with: " ")
    }
}
