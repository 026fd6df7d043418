/// The elements of a list, one after the other.
struct LuaUnkeyedDecodingContainer: UnkeyedDecodingContainer {
    private let decoder: LuaDecoder
    private let elements: [LuaValue]
    /// From 0, as Swift counts.
    private(set) var currentIndex = 0

    init(of decoder: LuaDecoder, elements: [LuaValue]) {
        self.decoder = decoder
        self.elements = elements
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    /// Reads the current element; it is passed only when that succeeds. Beyond the end there is `nil`.
    private mutating func next<Result>(_ body: (LuaDecoder) throws -> Result) rethrows -> Result {
        let child = LuaDecoder(
            value: isAtEnd ? .nil : elements[currentIndex],
            path: decoder.path + [.index(Int64(currentIndex + 1))],
            reading: decoder.read
        )
        let result = try body(child)
        if !isAtEnd { currentIndex += 1 }
        return result
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, elements[currentIndex].isAbsent else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try $0.decode(type) } }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() -> any Decoder { next { $0 } }
}
