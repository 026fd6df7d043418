extension LuaDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isAbsent }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .boolean(let flag) = value else { throw mismatch(type, expected: "boolean") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        switch value {
        case .string(let text): return text
        case .bytes: throw DecodingError.dataCorrupted(context("expected UTF-8, got string of other bytes"))
        default: throw mismatch(type, expected: "string")
        }
    }

    func decode<Number: BinaryFloatingPoint & Decodable>(_ type: Number.Type) throws -> Number {
        switch value {
        case .integer(let integer): return Number(integer)
        case .number(let number):
            let result = Number(number)
            guard result.isFinite || !number.isFinite else { throw mismatch(type, "\(number) is too large") }
            return result
        default: throw mismatch(type, expected: "number")
        }
    }

    func decode<Integer: FixedWidthInteger & Decodable>(_ type: Integer.Type) throws -> Integer {
        switch value {
        case .integer(let integer):
            guard let result = Integer(exactly: integer) else { throw outOfRange(type, "\(integer)") }
            return result
        case .number(let number):
            if let result = Integer(exactly: number) { return result }
            guard number.isFinite, number == number.rounded() else {
                throw mismatch(type, "expected integer, got \(number)")
            }
            throw outOfRange(type, "\(number)")
        default: throw mismatch(type, expected: "number")
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Self.decode(type, from: value, at: path, reading: read)
    }

    private func outOfRange<Integer: FixedWidthInteger>(_ type: Integer.Type, _ found: String) -> DecodingError {
        .dataCorrupted(context("expected integer from \(Integer.min) to \(Integer.max), got \(found)"))
    }
}
