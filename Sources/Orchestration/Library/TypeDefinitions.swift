import DataStudio

/// The script library as the Lua language server reads it: https://luals.github.io/wiki/annotations
package enum TypeDefinitions {
    /// The text of a `---@meta` file.
    ///
    /// - Parameter version: of Baton.
    package static func text(version: String) -> String {
        let parts = [head(version), aliases, classes, optionClasses] + functions + [values]
        return parts.joined(separator: "\n")
    }

    private static func head(_ version: String) -> String {
        """
        ---@meta
        -- The functions that Baton \(version) gives to scripts, for editors. Written by baton types: do not change it here.

        """
    }

    // MARK: Types

    private static let aliases = """
        ---Seconds, or a text such as "90s", "5m", "1h30m", "1d".
        ---@alias baton.Duration number|string

        ---@alias baton.State \(JobState.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: "|"))

        ---@alias baton.Kind \(ErrorKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: "|"))

        ---@alias baton.Handle baton.Job|baton.Task|baton.Chain|baton.JobDetails|{ job_id: string, server?: string }

        ---@alias baton.Item string|baton.Step|fun(): any|baton.Handle|false

        ---The results in their order, with how many there are; with on_failure = "collect" also those that failed.
        ---@class baton.Results: { [integer]: any, n: integer, failed?: table[] }

        """

    private static let classes = LibraryClass.all.map { type in
        (["---\(type.text)", "---@class \(type.name)"]
            + type.fields.map { field in
                // The last result of a function may be absent; that is not the field.
                let isOptional = field.type.hasSuffix("?") && !field.type.hasPrefix("fun(")
                return
                    "---@field \(field.name)\(isOptional ? "?" : "") \(isOptional ? String(field.type.dropLast()) : field.type) \(field.text)"
            }).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")

    /// The tables of options that functions share; others are written out where they are taken.
    private static let named: [(name: String, options: [LibraryOption])] = [
        ("baton.StepOptions", LibraryOption.execute), ("baton.StartOptions", LibraryOption.steps),
        ("baton.Defaults", LibraryOption.defaults),
    ]

    private static let optionClasses: String = {
        let texts = Dictionary(LibraryReference.stepOptions.map { ($0.name, $0.text) }) { first, _ in first }
        let options = named.map { name, options in
            // What is said of the first stands for all.
            let isFirst = name == named[0].name
            let isMore = !isFirst && options.count > named[0].options.count
            let own = isMore ? options.filter { !named[0].options.contains($0) } : options
            return
                (["---@class \(name)\(isMore ? ": \(named[0].name)" : "")"]
                + own.map { "---@field \($0.name)? \(type($0.type)) \(isFirst || isMore ? texts[$0.name] ?? "" : "")" })
                .joined(separator: "\n") + "\n"
        }
        let tables = """
            ---A label with options in one table.
            ---@class baton.Step: baton.StepOptions
            ---@field [1] string

            ---A label with options in one table.
            ---@class baton.StartStep: baton.StartOptions
            ---@field [1] string

            ---Items, with options for every label among them.
            ---@class baton.Items: baton.StepOptions
            ---@field [integer] baton.Item
            \(LibraryOption.lists.map { "---@field \($0.name)? \(type($0.type))" }.joined(separator: "\n"))

            ---Items, with options for every label among them.
            ---@class baton.ChainItems: baton.StepOptions
            ---@field [integer] baton.Item
            \(LibraryOption.chain.suffix(1).map { "---@field \($0.name)? \(type($0.type))" }.joined(separator: "\n"))

            """
        return (options + [tables]).joined(separator: "\n")
    }()

    /// The type of what an argument takes.
    private static func type(_ type: ValueType) -> String {
        switch type {
        case .any: "any"
        case .text, .name, .label, .parameterName, .timeOfDay: "string"
        case .boolean: "boolean"
        case .number, .factor, .time: "number"
        case .count, .times: "integer"
        case .duration: "baton.Duration"
        case .function: "fun(...): ..."
        case .handle: "baton.Handle"
        case .handles: "baton.Handle[]"
        case .list: "any[]"
        case .names: "table<string, string|number|boolean>"
        case .holidays, .targets: "string|string[]"
        case .sources: "{ source: string, dataset: string, columns?: table<string, string> }[]"
        case .word(let words): words.map { "\"\($0)\"" }.joined(separator: "|")
        case .kinds: "baton.Kind|baton.Kind[]"
        case .options(let options):
            named.first { $0.options == options }?.name
                ?? "{ \(options.map { "\($0.name)?: \(self.type($0.type))" }.joined(separator: ", ")) }"
        case .step(let options): options == LibraryOption.steps ? "baton.StartStep" : "baton.Step"
        case .items(let options): options == LibraryOption.chain ? "baton.ChainItems" : "baton.Items"
        }
    }

    // MARK: Functions

    private static let functions: [String] = {
        let paths = Signature.library.keys.sorted()
        let tables = Set(paths.filter { $0.contains(".") }.map { String($0.prefix { $0 != "." }) }).sorted()
        return ["\(tables.map { "\($0) = {}" }.joined(separator: "\n"))\n"] + paths.map(function)
    }()

    private static func function(_ path: String) -> String {
        guard let signatures = Signature.library[path], let first = signatures.first else { return "" }
        // Four levels of the log share an entry.
        let text = (LibraryReference.entries(path) + LibraryReference.entries(String(path.prefix { $0 != "." }))).first?
            .text
        var lines = ["---\(text ?? "")"]
        for parameter in first.parameters {
            lines.append("---@param \(parameter.name)\(parameter.isOptional ? "?" : "") \(type(parameter.type))")
        }
        if first.takesMore { lines.append("---@param ... any") }
        for result in first.returns { lines.append("---@return \(result)") }
        for other in signatures.dropFirst() {
            let parameters =
                other.parameters.map { "\($0.name)\($0.isOptional ? "?" : ""): \(type($0.type))" }
                + (other.takesMore ? ["...: any"] : [])
            let returns = other.returns.isEmpty ? "" : ": " + other.returns.joined(separator: ", ")
            lines.append("---@overload fun(\(parameters.joined(separator: ", ")))\(returns)")
        }
        let names = first.parameters.map(\.name) + (first.takesMore ? ["..."] : [])
        lines.append("function \(path)(\(names.joined(separator: ", "))) end\n")
        return lines.joined(separator: "\n")
    }

    private static let values = Signature.values.filter { $0.key != "arg" }.sorted { $0.key < $1.key }.map {
        path, type in
        let text = LibraryReference.entries(path).first?.text ?? ""
        return "---\(text)\n---@type \(type)\n\(path) = nil\n"
    }.joined(separator: "\n")
}
