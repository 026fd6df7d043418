/// A key of a table that coding knows: the name of a field, or an index.
enum LuaKey: Hashable {
    case name(String)
    case index(Int64)

    /// The key of an entry; `nil` for keys of other types.
    init?(_ value: LuaValue) {
        switch value {
        case .string(let name): self = .name(name)
        case .integer(let index): self = .index(index)
        default: return nil
        }
    }

    /// The key that a Swift type asks for: its integer, where it has one.
    init(_ key: any CodingKey) {
        self = key.intValue.map { .index(Int64($0)) } ?? .name(key.stringValue)
    }

    var luaValue: LuaValue {
        switch self {
        case .name(let name): .string(name)
        case .index(let index): .integer(index)
        }
    }
}

extension LuaKey: CodingKey {
    init?(stringValue: String) { self = .name(stringValue) }
    init?(intValue: Int) { self = .index(Int64(intValue)) }

    var stringValue: String {
        switch self {
        case .name(let name): name
        case .index(let index): String(index)
        }
    }

    var intValue: Int? {
        if case .index(let index) = self { Int(exactly: index) } else { nil }
    }

    /// Where the contents of a superclass go that do not share the container of the subclass.
    static let superclass = LuaKey.name("super")
}

extension [LuaKey] {
    /// Values nested deeper than this are not coded: a table that contains itself has no end.
    static let maximumDepth = 100

    /// The way from a value to one inside it, as Lua spells it: `params.regions[3]["a b"]`.
    ///
    /// - Parameter root: what the value is called; may be empty.
    func spelled(from root: String) -> String {
        reduce(into: root) { text, key in
            switch key {
            case .index(let index): text += "[\(index)]"
            case .name(let name) where !name.isLuaName: text += "[\(name.debugDescription)]"
            case .name(let name): text += text.isEmpty ? name : ".\(name)"
            }
        }
    }
}

extension String {
    /// True for letters, digits and underscores that do not begin with a digit.
    fileprivate var isLuaName: Bool {
        guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
