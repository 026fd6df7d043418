import DataStudio
import LuaVM

extension StepOptions {
    /// Sets the option that a script named.
    ///
    /// - Parameter vm: reads the tables of the option's value.
    mutating func set(_ name: String, _ value: LuaValue, _ vm: LuaVM) throws(ArgumentError) {
        switch name {
        case "params": parameters = try Self.parameters(value, vm)
        case "sources": sources = try Self.sources(value, vm)
        case "space": space = try Self.text(name, value)
        case "version": version = try Self.version(name, value)
        case "dependencies": dependencies = try Self.version(name, value)
        case "refresh": refresh = try Self.boolean(name, value)
        case "server": server = try Self.text(name, value)
        case "timeout": timeout = try Duration(value, for: "the option \"timeout\"")
        case "on_timeout": cancelsOnTimeout = try Self.word(name, value, ["leave", "cancel"]) == "cancel"
        case "min": minimum = try Duration(value, for: "the option \"min\"")
        case "max": maximum = try Duration(value, for: "the option \"max\"")
        case "queue_max": queueMaximum = try Duration(value, for: "the option \"queue_max\"")
        case "usual":
            guard let factor = value.double, factor > 1, factor <= 1000 else {
                throw Self.mismatch(name, "a number above 1, as 3", value)
            }
            usual = factor
        case "retries":
            guard case .integer(let count) = value, (0...1000).contains(count) else {
                throw Self.mismatch(name, "a whole number from 0 to 1000", value)
            }
            retries = Int(count)
        case "retry_delay": retryDelay = try Duration(value, for: "the option \"retry_delay\"")
        case "check":
            guard let function = value.function else { throw Self.mismatch(name, "a function", value) }
            check = function
        case "on_check": warnsOnCheck = try Self.word(name, value, ["fail", "warn"]) == "warn"
        case "name": self.name = try Self.text(name, value)
        case "on_unreachable": raisesUnreachable = try Self.word(name, value, ["interrupt", "raise"]) == "raise"
        case "if_running":
            ifRunning = IfRunning(rawValue: try Self.word(name, value, IfRunning.allCases.map(\.rawValue)))
        case "detach": detaches = try Self.boolean(name, value)
        default:
            throw ArgumentError.unknownOption(name, among: Self.names)
        }
    }

    /// The options of the configuration's `defaults`, each as a text.
    init(texts: [String: String], _ vm: LuaVM) throws(ArgumentError) {
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard Self.configurableNames.contains(name) else {
                throw ArgumentError.unknownOption(name, among: Self.configurableNames)
            }
            let value: LuaValue =
                if let number = Int64(text) {
                    .integer(number)
                } else if let number = Double(text) {
                    .number(number)
                } else {
                    text == "true" ? true : text == "false" ? false : .string(text)
                }
            try set(name, value, vm)
        }
        try validate()
    }

    /// What must hold between options.
    func validate() throws(ArgumentError) {
        if let minimum, let maximum, minimum > maximum {
            throw ArgumentError("the option \"min\" (\(minimum.short)) is longer than \"max\" (\(maximum.short))")
        }
    }

    private static func mismatch(_ name: String, _ expected: String, _ value: LuaValue) -> ArgumentError {
        ArgumentError("the option \"\(name)\" takes \(expected); got \(value.article)")
    }

    private static func text(_ name: String, _ value: LuaValue) throws(ArgumentError) -> String {
        guard let text = value.text, !text.isEmpty else { throw mismatch(name, "a text", value) }
        return text
    }

    private static func boolean(_ name: String, _ value: LuaValue) throws(ArgumentError) -> Bool {
        guard case .boolean(let flag) = value else { throw mismatch(name, "true or false", value) }
        return flag
    }

    private static func word(_ name: String, _ value: LuaValue, _ words: [String]) throws(ArgumentError) -> String {
        let expected = words.map { "\"\($0)\"" }.joined(separator: " or ")
        guard let word = value.text else { throw mismatch(name, expected, value) }
        guard words.contains(word) else {
            throw ArgumentError("the option \"\(name)\" takes \(expected); got \"\(word)\"")
        }
        return word
    }

    private static func version(_ name: String, _ value: LuaValue) throws(ArgumentError) -> WorkflowVersion? {
        WorkflowVersion(rawValue: try word(name, value, WorkflowVersion.allCases.map(\.rawValue)))
    }

    private static func parameters(_ value: LuaValue, _ vm: LuaVM) throws(ArgumentError) -> [WorkflowParameter] {
        guard let table = value.tableReference else { throw mismatch("params", "a table of names and values", value) }
        return try strings(vm.entries(of: table), of: "params")
    }

    private static func strings(_ table: LuaTable, of what: String) throws(ArgumentError) -> [WorkflowParameter] {
        var parameters: [WorkflowParameter] = []
        for (key, value) in table.entries {
            guard let name = key.text else {
                throw ArgumentError("\"\(what)\" is a table of names and values, not a list")
            }
            guard let text = value.parameterText else {
                throw ArgumentError(
                    "\(what).\(name): a string, a number or a boolean was expected; got \(value.article)")
            }
            parameters.append(WorkflowParameter(name: name, value: text))
        }
        return parameters
    }

    private static func sources(_ value: LuaValue, _ vm: LuaVM) throws(ArgumentError) -> [SourceReplacement] {
        guard let table = value.tableReference else { throw mismatch("sources", "a list of tables", value) }
        var sources: [SourceReplacement] = []
        for (index, element) in try vm.entries(of: table).list(of: "sources").enumerated() {
            let place = "sources[\(index + 1)]"
            guard let entry = element.tableReference.map({ vm.entries(of: $0) }) else {
                throw ArgumentError("\(place): a table with source and dataset was expected; got \(element.article)")
            }
            for (key, _) in entry.entries where !["source", "dataset", "columns"].contains(key.text) {
                throw ArgumentError("\(place): unknown field \(key.shown); it takes source, dataset and columns")
            }
            guard let source = entry["source"]?.text, let dataset = entry["dataset"]?.text else {
                throw ArgumentError("\(place): source and dataset are required, both texts")
            }
            var columns: [WorkflowParameter] = []
            if let mapping = entry["columns"] {
                guard let table = mapping.tableReference else {
                    throw ArgumentError("\(place).columns: a table of names was expected; got \(mapping.article)")
                }
                columns = try strings(vm.entries(of: table), of: "\(place).columns")
            }
            sources.append(SourceReplacement(source: source, dataset: dataset, columns: columns))
        }
        return sources
    }
}
