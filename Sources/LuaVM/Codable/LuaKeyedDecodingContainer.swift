/// The entries of a table, for a type that asks by key.
struct LuaKeyedDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: LuaDecoder
    private let isStringKeyed: Bool
    private let entries: [LuaKey: LuaValue]
    let allKeys: [Key]

    /// - Parameter entries: in the fixed order. Keys that are neither strings nor integers are passed over.
    init(of decoder: LuaDecoder, entries: [(key: LuaValue, value: LuaValue)], isStringKeyed: Bool) {
        self.decoder = decoder
        self.isStringKeyed = isStringKeyed
        let known = entries.compactMap { key, value in LuaKey(key).map { ($0, value) } }
        // As when the table is built: the last entry counts.
        self.entries = Dictionary(known, uniquingKeysWith: { $1 })
        allKeys = known.compactMap { key, _ in
            switch key {
            case .name(let name): Key(stringValue: name)
            case .index(let index): Int(exactly: index).flatMap { Key(intValue: $0) }
            }
        }
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// The key as the table has it.
    private func found(_ key: Key) -> LuaKey {
        let name = LuaKey.name(key.stringValue)
        guard !isStringKeyed, let index = key.intValue.map({ LuaKey.index(Int64($0)) }) else { return name }
        return entries[index] == nil && entries[name] != nil ? name : index
    }

    private func child(_ key: LuaKey) -> LuaDecoder {
        LuaDecoder(value: entries[key] ?? .nil, path: decoder.path + [key], reading: decoder.read)
    }

    func contains(_ key: Key) -> Bool { entries[found(key)] != nil }

    func decodeNil(forKey key: Key) -> Bool { entries[found(key)]?.isAbsent ?? true }

    // A key that is not there is `nil`, as in Lua: the type that is asked for says what it expected instead.
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try child(found(key)).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try child(found(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(found(key)).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { child(.superclass) }

    func superDecoder(forKey key: Key) -> any Decoder { child(found(key)) }
}
