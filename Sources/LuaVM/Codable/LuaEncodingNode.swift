/// A value under construction: containers that were handed out go on writing into it.
final class LuaEncodingNode {
    private enum Content {
        case nothing
        case value(LuaValue)
        case fields([(key: LuaKey, node: LuaEncodingNode)], positions: [LuaKey: Int])
        case list([LuaEncodingNode])
    }

    private var content = Content.nothing

    /// The value so far. A type that wrote nothing is an empty table.
    var luaValue: LuaValue {
        switch content {
        case .nothing: .table(LuaTable())
        case .value(let value): value
        case .fields(let fields, _):
            .table(
                LuaTable(
                    entries: fields.map { ($0.key.luaValue, $0.node.luaValue) }.filter { !$0.1.isNil }))
        case .list(let elements): .table(LuaTable(list: elements.map(\.luaValue)))
        }
    }

    var isNil: Bool {
        if case .value(.nil) = content { true } else { false }
    }

    /// How many elements the list has.
    var count: Int {
        if case .list(let elements) = content { elements.count } else { 0 }
    }

    func set(_ value: LuaValue) { content = .value(value) }

    /// Makes it a table with fields, which a subclass and its superclass may share.
    func becomeTable() {
        switch content {
        case .fields: break
        case .nothing: content = .fields([], positions: [:])
        case .value, .list: preconditionFailure("one value is encoded in one way")
        }
    }

    /// Makes it a list.
    func becomeList() {
        switch content {
        case .list: break
        case .nothing: content = .list([])
        case .value, .fields: preconditionFailure("one value is encoded in one way")
        }
    }

    /// A new node for a field; it takes the place of one with the same key.
    func field(_ key: LuaKey) -> LuaEncodingNode {
        guard case .fields(var fields, var positions) = content else {
            preconditionFailure("fields belong to a table")
        }
        let node = LuaEncodingNode()
        // The arrays must have one owner while they grow.
        content = .nothing
        if let position = positions[key] {
            fields[position].node = node
        } else {
            positions[key] = fields.count
            fields.append((key, node))
        }
        content = .fields(fields, positions: positions)
        return node
    }

    /// A new node at the end of the list.
    func element() -> LuaEncodingNode {
        guard case .list(var elements) = content else { preconditionFailure("elements belong to a list") }
        let node = LuaEncodingNode()
        content = .nothing
        elements.append(node)
        content = .list(elements)
        return node
    }
}
