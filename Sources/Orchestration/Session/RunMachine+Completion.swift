import DataStudio
import Escaping
import LuaVM

/// What the prompt can go on with.
extension RunMachine {
    /// The words of Lua that can begin or go on with something.
    static let words = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// What can follow a text that ends at the cursor. Nothing of the script is run for it.
    ///
    /// - Parameter labels: of workflows, as far as they are known.
    package func completion(of text: String, labels: [String]) -> Completion {
        switch CompletionContext(text) {
        case .label(let prefix): Completion(prefix, labels.filter(Self.canBeTyped), ending: "\"")
        case .value(let option, let prefix): Completion(prefix, values(of: option), ending: "\"")
        case .field(let path, let prefix): Completion(prefix, fields(of: path))
        case .option(let function, let prefix):
            options(of: function, prefix) ?? Completion(prefix, names)
        case .name(let prefix): Completion(prefix, names)
        case .nothing: Completion("", [])
        }
    }

    /// False for a label that ends its quotes, or that a terminal takes for more than text.
    private static func canBeTyped(_ label: String) -> Bool {
        label.unicodeScalars.allSatisfy { !TextFormat.isControl($0) && $0 != "\"" && $0 != "\\" }
    }

    private var names: [String] { Self.words + globals }

    /// The names of the session's globals.
    private var globals: [String] {
        session?.globals.map { vm.entries(of: $0).entries.compactMap { Self.identifier($0.0) } } ?? []
    }

    private func global(_ name: String) -> LuaValue {
        session?.globals.flatMap { vm.entries(of: $0).entries.first { $0.0.text == name }?.1 } ?? .nil
    }

    private func fields(of path: [String]) -> [String] {
        var value = global(path[0])
        for name in path.dropFirst() {
            guard let table = value.tableReference else { return [] }
            value = vm.entries(of: table).entries.first { $0.0.text == name }?.1 ?? .nil
        }
        if case .handle(let handle) = value { return handle.kind == HandleKind.job ? ["label", "name", "job_id"] : [] }
        // What texts can do stands in the library.
        if value.text != nil { value = global("string") }
        guard let table = value.tableReference else { return [] }
        return vm.entries(of: table).entries.compactMap { Self.identifier($0.0) }
    }

    private static func identifier(_ key: LuaValue) -> String? {
        guard let text = key.text, text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else { return nil }
        return text
    }

    /// Options with ` = ` behind them, if the function takes any that begin so.
    private func options(of function: String, _ prefix: String) -> Completion? {
        let names: [String] =
            switch function {
            case "execute": StepOptions.names.filter { $0 != "detach" }
            case "start": StepOptions.names
            case "chain": LibraryOption.chain.map(\.name)
            case "parallel": StepOptions.names + ["limit", "on_failure"]
            case "defaults": LibraryOption.defaults.map(\.name)
            case "retry": ["times", "delay", "backoff", "max_delay", "on"]
            case "wait_until": ["every", "timeout"]
            case "notify": ["title", "text", "level", "to"]
            case "jobs": ["label", "state", "since", "limit", "server"]
            default: []
            }
        let completion = Completion(prefix, names, ending: " = ")
        return completion.words.isEmpty ? nil : completion
    }

    private func values(of option: String) -> [String] {
        switch option {
        case "on_timeout": ["leave", "cancel"]
        case "on_check": ["fail", "warn"]
        case "on_unreachable": ["interrupt", "raise"]
        case "if_running": IfRunning.allCases.map(\.rawValue)
        case "version", "dependencies": WorkflowVersion.allCases.map(\.rawValue)
        case "on_failure": FailurePolicy.allCases.map(\.rawValue)
        case "on": ErrorKind.allCases.map(\.rawValue)
        case "level": LogLevel.allCases.map(\.rawValue)
        case "state": JobState.allCases.map(\.rawValue)
        case "server": Array(configuration.beginning.spaces.keys)
        default: []
        }
    }
}
