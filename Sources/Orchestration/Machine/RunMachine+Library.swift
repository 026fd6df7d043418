import DataStudio
import Escaping
import LuaVM

/// What the machine gives to scripts.
extension RunMachine {
    /// Parsed once in a process.
    private static let prelude = Result {
        try LuaProgram(String(decoding: PackageResources.prelude_lua, as: UTF8.self), name: "=baton")
    }

    /// The names that scripts know without giving them: Lua's, and those of the script library.
    package static let globals: Set<String> = {
        var names: Set<String> = [
            "_VERSION", "arg", "assert", "chain", "collectgarbage", "coroutine", "date", "debug", "dofile", "error",
            "expect",
            "getmetatable",
            "io", "ipairs", "json", "loadfile", "log", "math", "next", "now", "os", "package", "pairs", "param",
            "params",
            "pcall", "print", "rawequal", "rawget", "rawlen", "require", "restarted", "run", "secret", "seconds",
            "select", "server",
            "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall",
        ]
        for function in WaitingFunction.allCases {
            names.insert(String(function.rawValue.prefix { $0 != "." }))
        }
        names.remove("host")
        return names
    }()

    /// The longest JSON text a script may read or write, in bytes.
    private static let longestJSON = 16 << 20

    /// The longest line that `print` writes, in bytes; the rest is cut.
    private static let longestPrint = 1 << 20

    /// The longest text that a script gives people in other ways: a log line, the message of an error, what `finish` says.
    /// In bytes; the rest is cut.
    static let longestText = 64 << 10

    /// Registers the functions and runs the prelude, which makes metatables and what is written in Lua.
    func installLibrary() throws {
        for name in WaitingFunction.allCases.map(\.rawValue) { vm.register(waiting: name) }
        let context = context
        vm.register("now") { _ in [.integer(context.now.seconds)] }
        vm.register("seconds") { call in
            do throws(ArgumentError) {
                let seconds = try Duration(call.argument(0), for: "seconds").seconds
                return [Int64(exactly: seconds).map { .integer($0) } ?? .number(seconds)]
            } catch {
                throw ScriptError(.script, error.message, location: call.location?.description).luaError
            }
        }
        vm.register("expect") { call in
            if call.argument(0).isTrue { return [call.argument(0)] }
            let message = call.argument(1).text ?? "what was expected does not hold"
            throw ScriptError(.check, message, location: call.location?.description).luaError
        }
        vm.output = { [unowned vm] text in
            context.tell(.print(text.cut(to: Self.longestPrint)), in: vm)
        }
        for level in LogLevel.allCases {
            vm.register("host.log_\(level.rawValue)") { [unowned vm] call in
                let text = (call.argument(0).text ?? call.description(of: 0)).cut(to: Self.longestText)
                context.tell(.log(level: level, text), in: vm)
                return []
            }
        }
        let part = configuration.beginning.part
        vm.register("host.part_state") { _ in LuaValue(part.state) }
        vm.register("host.elapsed") { _ in [.number((context.now - context.began).seconds)] }
        let servers = configuration.beginning.spaces.keys
        vm.register("host.server") { call in
            guard let name = call.argument(0).text, servers.contains(name) else {
                let given = call.argument(0)
                throw ScriptError(
                    .script,
                    "server: the server \(given.article) is not configured"
                        + Spelling.suggestion(for: given.text ?? "", among: servers),
                    location: call.location?.description
                ).luaError
            }
            return []
        }
        vm.register("host.fail_with") { call in
            let kind = call.argument(0).text.flatMap(ErrorKind.init) ?? .script
            throw ScriptError(kind, call.argument(1).text ?? "", location: call.location?.description).luaError
        }
        vm.register("host.chain") { call in [.integer(context.addChain(at: call.location))] }

        try vm.openJSON(maximumLength: Self.longestJSON)
        let beginning = configuration.beginning
        vm.register("secret") { call in
            let name = call.argument(0)
            guard let text = name.text, beginning.secrets.contains(text) else {
                throw ScriptError(
                    .script,
                    "secret: \(name.article) is not among the configuration's secrets"
                        + Spelling.suggestion(for: name.text ?? "", among: beginning.secrets),
                    location: call.location?.description
                ).luaError
            }
            return .string(beginning.mask(of: text))
        }
        let parameters = beginning.parameters.sorted { $0.key < $1.key }
        let run = LuaTable(fields: [
            "id": .string(beginning.run), "script": .string(beginning.script),
            "name": .string(
                beginning.script.hasSuffix(".lua") ? String(beginning.script.dropLast(4)) : beginning.script),
            "started": .integer(context.began.seconds), "server": LuaValue(beginning.server),
            "date": LuaValue(beginning.date),
        ])
        vm.setGlobal(
            "host.parameters", .table(LuaTable(entries: parameters.map { (.string($0.key), .string($0.value)) })))
        vm.setGlobal("host.run", .table(run))
        vm.setGlobal("host.error_kinds", .table(LuaTable(list: ErrorKind.allCases.map { .string($0.rawValue) })))

        try installTime()
        vm.setGlobal("arg", .table(LuaTable(list: configuration.beginning.arguments.map { .string($0) })))
        let metatables = try runLibrary(try Self.prelude.get())
        for (metatable, name) in zip(metatables, [LuaMetatable.error, .result, .chain]) {
            if let table = metatable.tableReference { vm.register(metatable: table, as: name) }
        }
    }

    /// Runs a part of the library that is written in Lua.
    @discardableResult
    func runLibrary(_ program: LuaProgram) throws -> [LuaValue] {
        vm.spawn(try vm.load(program))
        guard case .ended(_, let outcome)? = vm.next() else { throw LuaError("the library waits") }
        switch outcome {
        case .raised(let error), .exceeded(_, let error): throw error
        case .stopped: throw LuaError("the library was stopped")
        case .returned(let values): return values
        }
    }
}
