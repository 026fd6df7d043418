import CLuaShim
import JSON

/// Writes a script's value as JSON, reading its tables level by level.
///
/// The tables that contain each other on the way down stand on the Lua stack, so that one that contains itself is
/// noticed: references to the same table differ.
struct LuaJSONEncoder {
    private let stack: LuaStack
    private let maximumLength: Int
    private var writer: JSONWriter
    private var path: [LuaKey] = []
    private var tables = 0
    /// The top of the stack before the outermost table.
    private let base: Int32

    /// What a table counts besides its text: reading one that is empty takes far longer than writing two bytes.
    private static let tableLength = 64

    init(stack: LuaStack, maximumLength: Int, isPretty: Bool) {
        self.stack = stack
        self.maximumLength = maximumLength
        writer = JSONWriter(pretty: isPretty)
        base = lvm_top(stack.state)
    }

    mutating func text(of value: LuaValue) throws(LuaCodingError) -> String {
        defer { lvm_pop(stack.state, lvm_top(stack.state) - base) }
        try write(value)
        return writer.text
    }

    private func failure(_ message: String) -> LuaCodingError { LuaCodingError(path, of: "", message) }

    private mutating func write(_ value: LuaValue) throws(LuaCodingError) {
        // The task ends then, whatever is thrown.
        if lvm_expired(stack.state) { throw failure("the time is over") }
        switch value {
        case .boolean(let flag): writer.boolean(flag)
        case .integer(let integer): writer.integer(integer)
        case .number(let number):
            guard number.isFinite else { throw failure("JSON has no number \(number)") }
            writer.number(number)
        case .string(let text): writer.string(text)
        case .bytes: throw failure("a string that is not UTF-8")
        case .handle where value.isJSONNull: writer.null()
        case .reference(let reference) where reference.kind == .table: try write(reference)
        case .nil: throw failure("there is no value: null is written json.null")
        case .table, .reference, .handle: throw failure("JSON has no \(value.typeName)")
        }
        guard writer.bytes.count + tables * Self.tableLength <= maximumLength else {
            throw failure("more than \(maximumLength) bytes of text, where a table counts \(Self.tableLength)")
        }
    }

    private mutating func write(_ reference: LuaReference) throws(LuaCodingError) {
        guard path.count < JSON.maximumDepth else { throw failure("more than \(JSON.maximumDepth) tables deep") }
        guard stack.push(.reference(reference)) else { throw failure("not enough memory") }
        let top = lvm_top(stack.state)
        for outer in base + 1..<top where lvm_raw_equal(stack.state, outer, top) {
            throw failure("the table contains itself")
        }
        tables += 1
        let isMarked = lvm_has_metatable(stack.state, top, LuaMetatable.jsonArray.number)
        try write(stack.entries(at: top), isMarked: isMarked)
        lvm_pop(stack.state, 1)
        // Their number would otherwise grow with the text, not with the table.
        stack.releaseDropped()
    }

    private mutating func write(_ table: LuaTable, isMarked: Bool) throws(LuaCodingError) {
        var isList = isMarked
        if case .integer? = table.entries.first?.key { isList = true }
        if isList {
            if let fault = table.listFault {
                throw failure("a list with \(fault): the keys of an array are exactly 1 to n")
            }
            writer.beginArray()
        } else {
            writer.beginObject()
        }
        for (key, value) in table.entries {
            guard let step = LuaKey(key) else {
                throw failure("an object with \(key.keyDescription): the keys of an object are UTF-8 strings")
            }
            if case .name(let name) = step { writer.name(name) }
            path.append(step)
            try write(value)
            path.removeLast()
        }
        if isList { writer.endArray() } else { writer.endObject() }
    }
}
