/// Takes what one value of an `Encodable` type writes.
struct LuaEncoder: Encoder {
    let node: LuaEncodingNode
    let path: [LuaKey]
    /// The type that writes it, where one does.
    private let source: Any.Type

    init(node: LuaEncodingNode, path: [LuaKey], for source: Any.Type = Any.self) {
        self.node = node
        self.path = path
        self.source = source
    }

    var codingPath: [any CodingKey] { path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeTable()
        return KeyedEncodingContainer(
            LuaKeyedEncodingContainer(of: self, isStringKeyed: source is any StringKeyed.Type))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeList()
        return LuaUnkeyedEncodingContainer(of: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func child(_ node: LuaEncodingNode, _ key: LuaKey) -> LuaEncoder { LuaEncoder(node: node, path: path + [key]) }

    func failure(_ value: Any, _ message: String) -> EncodingError {
        .invalidValue(value, EncodingError.Context(codingPath: codingPath, debugDescription: message))
    }
}

extension LuaEncoder: SingleValueEncodingContainer {
    func encodeNil() { node.set(.nil) }

    func encode(_ value: Bool) { node.set(.boolean(value)) }

    func encode(_ value: String) { node.set(.string(value)) }

    func encode(_ value: some BinaryFloatingPoint & Encodable) { node.set(.number(Double(value))) }

    func encode(_ value: some FixedWidthInteger & Encodable) throws {
        guard let integer = Int64(exactly: value) else {
            throw failure(value, "expected integer from \(Int64.min) to \(Int64.max), got \(value)")
        }
        node.set(.integer(integer))
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        guard path.count <= [LuaKey].maximumDepth else {
            throw failure(value, "more than \([LuaKey].maximumDepth) values inside each other")
        }
        try value.encode(to: LuaEncoder(node: node, path: path, for: Value.self))
    }
}
