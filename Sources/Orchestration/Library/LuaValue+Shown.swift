import LuaVM

extension LuaValue {
    /// `a table`, `nil`, `an integer`: for messages.
    var article: String {
        switch self {
        case .nil: "nil"
        case .string(let text): "\"\(text)\""
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .bytes: "a string that is not UTF-8"
        default: "a \(typeName)"
        }
    }

    /// A table's key in a message: `"name"`, `[3]`.
    var shown: String {
        switch self {
        case .string(let text): "\"\(text)\""
        case .integer(let number): "[\(number)]"
        default: "of type \(typeName)"
        }
    }

    /// What is sent for a workflow parameter: strings as they are, a whole float without `.0`, other numbers in the
    /// shortest form that reads back, `true` and `false`. `nil` for anything else.
    var parameterText: String? {
        switch self {
        case .string(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number):
            if let whole = Int64(exactly: number) { String(whole) } else { number.isFinite ? "\(number)" : nil }
        default: nil
        }
    }
}

extension LuaTable {
    /// The values of a list.
    ///
    /// - Throws: ``ArgumentError`` for a hole and for keys that are no positions, naming the place.
    func list(of what: String) throws(ArgumentError) -> [LuaValue] {
        let (list, options) = try listAndFields(of: what)
        if let field = options.first {
            throw ArgumentError("\(what) is a list; it has the field \"\(field.name)\"")
        }
        return list
    }

    /// The values at 1, 2, 3, … and the fields with names beside them.
    func listAndFields(of what: String) throws(ArgumentError) -> ([LuaValue], [(name: String, value: LuaValue)]) {
        var list: [LuaValue] = []
        var fields: [(name: String, value: LuaValue)] = []
        for (key, value) in entries {
            switch key {
            case .integer(let position) where position == Int64(list.count) + 1: list.append(value)
            case .integer(let position) where position > 0:
                throw ArgumentError("\(what) has a hole at position \(list.count + 1): its entry there is nil")
            case .string(let name): fields.append((name, value))
            default: throw ArgumentError("\(what) has a key \(key.shown): a list or options with names were expected")
            }
        }
        return (list, fields)
    }
}
