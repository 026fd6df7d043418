/// Reads one value for a type that is `Decodable`, and everything inside it on demand.
///
/// Inside it is `DecodingError` that is thrown, as the protocols promise to types that catch it.
struct LuaDecoder: Decoder {
    let value: LuaValue
    let path: [LuaKey]
    /// Reads one level of a script's table.
    let read: (LuaReference) -> LuaTable
    /// The type that reads it, where one does.
    private let target: Any.Type

    var codingPath: [any CodingKey] { path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// A decoder for a whole value.
    ///
    /// - Throws: ``LuaCodingError``, whatever the types throw.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from value: LuaValue, named name: String, reading read: @escaping (LuaReference) -> LuaTable
    ) throws(LuaCodingError) -> Value {
        do {
            return try decode(type, from: value, at: [], reading: read)
        } catch {
            throw LuaCodingError(error, of: name)
        }
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, from value: LuaValue, at path: [LuaKey], reading read: @escaping (LuaReference) -> LuaTable
    ) throws -> Value {
        try Value(from: LuaDecoder(value: value, path: path, reading: read, for: type))
    }

    init(
        value: LuaValue, path: [LuaKey], reading read: @escaping (LuaReference) -> LuaTable,
        for target: Any.Type = Any.self
    ) {
        self.value = value
        self.path = path
        self.read = read
        self.target = target
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let table = try table(for: [String: LuaValue].self, expected: "table")
        let isStringKeyed = target is any StringKeyed.Type
        if isStringKeyed, let (key, _) = table.entries.first(where: { $0.key.text == nil }) {
            throw mismatch([String: LuaValue].self, "expected table with strings as keys, got \(key.keyDescription)")
        }
        return KeyedDecodingContainer(
            LuaKeyedDecodingContainer(of: self, entries: table.entries, isStringKeyed: isStringKeyed))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let table = try table(for: [LuaValue].self, expected: "list")
        if let fault = table.listFault { throw mismatch([LuaValue].self, "expected list, got table with \(fault)") }
        return LuaUnkeyedDecodingContainer(of: self, elements: table.entries.map(\.value))
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// The entries of the value in the fixed order, without those whose value is `nil`.
    private func table(for type: Any.Type, expected: String) throws -> LuaTable {
        var table: LuaTable
        switch value {
        case .table(let made): table = made.sorted()
        case .reference(let reference) where reference.kind == .table: table = read(reference)
        default: throw mismatch(type, expected: expected)
        }
        guard path.count < [LuaKey].maximumDepth else {
            throw DecodingError.dataCorrupted(context("more than \([LuaKey].maximumDepth) tables inside each other"))
        }
        table.entries.removeAll { $0.value.isNil }
        return table
    }

    func context(_ message: String) -> DecodingError.Context {
        DecodingError.Context(codingPath: codingPath, debugDescription: message)
    }

    func mismatch(_ type: Any.Type, expected: String) -> DecodingError {
        guard !value.isAbsent else {
            return .valueNotFound(type, context("expected \(expected), got \(value.codingTypeName)"))
        }
        return mismatch(type, "expected \(expected), got \(value.codingTypeName)")
    }

    func mismatch(_ type: Any.Type, _ message: String) -> DecodingError { .typeMismatch(type, context(message)) }
}

extension LuaValue {
    /// True for `nil` and `json.null`.
    var isAbsent: Bool { isNil || isJSONNull }

    /// What messages call the type.
    fileprivate var codingTypeName: String { isJSONNull ? "json.null" : typeName }
}
