/// A table by value: one that the host builds, or one level of a script's table.
public struct LuaTable: Sendable {
    /// The entries. Read from a script they are in a fixed order: integers ascending, strings by bytes, then others.
    public var entries: [(key: LuaValue, value: LuaValue)]

    /// The metatable it gets when it is pushed.
    public var metatable: LuaMetatable?

    /// A table with any keys.
    public init(entries: [(key: LuaValue, value: LuaValue)] = [], metatable: LuaMetatable? = nil) {
        self.entries = entries
        self.metatable = metatable
    }

    /// A list: the values at 1, 2, 3, …
    public init(list: [LuaValue]) {
        self.init(entries: list.enumerated().map { (.integer(Int64($0.offset + 1)), $0.element) })
    }

    /// A record. Fields that are `nil` are left out.
    public init(fields: KeyValuePairs<String, LuaValue>, metatable: LuaMetatable? = nil) {
        self.init(metatable: metatable)
        entries.reserveCapacity(fields.count)
        for (name, value) in fields where !value.isNil { entries.append((.string(name), value)) }
    }

    /// The value of a field; `nil` when there is none.
    public subscript(field: String) -> LuaValue? {
        entries.first { $0.key.text == field }?.value
    }

    /// The entries in the fixed order.
    func sorted() -> LuaTable {
        LuaTable(entries: entries.sorted { Self.precedes($0.key, $1.key) }, metatable: metatable)
    }

    private static func precedes(_ a: LuaValue, _ b: LuaValue) -> Bool {
        switch (a, b) {
        case (.integer(let a), .integer(let b)): a < b
        case (.number(let a), .number(let b)): a < b
        case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.handle(let a), .handle(let b)): (a.kind, a.id) < (b.kind, b.id)
        default: rank(a) < rank(b)
        }
    }

    private static func rank(_ key: LuaValue) -> Int {
        switch key {
        case .integer: 0
        case .number: 1
        case .string: 2
        case .bytes: 3
        case .boolean: 4
        default: 5
        }
    }
}
