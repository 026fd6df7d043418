import Escaping
import LuaVM

extension ScriptError {
    /// The error as Lua raises it.
    var luaError: LuaError {
        LuaError(value: luaValue, description: text, traceback: traceback)
    }

    /// The error as a value: the table that scripts can read, or the value that one raised.
    var luaValue: LuaValue {
        if let raised, index == nil { return raised }
        let running: LuaValue =
            switch running {
            case .no: false
            case .yes: true
            case .unknown: "unknown"
            }
        return .table(
            LuaTable(
                fields: [
                    "kind": .string(kind.rawValue),
                    "message": .string(message),
                    "label": LuaValue(label),
                    "job_id": LuaValue(jobID),
                    "running": running,
                    "state": LuaValue(state),
                    "where": LuaValue(location),
                    "traceback": .string(traceback),
                    "causes": causes.isEmpty ? .nil : .table(LuaTable(list: causes.map(\.causeValue))),
                    "result": result ?? .nil,
                    "results": results ?? .nil,
                    "index": index.map { .integer(Int64($0)) } ?? .nil,
                ],
                metatable: .error
            ))
    }

    /// The error as an entry of `causes` or of a collected list: always a table.
    var causeValue: LuaValue {
        guard let raised, raised.tableReference == nil else { return luaValue }
        return .table(
            LuaTable(
                fields: [
                    "kind": "script", "message": .string(message), "where": LuaValue(location), "running": false,
                    "traceback": .string(traceback),
                ], metatable: .error))
    }

    /// What a task of the script ended with.
    init(_ error: LuaError, in vm: LuaVM) {
        guard let table = error.value.tableReference, vm.table(table, has: .error) else {
            self.init(raised: error, in: vm)
            return
        }
        var budget = Self.mostCauses
        self.init(table: vm.entries(of: table), in: vm, budget: &budget)
        raised = error.value
        add(traceback: error.traceback)
    }

    /// A limit that the script ran into.
    init(limit error: LuaError) {
        var message = error.description
        let location = error.location?.description
        if let location, message.utf8.starts(with: "\(location): ".utf8) {
            message = String(decoding: message.utf8.dropFirst(location.utf8.count + 2), as: UTF8.self)
        }
        self.init(.limit, message, location: location, traceback: error.traceback)
    }

    /// The stack of a task that the error went through, below those it came from, which it may have in front already.
    mutating func add(traceback outer: String) {
        traceback = (outer.hasPrefix(traceback) ? outer : "\(traceback)\n\(outer)").cut(to: Self.longestText)
    }

    /// An error that the script itself raised: a string, a table of its own, anything.
    private init(raised error: LuaError, in vm: LuaVM) {
        var message = error.description
        var location = error.location?.description
        switch error.value {
        case .string(let text):
            // Lua puts the place in front of a string, unless the script told it not to.
            if let place = location, text.utf8.starts(with: "\(place): ".utf8) {
                message = String(decoding: text.utf8.dropFirst(place.utf8.count + 2), as: UTF8.self)
            } else if text.contains(": ") {
                location = nil
            }
        case .reference(let table) where table.kind == .table && message.hasPrefix("table: "):
            let fields = vm.entries(of: table).entries.prefix(8).map { key, value in
                "\(key.text ?? key.shown) = \(value.article)"
            }
            message = "the script raised the table { \(fields.joined(separator: ", ")) }"
        case .nil: message = "the script raised nil"
        case .reference(let value) where value.kind != .table: message = "the script raised a \(value.kind.rawValue)"
        default: break
        }
        self.init(.script, message, location: location, traceback: error.traceback, raised: error.value)
    }

    /// Causes are read to this depth, and so many in all: a script can make an error its own cause.
    private static let deepestCause = 20
    private static let mostCauses = 2000

    private init(table: LuaTable, in vm: LuaVM, depth: Int = 0, budget: inout Int) {
        var causes: [ScriptError] = []
        if depth < Self.deepestCause, let list = table["causes"]?.tableReference {
            for case (_, let entry) in vm.entries(of: list).entries {
                guard budget > 0, let cause = entry.tableReference else { continue }
                budget -= 1
                causes.append(ScriptError(table: vm.entries(of: cause), in: vm, depth: depth + 1, budget: &budget))
            }
        }
        let running: MayBeRunning =
            switch table["running"] {
            case .boolean(true): .yes
            case .string: .unknown
            default: .no
            }
        self.init(
            table["kind"]?.text.flatMap(ErrorKind.init) ?? .script,
            table["message"].map { vm.description(of: $0) } ?? "an error without a message",
            label: table["label"]?.text,
            jobID: table["job_id"]?.text,
            running: running,
            state: table["state"]?.text,
            location: table["where"]?.text,
            traceback: table["traceback"]?.text ?? "",
            causes: causes
        )
    }
}

extension LuaValue {
    /// A string, or nil.
    init(_ text: String?) {
        self = text.map { .string($0) } ?? .nil
    }
}

extension LuaMetatable {
    /// The metatables that the prelude registers.
    static let error = LuaMetatable(0)
    static let result = LuaMetatable(1)
    static let chain = LuaMetatable(2)
}
