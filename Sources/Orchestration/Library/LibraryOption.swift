import LuaVM

/// An option that a function of the script library takes in a table.
package struct LibraryOption: Hashable, Sendable {
    /// As scripts write it.
    package let name: String
    /// What it takes.
    package let type: ValueType

    init(_ name: String, _ type: ValueType) {
        self.name = name
        self.type = type
    }

    /// Says what is wrong with a value, in the words that a run has for it.
    func check(_ value: LuaValue, _ vm: LuaVM) throws(ArgumentError) {
        if Self.steps.contains(self) {
            var options = StepOptions()
            try options.set(name, value, vm)
        } else {
            try type.check(value, as: "the option \"\(name)\"", vm)
        }
    }
}

extension LibraryOption {
    /// Those of steps.
    package static let steps: [LibraryOption] = [
        LibraryOption("params", .names), LibraryOption("sources", .sources), LibraryOption("space", .text),
        LibraryOption("version", .word(["published", "draft"])),
        LibraryOption("dependencies", .word(["published", "draft"])), LibraryOption("refresh", .boolean),
        LibraryOption("server", .text), LibraryOption("timeout", .duration),
        LibraryOption("on_timeout", .word(["leave", "cancel"])), LibraryOption("min", .duration),
        LibraryOption("max", .duration), LibraryOption("queue_max", .duration),
        LibraryOption("usual", .factor(above: 1)), LibraryOption("check", .function),
        LibraryOption("on_check", .word(["fail", "warn"])), LibraryOption("retries", .count(0...1000)),
        LibraryOption("retry_delay", .duration), LibraryOption("name", .text),
        LibraryOption("on_unreachable", .word(["interrupt", "raise"])),
        LibraryOption("if_running", .word(IfRunning.allCases.map(\.rawValue))), LibraryOption("detach", .boolean),
    ]
    /// Those of `execute`, and of labels in lists.
    static let execute = steps.filter { $0.name != "detach" }
    /// Those of `defaults`.
    static let defaults =
        steps.filter { StepOptions.defaultNames.contains($0.name) } + [onFailure(FailurePolicy.ofDefaults)]
    /// Those of lists themselves.
    static let lists = [LibraryOption("limit", .count(1...1_000_000)), onFailure(FailurePolicy.allCases)]
    /// Those of chains, and of the labels in them.
    static let chain = execute + [onFailure(FailurePolicy.ofChains)]

    private static func onFailure(_ policies: [FailurePolicy]) -> LibraryOption {
        LibraryOption("on_failure", .word(policies.map(\.rawValue)))
    }

    static let retry = [
        LibraryOption("times", .times), LibraryOption("delay", .duration),
        LibraryOption("backoff", .number(from: 1)), LibraryOption("max_delay", .duration), LibraryOption("on", .kinds),
    ]
    static let until = [LibraryOption("every", .duration), LibraryOption("timeout", .duration)]
    static let finally = [LibraryOption("timeout", .duration), LibraryOption("undoes", .boolean)]
    private static let run = [LibraryOption("key", .text), LibraryOption("date", .text), LibraryOption("since", .time)]
    static let runs =
        [LibraryOption("script", .text)] + run + [
            LibraryOption("state", .word(RunMachine.runStates)), LibraryOption("limit", .count(1...1000)),
        ]
    static let awaitedRun =
        [LibraryOption("script", .text)] + run + [
            LibraryOption("timeout", .duration), LibraryOption("on_failed", .word(["raise", "wait"])),
            LibraryOption("every", .duration),
        ]
    static let approval = [
        LibraryOption("timeout", .duration), LibraryOption("default", .word(["approve", "reject"])),
        LibraryOption("by", .name),
    ]
    static let lock = [LibraryOption("wait", .duration)]
    static let server = [LibraryOption("server", .text)]
    static let clock = [
        LibraryOption("missing", .word(["error", "next", "shift"])),
        LibraryOption("repeated", .word(["first", "second"])),
    ]
    static let files = [LibraryOption("limit", .count(1...10_000))]
    static let jobs =
        [
            LibraryOption("label", .label), LibraryOption("state", .word(jobStates)), LibraryOption("since", .time),
            LibraryOption("limit", .count(1...100_000)),
        ] + server
    static let notice = [
        LibraryOption("title", .text), LibraryOption("text", .text),
        LibraryOption("level", .word(LogLevel.allCases.map(\.rawValue))), LibraryOption("to", .targets),
    ]
    static let exchange = [LibraryOption("headers", .names), LibraryOption("body", .text)]
    static let request = [LibraryOption("url", .text), LibraryOption("method", .text)] + exchange
}
