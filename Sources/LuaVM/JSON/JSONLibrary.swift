import CLuaShim
import JSON

/// The functions of the table `json`: see ``LuaVM/openJSON(maximumLength:)``.
struct JSONLibrary {
    let maximumLength: Int
    /// The one `json.null` of the VM.
    let null: LuaValue

    func encode(_ call: LuaCall) throws(LuaError) -> LuaValue {
        try raising("json.encode", in: call) { () throws(LuaCodingError) in
            let isPretty = try option("pretty", in: call)
            var encoder = LuaJSONEncoder(stack: call.stack, maximumLength: maximumLength, isPretty: isPretty)
            return .string(try encoder.text(of: call.argument(0)))
        }
    }

    func decode(_ call: LuaCall) throws(LuaError) -> LuaValue {
        try raising("json.decode", in: call) { () throws(LuaCodingError) in
            let keepsNull = try option("null", in: call)
            let json = try parse(call.argument(0))
            guard let value = call.stack.value(of: json, null: keepsNull ? null : .nil) else {
                throw LuaCodingError(path: "", message: "not enough memory")
            }
            return value
        }
    }

    func array(_ call: LuaCall) throws(LuaError) -> LuaValue {
        try raising("json.array", in: call) { () throws(LuaCodingError) in
            let table = call.argument(0)
            guard table.tableReference != nil else {
                throw LuaCodingError(path: "", message: "expected table, got \(table.typeName)")
            }
            guard call.stack.push(table) else { throw LuaCodingError(path: "", message: "not enough memory") }
            defer { lvm_pop(call.stack.state, 1) }
            guard lvm_set_metatable(call.stack.state, LuaMetatable.jsonArray.number) else {
                throw LuaCodingError(path: "", message: "not enough memory")
            }
            return table
        }
    }

    private func parse(_ value: LuaValue) throws(LuaCodingError) -> JSON {
        let bytes: [UInt8]
        switch value {
        case .string(let text): bytes = Array(text.utf8)
        case .bytes(let other):
            let place = JSONPlace(of: other.validUTF8Count, in: other)
            throw LuaCodingError(path: "", message: "\(place): the text is not UTF-8")
        default: throw LuaCodingError(path: "", message: "expected string, got \(value.typeName)")
        }
        guard bytes.count <= maximumLength else {
            throw LuaCodingError(path: "", message: "the text is longer than \(maximumLength) bytes")
        }
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw LuaCodingError(path: "", message: "\(JSONPlace(of: error.offset, in: bytes)): \(error.message)")
        }
    }

    /// True if the table that is the second argument switches the option on.
    private func option(_ name: String, in call: LuaCall) throws(LuaCodingError) -> Bool {
        let options = call.argument(1)
        guard !options.isNil else { return false }
        guard let table = options.tableReference else {
            throw LuaCodingError(path: "", message: "expected table of options, got \(options.typeName)")
        }
        let entries = call.entries(of: table)
        if let (key, _) = entries.entries.first(where: { $0.key.text != name }) {
            throw LuaCodingError(path: "", message: "the options have \(key.keyDescription): there is only \(name)")
        }
        return entries[name]?.isTrue ?? false
    }

    /// Turns errors into Lua's, with the line of the script and the function's name in front.
    private func raising(
        _ function: String, in call: LuaCall, _ body: () throws(LuaCodingError) -> LuaValue
    ) throws(LuaError) -> LuaValue {
        do throws(LuaCodingError) {
            return try body()
        } catch {
            let location = call.location.map { "\($0): " } ?? ""
            throw LuaError("\(location)\(function): \(error)")
        }
    }
}

extension [UInt8] {
    /// How many bytes come before the first one that is not UTF-8.
    fileprivate var validUTF8Count: Int {
        var parser = UTF8.ForwardParser()
        var bytes = makeIterator()
        var count = 0
        while case .valid(let scalar) = parser.parseScalar(from: &bytes) { count += scalar.count }
        return count
    }
}
