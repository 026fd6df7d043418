import LuaVM

/// Values for people.
extension RunMachine {
    /// How much of a value is read.
    private enum Most {
        static let entries = 50
        static let depth = 6
        static let values = 500
        static let characters = 2000
    }

    /// Reads a value for people. Tables inside of themselves are told, not followed.
    func shown(_ value: LuaValue) -> ShownValue {
        var left = Most.values
        return shown(value, inside: [], &left)
    }

    private func shown(_ value: LuaValue, inside outer: [LuaValue], _ left: inout Int) -> ShownValue {
        left -= 1
        switch value {
        case .string(let text): return .text(Self.quoted(text))
        case .bytes(let bytes): return .text(Self.quoted(bytes))
        case .reference(let reference) where reference.kind == .table && !isOneLine(reference):
            if outer.contains(where: { vm.isEqual($0, value) }) { return .text("{ itself }") }
            return shown(vm.entries(of: reference), inside: outer + [value], &left)
        case .reference(let reference) where reference.kind != .table: return .text("a \(value.typeName)")
        case .table(let table): return shown(table, inside: outer, &left)
        default: return .text(cut(vm.description(of: value)))
        }
    }

    /// Results, jobs that others started, errors and chains say themselves what they are.
    private func isOneLine(_ table: LuaReference) -> Bool {
        vm.table(table, has: .result) || vm.table(table, has: .error) || vm.table(table, has: .chain)
    }

    private func shown(_ table: LuaTable, inside outer: [LuaValue], _ left: inout Int) -> ShownValue {
        var list: [LuaValue] = []
        var fields: [(key: String, value: LuaValue)] = []
        for (key, value) in table.entries {
            switch key {
            case .integer(Int64(list.count) + 1): list.append(value)
            case .string(let name): fields.append((Self.key(name), value))
            default: fields.append(("[\(key.text ?? cut(vm.description(of: key)))]", value))
            }
        }
        fields.sort { $0.key < $1.key }
        let all = list.map { (key: String?.none, value: $0) } + fields.map { (key: $0.key, value: $0.value) }
        guard outer.count <= Most.depth else { return .table([], omitted: all.count) }
        var entries: [ShownValue.Entry] = []
        for (key, value) in all.prefix(Most.entries) where left > 0 {
            entries.append(ShownValue.Entry(key: key, value: shown(value, inside: outer, &left)))
        }
        return .table(entries, omitted: all.count - entries.count)
    }

    private func cut(_ text: String) -> String {
        text.count > Most.characters ? text.prefix(Most.characters) + "…" : text
    }

    /// As a constructor has it: `name`, `["a name"]`.
    private static func key(_ name: String) -> String {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) == nil || words.contains(name) ? "[\(quoted(name))]" : name
    }

    /// Bytes that are no UTF-8, as Lua reads them.
    private static func quoted(_ bytes: [UInt8]) -> String {
        let shown = bytes.prefix(Most.characters).map { byte in
            (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                ? String(Unicode.Scalar(byte)) : "\\" + escape(byte)
        }
        return "\"" + shown.joined() + "\"" + (bytes.count > Most.characters ? " …" : "")
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// A text as Lua reads it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.prefix(Most.characters) {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default:
                for scalar in character.unicodeScalars {
                    // In three digits, whatever follows.
                    let isControl = scalar.value < 0x20 || scalar.value == 0x7F
                    quoted += isControl ? "\\" + escape(UInt8(scalar.value)) : String(scalar)
                }
            }
        }
        return quoted + "\"" + (text.count > Most.characters ? " …" : "")
    }
}
