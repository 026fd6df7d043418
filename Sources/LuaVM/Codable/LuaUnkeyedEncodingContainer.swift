/// The elements of a list, one after the other.
struct LuaUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    private let encoder: LuaEncoder

    init(of encoder: LuaEncoder) {
        self.encoder = encoder
    }

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.node.count }

    private func next() -> LuaEncoder {
        let key = LuaKey.index(Int64(count + 1))
        return encoder.child(encoder.node.element(), key)
    }

    private func hole(at child: LuaEncoder) -> EncodingError {
        child.failure(Any?.none as Any, "nil would end the list: use a default value")
    }

    func encodeNil() throws { throw hole(at: next()) }

    func encode<Value: Encodable>(_ value: Value) throws {
        let child = next()
        try child.encode(value)
        if child.node.isNil { throw hole(at: child) }
    }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        next().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }

    func superEncoder() -> any Encoder { next() }
}
