import ArgumentParser
import JSON

/// What a command and its options say of themselves, as the argument parser knows it.
struct CommandText {
    /// An argument or an option.
    struct Argument {
        /// As it is written: `--param <name=value>`, `<script>`.
        let usage: String
        let text: String
        /// What it is unless it is given.
        let usual: String?
        /// False for a positional one.
        let isOption: Bool
        let isOptional: Bool
        let isRepeating: Bool
    }

    /// Without `baton`.
    let name: String
    let abstract: String
    let discussion: String
    let arguments: [Argument]

    /// `run <script> [<arguments>…] [options]`
    var usage: String {
        let places = arguments.filter { !$0.isOption }.map { argument in
            let text = argument.usage + (argument.isRepeating ? "…" : "")
            return argument.isOptional ? "[\(text)]" : text
        }
        return ([name] + places + (arguments.contains { $0.isOption } ? ["[options]"] : [])).joined(separator: " ")
    }

    /// All commands that people see, in the order of `baton --help`.
    static var all: [CommandText] {
        guard let json = try? JSON(parsing: Array(BatonCommand._dumpHelp().utf8)) else { return [] }
        return (json["command"]?["subcommands"]?.elements ?? []).filter { $0["commandName"] != "help" }.map(
            CommandText.init)
    }

    private init(_ json: JSON) {
        name = json["commandName"]?.text ?? ""
        abstract = json["abstract"]?.text ?? ""
        discussion = json["discussion"]?.text ?? ""
        arguments = (json["arguments"]?.elements ?? []).filter { argument in
            argument["shouldDisplay"] != false && argument["preferredName"]?["name"] != "help"
                && argument["preferredName"]?["name"] != "version"
        }.map(Argument.init)
    }
}

extension CommandText.Argument {
    fileprivate init(_ json: JSON) {
        let kind = json["kind"]?.text ?? ""
        let value = "<\(json["valueName"]?.text ?? "")>"
        let names = (json["names"]?.elements ?? []).map { name in
            (name["kind"] == "long" ? "--" : "-") + (name["name"]?.text ?? "")
        }.sorted { $0.count < $1.count }
        isOption = kind != "positional"
        usage = !isOption ? value : names.joined(separator: ", ") + (kind == "option" ? " \(value)" : "")
        var text = json["abstract"]?.text ?? ""
        let values = json["allValues"]?.elements?.compactMap(\.text) ?? []
        if !values.isEmpty, !values.allSatisfy({ text.contains($0) }) {
            text += " One of \(values.joined(separator: ", "))."
        }
        self.text = text
        usual = json["defaultValue"]?.text
        isOptional = json["isOptional"] == true
        isRepeating = json["isRepeating"] == true
    }
}
