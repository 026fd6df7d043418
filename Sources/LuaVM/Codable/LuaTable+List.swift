extension LuaTable {
    /// What keeps a table in the fixed order from being a list, a table whose keys are exactly 1, 2, … n: `nothing at 2`
    /// or `the key a`. `nil` for a list; the empty table is one.
    var listFault: String? {
        var next: Int64 = 1
        for (key, _) in entries {
            switch key {
            case .integer(let index) where index == next: next += 1
            case .integer(let index) where index > next: return "nothing at \(next)"
            default: return key.keyDescription
            }
        }
        return nil
    }
}

extension LuaValue {
    /// What messages call a value that serves as key.
    var keyDescription: String {
        switch self {
        case .string(let name): "the key \(name)"
        case .integer(let index): "the key \(index)"
        case .number(let number): "the key \(number)"
        case .boolean(let flag): "the key \(flag)"
        case .bytes: "a key that is not UTF-8"
        default: "a \(typeName) as key"
        }
    }
}
