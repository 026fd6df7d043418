/// The fields of a table, in the order they are written.
struct LuaKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: LuaEncoder
    private let isStringKeyed: Bool

    init(of encoder: LuaEncoder, isStringKeyed: Bool) {
        self.encoder = encoder
        self.isStringKeyed = isStringKeyed
    }

    var codingPath: [any CodingKey] { encoder.codingPath }

    private func child(_ key: LuaKey) -> LuaEncoder { encoder.child(encoder.node.field(key), key) }

    private func child(_ key: Key) -> LuaEncoder {
        child(isStringKeyed ? .name(key.stringValue) : LuaKey(key))
    }

    func encodeNil(forKey key: Key) { child(key).encodeNil() }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try child(key).encode(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { child(.superclass) }

    func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}
